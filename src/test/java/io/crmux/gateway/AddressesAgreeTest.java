package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.Traits;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contacts that take over each other's addresses, before a CRM that is often down: in the end each person has the last address and all the tags that the site gave it. */
class AddressesAgreeTest {

    private static final List<String> ADDRESSES =
            List.of("a@example.com", "b@example.com", "c@example.com", "d@example.com");

    /** A person as the site knows it. */
    private static final class Known {

        private final TreeSet<String> tags = new TreeSet<>();
        private @Nullable String id;
        private String address;

        Known(@Nullable String id, String address) {
            this.id = id;
            this.address = address;
        }
    }

    /** One story. */
    private static final class Story {

        private final Bench bench;
        private final Random random;
        private final boolean idsChange;
        private final List<Known> people = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private int tags;

        Story(long seed) {
            random = new Random(seed);
            Traits.Add add = random.nextBoolean() ? Traits.Add.REFUSES : Traits.Add.UPSERTS;
            boolean lags = random.nextInt(3) == 0;
            Duration settling = lags ? Duration.ofSeconds(3) : Duration.ZERO;
            bench = new Bench(Bench.traits(settling, Traits.Creation.BY_APPLYING, add), seed);
            bench.crm.lag = lags ? 2_000 : 0;
            idsChange = !lags && random.nextInt(4) == 0;
            if (idsChange) {
                bench.crm.idOfAddress = address -> "id-of-" + address;
            }
            for (String address : ADDRESSES.subList(0, 2)) {
                String id = idsChange ? "id-of-" + address : "first-" + address;
                bench.crm.add(id, address);
                Known known = new Known(id, address);
                people.add(known);
                bench.apply(email(address), "known");
                known.tags.add("known");
            }
            bench.loop.advance(10_000);
        }

        private void tell(String what) {
            told.add(what);
        }

        private ContactRef ref(Known known) {
            String id = known.id;
            return id != null && random.nextBoolean() ? id(id) : email(known.address);
        }

        private static String said(ContactRef ref) {
            return ref instanceof ContactRef.ByEmail byEmail
                    ? byEmail.address().written()
                    : ((ContactRef.ById) ref).id();
        }

        private List<String> free() {
            return ADDRESSES.stream()
                    .filter(address -> people.stream().noneMatch(known -> known.address.equals(address)))
                    .toList();
        }

        private <T> T any(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> tag();
                case 3, 4, 5 -> move();
                case 6, 7 -> add();
                case 8, 9 -> {
                    tell("down");
                    bench.crm.failures = () -> CrmException.unavailable("down", 500);
                }
                case 10 -> {
                    tell("up");
                    bench.crm.failures = () -> null;
                }
                default -> {
                    tell("restart");
                    bench.restart();
                }
            }
            bench.loop.advance(random.nextInt(4) == 0 ? 60_000 : random.nextInt(300));
        }

        private void tag() {
            Known known = any(people);
            ContactRef ref = ref(known);
            String tag = "t" + tags++;
            tell("tag " + said(ref) + " " + tag);
            bench.apply(ref, tag);
            known.tags.add(tag);
        }

        private void move() {
            if (free().isEmpty()) {
                return;
            }
            Known known = any(people);
            String to = any(free());
            ContactRef ref = ref(known);
            tell("move " + said(ref) + " " + to);
            bench.done(bench.connection.updateContact(ref, new JsonObject().put("user_email", to), true, NO_WAIT));
            known.address = to;
            known.id = idsChange ? null : known.id;
        }

        private void add() {
            if (free().isEmpty()) {
                return;
            }
            String address = any(free());
            String tag = "t" + tags++;
            tell("add " + address + " " + tag);
            String id = bench.done(bench.add(address, random.nextInt(2) * 10_000, tag))
                    .id();
            Known added = new Known(idsChange ? null : id, address);
            added.tags.add(tag);
            people.add(added);
        }

        void end(long seed) {
            bench.crm.failures = () -> null;
            bench.loop.advance(600_000);
            Map<String, TreeSet<String>> expected = new TreeMap<>();
            people.forEach(known -> expected.put(known.address, known.tags));
            assertThat(inTheCrm()).as("seed %s: %s", seed, told).isEqualTo(expected);
        }

        private Map<String, TreeSet<String>> inTheCrm() {
            Map<String, TreeSet<String>> tags = new TreeMap<>();
            bench.crm.people.values().forEach(person -> {
                String address = String.valueOf(person.email());
                while (tags.containsKey(address)) {
                    address += " again";
                }
                tags.put(address, new TreeSet<>(person.tags));
            });
            return tags;
        }
    }

    /** A seed that fails is named, with its story. */
    @ParameterizedTest
    @ValueSource(longs = {0, 100, 200, 300})
    void eachEndsUpWithItsOwn(long first) {
        for (long seed = first; seed < first + 100; seed++) {
            Story story = new Story(seed);
            for (int i = 0; i < 25; i++) {
                story.step();
            }
            story.end(seed);
        }
    }
}
