package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The CRM is down for four hours, and sites go on writing. */
class OutageTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final long MINUTE = 60_000;
    private static final int MINUTES = 4 * 60;
    private static final int CONTACTS = 200;
    private static final int WRITES_PER_MINUTE = 10;
    private static final int TAGS = 50;
    private static final long LONGEST_BACKOFF = 5 * MINUTE;
    /** While the CRM is down one call at a time tries it: who is due waits for that. */
    private static final long TURN = 1_000;

    private final Random random = new Random(SEED);
    private final Bench bench = Bench.plain();
    private final List<Future<Written>> written = new ArrayList<>();
    private final Set<String> applied = new TreeSet<>();
    private final Map<String, List<Long>> attempts = new HashMap<>();

    @BeforeEach
    void beDownUnderWrites() {
        IntStream.range(0, CONTACTS).forEach(i -> bench.crm.add("c" + i, "c" + i + "@example.com"));
        bench.crm.failures = this::down;
        for (int minute = 0; minute < MINUTES; minute++) {
            for (int i = 0; i < WRITES_PER_MINUTE; i++) {
                String contact = "c" + random.nextInt(CONTACTS);
                String tag = "t" + random.nextInt(TAGS);
                applied.add(contact + " " + tag);
                written.add(bench.connection.changeTags(id(contact), List.of(tag), List.of(), NO_WAIT));
                bench.loop.advance(MINUTE / WRITES_PER_MINUTE);
            }
        }
    }

    private CrmException down() {
        String[] call = bench.crm.calls.get(bench.crm.calls.size() - 1).split(" ", -1);
        if (call[0].equals("apply_tags")) {
            attempts.computeIfAbsent(call[1], first -> new ArrayList<>()).add(bench.loop.millis());
        }
        return switch (random.nextInt(3)) {
            case 0 -> CrmException.unavailable("down for maintenance", 503);
            case 1 -> CrmException.unanswered(Kind.UNAVAILABLE, "no connection", false);
            default -> CrmException.unanswered(Kind.TIMEOUT, "no answer in time", true);
        };
    }

    @Test
    void everythingIsDeliveredAfterwardsHoweverOftenItWasTried() {
        assertThat(written.stream().allMatch(Future::succeeded))
                .as("all acknowledged")
                .isTrue();
        assertThat(count(ChangeState.QUEUED)).as("seed %d", SEED).isEqualTo(written.size());
        assertThat(bench.store.all().stream()
                        .mapToInt(stored -> stored.progress().attempts())
                        .max()
                        .orElse(0))
                .as("attempts, seed %d", SEED)
                .isGreaterThan(50);

        bench.crm.failures = () -> null;
        bench.loop.advance(2 * LONGEST_BACKOFF);
        assertThat(count(ChangeState.DELIVERED)).as("seed %d", SEED).isEqualTo(written.size());
        Set<String> tags = new TreeSet<>();
        bench.crm.people.values().forEach(person -> person.tags.forEach(tag -> tags.add(person.id + " " + tag)));
        assertThat(tags).as("seed %d", SEED).isEqualTo(applied);
    }

    private long count(ChangeState state) {
        return bench.store.all().stream()
                .filter(stored -> stored.progress().state() == state)
                .count();
    }

    @Test
    void attemptsAreSpacedByABackoffThatDoublesUpToFiveMinutesWithFullJitter() {
        List<Long> early = new ArrayList<>();
        List<Long> late = new ArrayList<>();
        attempts.values().forEach(times -> {
            for (int i = 1; i < times.size(); i++) {
                long gap = times.get(i) - times.get(i - 1);
                assertThat(gap).as("attempt %d, seed %d", i, SEED).isLessThanOrEqualTo(most(i) + TURN);
                (i <= 3 ? early : late).add(gap);
            }
        });
        List<Long> atTheLongest = late.subList(late.size() / 2, late.size());
        assertThat(mean(early)).as("seed %d", SEED).isBetween(500.0, 2_500.0);
        assertThat(mean(late)).as("seed %d", SEED).isBetween(LONGEST_BACKOFF * 0.3, LONGEST_BACKOFF * 0.6);
        assertThat(new TreeSet<>(late)).as("no two at one pace, seed %d", SEED).hasSizeGreaterThan(late.size() / 2);
        assertThat(atTheLongest.stream()
                                .filter(gap -> gap < LONGEST_BACKOFF / 4)
                                .count()
                        * 1.0
                        / atTheLongest.size())
                .as("the share of short ones, seed %d", SEED)
                .isBetween(0.15, 0.4);
    }

    /** The longest wait before the i-th repetition. */
    private static long most(int i) {
        return Math.min(LONGEST_BACKOFF, 1_000L << Math.min(9, i - 1));
    }

    private static double mean(List<Long> gaps) {
        return gaps.stream().mapToLong(gap -> gap).average().orElse(0);
    }
}
