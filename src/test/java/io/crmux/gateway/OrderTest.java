package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.crmux.store.ChangeState;
import io.crmux.store.StoredChange;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many writes to many contacts, and a CRM that answers with 500, 429, resets, timeouts after it has acted, and a 400 to what is poisoned: what it ends up
 * with is what a model says that takes the writes one by one, and what it has seen of each contact was in order.
 */
class OrderTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int OPERATIONS = 100;
    private static final List<String> SHARED = List.of("a", "b", "c", "d", "e");
    private static final String POISON = "poison";

    @Test
    void aHundredThousandWritesEndAsAModelSays() {
        new Story(1_000, Traits.Add.REFUSES).play();
    }

    @ParameterizedTest
    @EnumSource
    void whateverAddingDoesToAnAddressThatIsThere(Traits.Add add) {
        new Story(50, add).play();
    }

    /** One contact, and what it is to be in the end. */
    private static final class Subject {
        final String email;
        final ContactRef ref;
        final Set<String> tags = new LinkedHashSet<>();
        String name = "";
        int written;

        Subject(String email, ContactRef ref) {
            this.email = email;
            this.ref = ref;
        }
    }

    private static final class Story {

        private final Random random = new Random(SEED);
        private final Bench bench;
        private final List<Subject> subjects;
        private final List<Future<?>> acknowledged = new ArrayList<>();
        private final Set<String> poisoned = new TreeSet<>();

        Story(int contacts, Traits.Add add) {
            bench = new Bench(Bench.traits(Duration.ZERO, Traits.Creation.BY_APPLYING, add), SEED);
            subjects = IntStream.range(0, contacts)
                    .mapToObj(i -> i % 2 == 0 ? known(i) : new Subject(email(i), Bench.email(email(i))))
                    .collect(Collectors.toCollection(ArrayList::new));
            Faults faults = new Faults(random, 10, 10);
            bench.crm.failures = () ->
                    bench.crm.calls.get(bench.crm.calls.size() - 1).contains(POISON)
                            ? CrmException.of(CrmException.Kind.INVALID, "poisoned", 400)
                            : faults.failure();
            bench.crm.losses = faults::loss;
        }

        private static String email(int number) {
            return "c" + number + "@example.com";
        }

        private Subject known(int number) {
            bench.crm.add("k" + number, email(number));
            return new Subject(email(number), id("k" + number));
        }

        void play() {
            List<Subject> writing = new ArrayList<>(subjects);
            while (!writing.isEmpty()) {
                int chosen = random.nextInt(writing.size());
                Subject subject = writing.get(chosen);
                acknowledged.add(write(subject));
                if (++subject.written == OPERATIONS) {
                    writing.set(chosen, writing.get(writing.size() - 1));
                    writing.remove(writing.size() - 1);
                }
                bench.loop.advance(random.nextInt(4));
            }
            for (int hour = 0; hour < 10; hour++) {
                bench.loop.advance(3_600_000);
            }
            assertThat(acknowledged.stream().allMatch(Future::succeeded))
                    .as("all acknowledged, seed %d", SEED)
                    .isTrue();
            assertContacts();
            assertFates();
            assertOrder();
        }

        private Future<?> write(Subject subject) {
            if (subject.written == 0 && subject.ref instanceof ContactRef.ByEmail) {
                return bench.add(subject.email, 0);
            }
            return switch (random.nextInt(10)) {
                case 0, 1 -> rename(subject);
                case 2, 3, 4 -> tags(subject, Set.of(), Set.of(shared()));
                case 5 -> random.nextInt(10) == 0 ? poison(subject) : tags(subject, Set.of(shared()), Set.of());
                case 6, 7 -> tags(subject, Set.of(shared()), Set.of());
                default -> tags(subject, Set.of(numbered(subject.written)), Set.of());
            };
        }

        private String shared() {
            return SHARED.get(random.nextInt(SHARED.size()));
        }

        private static String numbered(int number) {
            return "n" + number;
        }

        private Future<?> rename(Subject subject) {
            subject.name = "name " + subject.written;
            return bench.connection.updateContact(
                    subject.ref, new JsonObject().put("first_name", subject.name), true, NO_WAIT);
        }

        private Future<?> tags(Subject subject, Set<String> apply, Set<String> remove) {
            subject.tags.addAll(apply);
            subject.tags.removeAll(remove);
            return bench.connection.changeTags(subject.ref, List.copyOf(apply), List.copyOf(remove), NO_WAIT);
        }

        /** Of a poisoned write nothing is done, not what is sound in it either. */
        private Future<?> poison(Subject subject) {
            return bench.connection
                    .changeTags(subject.ref, List.of(POISON + subject.written, shared()), List.of(), NO_WAIT)
                    .onSuccess(written -> poisoned.add(written.operation()));
        }

        private void assertContacts() {
            assertThat(bench.crm.people.size())
                    .as("no contact twice, seed %d", SEED)
                    .isEqualTo(subjects.size());
            Map<String, ModelCrm.Person> people = bench.crm.people.values().stream()
                    .collect(Collectors.toMap(person -> String.valueOf(person.email()), person -> person));
            for (Subject subject : subjects) {
                ModelCrm.Person person = Objects.requireNonNull(people.get(subject.email));
                assertThat(person.tags)
                        .as("tags of %s, seed %d", subject.email, SEED)
                        .containsExactlyInAnyOrderElementsOf(subject.tags);
                Value name = person.fields.getOrDefault("first", Value.text(""));
                assertThat(name.asText())
                        .as("name of %s, seed %d", subject.email, SEED)
                        .isEqualTo(subject.name);
            }
        }

        private void assertFates() {
            Set<String> dead = new TreeSet<>();
            for (StoredChange stored : bench.store.all()) {
                ChangeState state = stored.progress().state();
                assertThat(state).as("seed %d", SEED).isIn(ChangeState.DELIVERED, ChangeState.DEAD);
                if (state == ChangeState.DEAD) {
                    dead.add(stored.change().accepted().operation().toString());
                    assertThat(String.valueOf(stored.progress().problem())).contains("poisoned");
                }
            }
            assertThat(dead).as("seed %d", SEED).isEqualTo(poisoned).hasSizeGreaterThan(subjects.size() / 10);
        }

        /** A tag with a number is applied once by the site: the first time that the CRM sees it tells the order. */
        private void assertOrder() {
            Map<String, Integer> last = new HashMap<>();
            Set<String> seen = new LinkedHashSet<>();
            for (String call : bench.crm.carriedOut) {
                String[] parts = call.split(" ", 3);
                if (!parts[0].equals("apply_tags")) {
                    continue;
                }
                for (String tag : parts[2].substring(1, parts[2].length() - 1).split(", ")) {
                    if (tag.startsWith("n") && seen.add(parts[1] + tag)) {
                        int number = Integer.parseInt(tag.substring(1));
                        Integer before = last.put(parts[1], number);
                        assertThat(before == null || before < number)
                                .as("%s after %s, seed %d", call, before, SEED)
                                .isTrue();
                    }
                }
            }
            assertThat(last).as("seed %d", SEED).hasSize(subjects.size());
        }
    }
}
