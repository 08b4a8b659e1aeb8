package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Traits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The CRM does what it is asked, and in 30 of 100 calls nobody hears of it. */
class LostAnswersTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int LOST_PERCENT = 30;
    private static final int CALLS = 100_000;
    private static final int CONTACTS = 1_000;

    private final Random random = new Random(SEED);

    private Bench bench(Duration settling, Traits.Add add) {
        Bench bench = new Bench(Bench.traits(settling, Traits.Creation.BY_APPLYING, add), SEED);
        bench.crm.lag = settling.toMillis();
        bench.crm.losses = new Faults(random, 0, LOST_PERCENT)::loss;
        return bench;
    }

    @ParameterizedTest
    @EnumSource
    void ofAHundredThousandCallsNoneMakesAContactTwiceOrLosesATag(Traits.Add add) {
        Bench bench = bench(Duration.ZERO, add);
        List<String> tags = writeUntil(bench, CONTACTS, CALLS);
        assertEachContactOnceWith(bench, CONTACTS, tags);
    }

    /** The CRM's searches lag: a contact that was made and not heard of is not found at once. */
    @ParameterizedTest
    @EnumSource
    void norWhenSearchesLag(Traits.Add add) {
        Bench bench = bench(Duration.ofSeconds(3), add);
        List<String> tags = writeUntil(bench, 30, 600);
        assertEachContactOnceWith(bench, 30, tags);
    }

    /** Adds contacts and applies one tag after the other to all of them, until the CRM was called so often. @return the tags */
    private List<String> writeUntil(Bench bench, int contacts, int calls) {
        List<Future<?>> acknowledged = new ArrayList<>();
        IntStream.range(0, contacts).forEach(i -> acknowledged.add(bench.add(address(i), 0, "first")));
        List<String> tags = new ArrayList<>(List.of("first"));
        while (bench.crm.calls.size() < calls) {
            assertThat(tags.size()).as("the CRM is called, seed %d", SEED).isLessThan(20 * calls / contacts);
            String tag = "tag-" + tags.size();
            tags.add(tag);
            IntStream.range(0, contacts).forEach(i -> {
                acknowledged.add(bench.connection.changeTags(email(address(i)), List.of(tag), List.of(), NO_WAIT));
                bench.loop.advance(random.nextInt(10));
            });
        }
        bench.loop.advance(3_600_000);
        assertThat(acknowledged.stream().allMatch(Future::succeeded))
                .as("all acknowledged, seed %d", SEED)
                .isTrue();
        return tags;
    }

    private static String address(int number) {
        return "c" + number + "@example.com";
    }

    private static void assertEachContactOnceWith(Bench bench, int contacts, List<String> tags) {
        assertThat(bench.crm.people.size()).as("contacts, seed %d", SEED).isEqualTo(contacts);
        for (ModelCrm.Person person : bench.crm.people.values()) {
            assertThat(person.tags).as("%s, seed %d", person.email(), SEED).containsExactlyInAnyOrderElementsOf(tags);
        }
        assertThat(((LiveConnection) bench.connection).unsettledContacts())
                .as("seed %d", SEED)
                .isZero();
    }
}
