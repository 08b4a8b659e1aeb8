package io.crmux.gateway.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private static int taken(Places places, String key, int asked) {
        int taken = 0;
        for (int i = 0; i < asked; i++) {
            if (places.isFreeFor(key)) {
                places.take(key);
                taken++;
            }
        }
        return taken;
    }

    @Test
    void aKeyAloneHasAllPlacesAndOthersTheirShareAllTheSame() {
        Places places = new Places(60);
        assertThat(taken(places, "a", 100)).isEqualTo(60);
        assertThat(taken(places, "b", 100)).isEqualTo(30);
        assertThat(taken(places, "c", 100)).isEqualTo(20);
        assertThat(taken(places, "a", 100)).isZero();
    }

    @Test
    void whatIsReleasedMayBeTakenAgain() {
        Places places = new Places(2);
        assertThat(taken(places, "a", 3)).isEqualTo(2);
        assertThat(taken(places, "b", 3)).isEqualTo(1);
        places.release("b");
        assertThat(taken(places, "a", 3)).isZero();
        places.release("a");
        assertThat(taken(places, "a", 3)).isEqualTo(1);
    }

    /** Whoever comes and goes, in whatever order. */
    @Property
    void whoHoldsLessThanAnEvenShareGetsInAndAllTogetherAreBounded(
            @ForAll @IntRange(min = 1, max = 50) int most,
            @ForAll @IntRange(min = 1, max = 8) int keys,
            @ForAll long seed) {
        Places places = new Places(most);
        Random random = new Random(seed);
        int[] held = new int[keys];
        int bound = IntStream.rangeClosed(1, keys).map(i -> (most + i - 1) / i).sum();
        for (int step = 0; step < 500; step++) {
            int key = random.nextInt(keys);
            if (random.nextInt(3) == 0) {
                if (held[key] > 0) {
                    places.release("key" + key);
                    held[key]--;
                }
                continue;
            }
            boolean free = places.isFreeFor("key" + key);
            if (IntStream.of(held).sum() < most || held[key] * keys < most) {
                assertThat(free).isTrue();
            }
            if (free) {
                places.take("key" + key);
                held[key]++;
            }
            assertThat(IntStream.of(held).sum()).isLessThanOrEqualTo(bound);
            assertThat(held[key]).isLessThanOrEqualTo(most);
        }
    }
}
