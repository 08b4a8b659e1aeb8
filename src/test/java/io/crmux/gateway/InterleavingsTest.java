package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.TRACE;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;

import io.crmux.crm.CrmException;
import io.crmux.crm.Traits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Reads, writes, deliveries, failures, refreshes, purges and restarts in every order that chance finds, with time moved by hand: no read may ever
 * return a state that a write accepted under the same key, or under an alias known then, has superseded.
 *
 * <p>Only crmux writes here, so what a read must show of a tag is known exactly: what the last accepted write said of it. Every write is noted when it
 * is acknowledged; a read is judged by what was acknowledged before it was asked, unless a later write has touched the same tag meanwhile.
 */
class InterleavingsTest {

    private static final int STEPS = 120;
    private static final List<String> TAGS = List.of("a", "b", "c", "d");

    @Property(tries = 1500)
    void noReadReturnsASupersededState(@ForAll long seed) {
        new Story(seed).play();
    }

    /** One contact, 42, also known as jane@example.com, and what has been promised of it. */
    private static final class Story {

        private final Random random;
        private final long settling;
        private final Bench bench;
        /** What the last acknowledged write said of a tag, by key, and when. */
        private final Map<String, Map<String, Promised>> promised = new HashMap<>();

        private final List<String> log = new ArrayList<>();
        private boolean aliasKnown;
        private int failPercent;

        private record Promised(boolean applied, long at) {}

        Story(long seed) {
            random = new Random(seed);
            settling = random.nextBoolean() ? 0 : random.nextInt(2_000);
            bench = new Bench(
                    Bench.traits(Duration.ofMillis(settling), Traits.Creation.BY_APPLYING, Traits.Add.REFUSES), seed);
            bench.crm.add("42", "jane@example.com", "a", "b");
            bench.crm.lag = settling;
            bench.crm.delay = () -> 1 + random.nextInt(random.nextInt(5) == 0 ? 3_000 : 40);
            bench.crm.failures =
                    () -> random.nextInt(100) < failPercent ? CrmException.unavailable("scripted", 500) : null;
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                step();
                bench.loop.advance(random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(60));
            }
            failPercent = 0;
            bench.loop.advance(1_000_000);
            finallyTheCrmHasWhatWasPromised();
        }

        private void step() {
            switch (random.nextInt(20)) {
                case 0 -> failPercent = random.nextInt(3) * 40;
                case 1 -> bench.connection.purge(random.nextBoolean() ? byId() : byEmail());
                case 2 -> bench.connection.purge();
                case 3 -> bench.loop.advance(random.nextInt(1_200_000));
                case 4 -> restart();
                case 5, 6, 7, 8, 9, 10 -> write(random.nextBoolean());
                default -> read(random.nextBoolean());
            }
        }

        private void restart() {
            log.add("restart");
            bench.loop.advance(5);
            bench.restart();
            if (aliasKnown) {
                failPercent = 0;
                bench.loop.advance(10_000);
                bench.done(bench.getTags(byEmail()));
            }
        }

        private ContactRef byId() {
            return id("42");
        }

        private ContactRef byEmail() {
            return email("jane@example.com");
        }

        /** Under both keys, order holds from the moment the alias is known: until then a story writes under one key only. */
        private String key(boolean viaId) {
            return aliasKnown ? "both" : viaId ? "id" : "email";
        }

        private void write(boolean viaId) {
            boolean viaIdNow = aliasKnown ? viaId : !promised.containsKey("email") && viaId;
            if (!aliasKnown && promised.containsKey("id") && !viaIdNow) {
                return;
            }
            Set<String> apply = some();
            Set<String> remove = some();
            remove.removeAll(apply);
            if (apply.isEmpty() && remove.isEmpty()) {
                return;
            }
            log.add(bench.loop.millis() + " write " + key(viaIdNow) + " +" + apply + " -" + remove);
            Future<Written> written = bench.connection.changeTags(
                    viaIdNow ? byId() : byEmail(), List.copyOf(apply), List.copyOf(remove), NO_WAIT);
            bench.done(written);
            Map<String, Promised> known = promised.computeIfAbsent(key(viaIdNow), absent -> new HashMap<>());
            apply.forEach(tag -> known.put(tag, new Promised(true, bench.loop.millis())));
            remove.forEach(tag -> known.put(tag, new Promised(false, bench.loop.millis())));
        }

        private Set<String> some() {
            Set<String> some = new LinkedHashSet<>();
            for (String tag : TAGS) {
                if (random.nextInt(3) == 0) {
                    some.add(tag);
                }
            }
            return some;
        }

        private void read(boolean viaId) {
            Freshness asked =
                    new Freshness(Long.MAX_VALUE, Long.MAX_VALUE, random.nextInt(5) == 0, random.nextInt(8) == 0);
            Map<String, Promised> expected = expected(viaId);
            Future<Cached<ContactTags>> read = bench.connection.getTags(viaId ? byId() : byEmail(), asked, TRACE);
            log.add(bench.loop.millis() + " read " + (viaId ? "id" : "email") + (asked.noCache() ? " anew" : ""));
            read.onSuccess(answer -> judge(answer, expected, viaId));
            if (random.nextBoolean()) {
                bench.loop.advance(random.nextInt(11_000));
            }
        }

        private Map<String, Promised> expected(boolean viaId) {
            Map<String, Promised> expected = new HashMap<>();
            if (promised.containsKey("both")) {
                expected.putAll(promised.getOrDefault("id", Map.of()));
                expected.putAll(promised.getOrDefault("email", Map.of()));
                expected.putAll(promised.getOrDefault("both", Map.of()));
            } else {
                expected.putAll(promised.getOrDefault(key(viaId), Map.of()));
                if (aliasKnown) {
                    expected.putAll(promised.getOrDefault("id", Map.of()));
                    expected.putAll(promised.getOrDefault("email", Map.of()));
                }
            }
            return expected;
        }

        private void judge(Cached<ContactTags> answer, Map<String, Promised> expected, boolean viaId) {
            log.add(bench.loop.millis() + " answer " + answer.value());
            expected.forEach((tag, then) -> {
                boolean superseded = promised.values().stream()
                        .map(known -> known.get(tag))
                        .anyMatch(later -> later != null && later.at() > then.at());
                if (!superseded && answer.value().tags().contains(tag) != then.applied()) {
                    throw failure("tag " + tag + " should be " + (then.applied() ? "there" : "gone"), answer.value());
                }
            });
            if (!viaId && answer.value().id() != null) {
                aliasKnown = true;
            }
        }

        private void finallyTheCrmHasWhatWasPromised() {
            expected(true).forEach((tag, then) -> {
                if (bench.crm.person("42").tags.contains(tag) != then.applied()) {
                    throw failure("the CRM should " + (then.applied() ? "" : "not ") + "have " + tag, null);
                }
            });
            Map<String, Promised> all = new HashMap<>(promised.getOrDefault("email", Map.of()));
            all.putAll(promised.getOrDefault("both", Map.of()));
            if (((LiveConnection) bench.connection).unsettledContacts() != 0) {
                throw failure("something is left unsettled", null);
            }
        }

        private AssertionError failure(String what, @Nullable Object found) {
            return new AssertionError(what + "; found " + found + " and in the CRM " + bench.crm.person("42").tags
                    + ", settling "
                    + settling + "\n" + String.join("\n", log) + "\n" + String.join("\n", bench.crm.calls) + "\n"
                    + String.join(
                            "\n",
                            bench.store.all().stream()
                                    .map(stored -> stored.change().accepted() + " " + stored.progress())
                                    .toList()));
        }
    }
}
