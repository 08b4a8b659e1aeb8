package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Contacts that take over each other's addresses, and a mirror that is often down, or both CRMs: in the end it has the same contacts as the main CRM, with
 * the same tags.
 */
class MirrorsAgreeTest {

    private static final List<String> ADDRESSES =
            List.of("a@example.com", "b@example.com", "c@example.com", "d@example.com");

    /** A contact as the site knows it. */
    private static final class Known {

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
        private final ModelCrm mirror;
        private final Random random;
        private final boolean idsChange;
        /** Then addresses are not forgotten: nobody could ask for them. */
        private final boolean mainIsDownToo;

        private final List<Known> people = new ArrayList<>();
        private final List<String> told = new ArrayList<>();
        private int tags;

        Story(long seed, boolean mainIsDownToo) {
            this.mainIsDownToo = mainIsDownToo;
            random = new Random(seed);
            bench = random.nextBoolean() ? Bench.mirrored() : Bench.mirroredToAddresses();
            mirror = Objects.requireNonNull(bench.mirrorCrm);
            idsChange = random.nextInt(3) == 0;
            if (idsChange) {
                bench.crm.idOfAddress = address -> "id-of-" + address;
            }
            for (String address : ADDRESSES.subList(0, 2)) {
                String id = idsChange ? "id-of-" + address : "first-" + address;
                bench.crm.add(id, address);
                mirror.add("m-" + address, address);
                people.add(new Known(id, address));
                if (mainIsDownToo) {
                    bench.apply(email(address), "known");
                }
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
            switch (random.nextInt(mainIsDownToo ? 13 : 12)) {
                case 0, 1, 2 -> tag();
                case 3, 4, 5 -> move();
                case 6, 7 -> add();
                case 8 -> {
                    tell("mirror down");
                    mirror.failures = () -> CrmException.unavailable("down", 500);
                }
                case 9 -> {
                    if (random.nextBoolean()) {
                        tell("mirror up");
                        mirror.failures = () -> null;
                    } else {
                        tell("mirror half up");
                        mirror.failures =
                                () -> mirror.calls.get(mirror.calls.size() - 1).startsWith("apply_tags")
                                        ? CrmException.unavailable("down", 500)
                                        : null;
                    }
                }
                case 10 -> {
                    tell("restart");
                    bench.restart();
                }
                default -> {
                    if (mainIsDownToo) {
                        mainIsDownOrUp();
                    } else {
                        forget();
                    }
                }
            }
            bench.loop.advance(random.nextInt(4) == 0 ? 60_000 : 5_000);
        }

        private void mainIsDownOrUp() {
            boolean down = random.nextBoolean();
            tell(down ? "main down" : "main up");
            bench.crm.failures = () -> down ? CrmException.unavailable("down", 500) : null;
        }

        private void forget() {
            tell("forget");
            people.forEach(known -> {
                bench.memory().addresses().drop(Objects.requireNonNull(known.id));
                bench.memory().ids().drop(new Address(known.address));
            });
        }

        private void tag() {
            Known known = any(people);
            ContactRef ref = ref(known);
            String tag = "t" + tags++;
            tell("tag " + said(ref) + " " + tag);
            bench.apply(ref, tag);
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
            if (idsChange) {
                known.id = mainIsDownToo ? null : "id-of-" + to;
            }
        }

        private void add() {
            if (free().isEmpty()) {
                return;
            }
            String address = any(free());
            String tag = "t" + tags++;
            tell("add " + address + " " + tag);
            String id = bench.done(bench.add(address, 10_000, tag)).id();
            people.add(new Known(id, address));
        }

        void end(long seed) {
            bench.crm.failures = () -> null;
            mirror.failures = () -> null;
            bench.loop.advance(600_000);
            assertThat(tagsByAddress(mirror)).as("seed %s: %s", seed, told).isEqualTo(tagsByAddress(bench.crm));
        }

        private static Map<String, TreeSet<String>> tagsByAddress(ModelCrm crm) {
            Map<String, TreeSet<String>> tags = new TreeMap<>();
            crm.people.values().forEach(person -> {
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
    @CsvSource({
        "0, false", "200, false", "400, false", "600, false",
        "0, true", "200, true", "400, true", "600, true"
    })
    void aMirrorEndsUpWithWhatTheMainCrmHas(long first, boolean mainIsDownToo) {
        for (long seed = first; seed < first + 200; seed++) {
            Story story = new Story(seed, mainIsDownToo);
            for (int i = 0; i < 25; i++) {
                story.step();
            }
            story.end(seed);
        }
    }
}
