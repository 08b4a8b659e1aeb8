package io.crmux.gateway;

import static io.crmux.gateway.Bench.TRACE;
import static io.crmux.gateway.Bench.email;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups, purges and failures in every order that chance finds, while contacts come and go in the CRM: each look-up ends with what one by itself
 * would have been answered.
 */
class LookUpStoriesTest {

    private static final int STEPS = 150;
    private static final int SLOWEST = 40;

    @Property(tries = 1000)
    void eachEndsWithWhatASingleOneWouldHaveBeenAnswered(@ForAll long seed) {
        new Story(seed).play();
    }

    private static final class Story {

        private static final List<String> ADDRESSES = List.of(
                "a@example.com",
                "b@example.com",
                "c@example.com",
                "d@example.com",
                "e@example.com",
                "f@example.com",
                "g@example.com",
                "h@refused");

        private final Random random;
        private final int most;
        private final int concurrent;
        private final Bench bench;
        private final BulkModelCrm crm;
        /** Since when whose address is whose, by address; null is nobody's. */
        private final Map<String, List<Owner>> owners = new HashMap<>();

        private final Map<String, Long> purged = new HashMap<>();
        private final List<Asked> asked = new ArrayList<>();
        private boolean failing;
        private long failedUntil;
        private int ids;

        private record Owner(@Nullable String id, long since) {}

        Story(long seed) {
            random = new Random(seed);
            most = 2 + random.nextInt(5);
            concurrent = 1 + random.nextInt(3);
            bench = Bench.bulk(most, 1, concurrent, seed);
            crm = (BulkModelCrm) bench.crm;
            crm.delay = () -> 1 + random.nextInt(SLOWEST);
            crm.failures = () -> failing && random.nextBoolean() ? CrmException.unavailable("scripted", 503) : null;
            ADDRESSES.forEach(address -> owned(address, null));
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                step(ADDRESSES.get(random.nextInt(ADDRESSES.size())));
                bench.loop.advance(random.nextInt(3) == 0 ? random.nextInt(60) : 0);
            }
            bench.loop.advance(5_000);
            asked.forEach(this::judge);
            assertThat(crm.lookedUp)
                    .allSatisfy(each -> assertThat(each).hasSizeBetween(2, most).doesNotHaveDuplicates());
            assertThat(crm.mostUnderWay).isLessThanOrEqualTo(concurrent);
        }

        private void step(String address) {
            switch (random.nextInt(20)) {
                case 0 -> fail();
                case 1 -> {
                    bench.connection.purge();
                    ADDRESSES.forEach(each -> purged.put(each, bench.loop.millis()));
                }
                case 2, 3 -> {
                    bench.connection.purge(email(address));
                    purged.put(address, bench.loop.millis());
                }
                case 4, 5, 6 -> move(address);
                default -> read(address);
            }
        }

        private void fail() {
            if (failing) {
                failedUntil = bench.loop.millis();
            }
            failing = !failing;
        }

        private void move(String address) {
            crm.people.values().removeIf(person -> address.equals(person.email()));
            String id = random.nextInt(3) == 0 ? null : "c" + ids++;
            if (id != null) {
                ModelCrm.Person person = new ModelCrm.Person(id);
                person.fields.put("email", Value.text(address));
                crm.people.put(id, person);
            }
            owned(address, id);
        }

        private void owned(String address, @Nullable String id) {
            owners.computeIfAbsent(address, absent -> new ArrayList<>()).add(new Owner(id, bench.loop.millis()));
        }

        private void read(String address) {
            boolean anew = random.nextInt(3) == 0;
            Freshness freshness = anew ? new Freshness(Long.MAX_VALUE, 0, true, false) : Freshness.ANY;
            long purge = purged.getOrDefault(address, Long.MIN_VALUE);
            Asked one = new Asked(
                    address,
                    anew,
                    anew ? bench.loop.millis() : purge,
                    bench.connection.getContactId(email(address), freshness, TRACE));
            asked.add(one);
            one.reading.onComplete(read -> {
                one.ended = bench.loop.millis();
                one.mayFail = failing || failedUntil >= one.ended - SLOWEST;
            });
        }

        private void judge(Asked one) {
            assertThat(one.reading.isComplete()).isTrue();
            if (one.reading.succeeded()) {
                Cached<ContactTags> read = one.reading.result();
                long from = read.crmUnavailable() ? Long.MIN_VALUE : read.hit() ? one.from : one.overtaken();
                assertThat(owners(one.address, from, one.ended))
                        .contains(read.value().id());
            } else if (one.reading.cause() instanceof Refusal refusal) {
                assertThat(refusal.reason()).isEqualTo(Refusal.Reason.CONTACT_NOT_FOUND);
                assertThat(owners(one.address, one.overtaken(), one.ended)).containsNull();
            } else if (CrmException.of(one.reading.cause()).kind() == CrmException.Kind.INVALID) {
                assertThat(one.address).endsWith("@refused");
            } else {
                assertThat(one.mayFail).as("the CRM was failing").isTrue();
            }
        }

        /** Whose the address was between two times. */
        private List<@Nullable String> owners(String address, long from, long to) {
            assertThat(address).doesNotEndWith("@refused");
            List<Owner> all = owners.getOrDefault(address, List.of());
            List<@Nullable String> between = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                boolean over = i + 1 < all.size() && all.get(i + 1).since() < from;
                if (!over && all.get(i).since() <= to) {
                    between.add(all.get(i).id());
                }
            }
            return between;
        }
    }

    /** A look-up that was asked for, and what is known of its end. */
    private static final class Asked {
        private final String address;
        private final boolean anew;
        private final long from;
        private final Future<Cached<ContactTags>> reading;
        private long ended;
        private boolean mayFail;

        Asked(String address, boolean anew, long from, Future<Cached<ContactTags>> reading) {
            this.address = address;
            this.anew = anew;
            this.from = from;
            this.reading = reading;
        }

        /** What was on its way back already when it was purged may still be answered, but not kept. */
        long overtaken() {
            return anew || from == Long.MIN_VALUE ? from : from - SLOWEST;
        }
    }
}
