package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.Traits;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contacts that take over each other's addresses, before a CRM that is often down: in the end each person has the last address and all the tags that the site gave it. */
class AddressesAgreeTest {

    /** One story. */
    private static final class Story extends AddressStory {

        private final boolean idsChange;

        Story(long seed) {
            this(new Random(seed), seed);
        }

        private Story(Random random, long seed) {
            super(random, bench(random, seed));
            idsChange = bench.crm.lag == 0 && random.nextInt(4) == 0;
            begin(idsChange, true);
        }

        private static Bench bench(Random random, long seed) {
            Traits.Add add = random.nextBoolean() ? Traits.Add.REFUSES : Traits.Add.UPSERTS;
            boolean lags = random.nextInt(3) == 0;
            Duration settling = lags ? Duration.ofSeconds(3) : Duration.ZERO;
            Bench bench = new Bench(Bench.traits(settling, Traits.Creation.BY_APPLYING, add), seed);
            bench.crm.lag = lags ? 2_000 : 0;
            return bench;
        }

        @Override
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

        @Override
        @Nullable
        String idAfterMove(Known known, String to) {
            return idsChange ? null : known.id;
        }

        @Override
        @Nullable
        String idOfAdded(@Nullable String id) {
            return idsChange ? null : id;
        }

        @Override
        long waitForAddition() {
            return random.nextInt(2) * 10_000;
        }

        @Override
        void end(long seed) {
            bench.crm.failures = () -> null;
            bench.loop.advance(600_000);
            Map<String, TreeSet<String>> expected = new TreeMap<>();
            people.forEach(known -> expected.put(known.address, known.tags));
            assertThat(tagsByAddress(bench.crm)).as("seed %s: %s", seed, told).isEqualTo(expected);
        }
    }

    /** Stories that once ended wrong. */
    @ParameterizedTest
    @ValueSource(longs = {2479, 2489, 17040, 19970, 23166})
    void eachEndsUpWithItsOwnAgain(long seed) {
        new Story(seed).tell(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100, 1200, 5301100})
    void eachEndsUpWithItsOwnThoughAnswersAreLost(long first) {
        for (long seed = first; seed < first + 100; seed++) {
            Story story = new Story(seed);
            story.loseAnswers(seed);
            story.tell(seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100})
    void eachEndsUpWithItsOwnThoughItsAddressIsToldAgain(long first) {
        for (long seed = first; seed < first + 100; seed++) {
            Story story = new Story(seed);
            story.tellAddresses(seed);
            story.tell(seed);
        }
    }

    /** A seed that fails is named, with its story. */
    @ParameterizedTest
    @ValueSource(longs = {0, 100, 200, 300})
    void eachEndsUpWithItsOwn(long first) {
        for (long seed = first; seed < first + 100; seed++) {
            new Story(seed).tell(seed);
        }
    }
}
