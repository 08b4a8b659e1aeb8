package io.crmux.gateway;

import static io.crmux.gateway.Bench.TRACE;
import static io.crmux.gateway.Bench.email;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Traits;
import io.crmux.store.ChangeBody;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Two connections are mirrored to a third, which is written to by itself, too; each has a loop of its own, and what goes from one to another is on its
 * way for a while. In every order that chance finds, the third has one order of its changes, the store's: its CRM has what was said last in that.
 */
class PublicationOrderTest {

    private static final int ROUNDS = 15;
    private static final String JANE = "jane@example.com";

    @Property(tries = 300)
    void changesArePublishedInTheOrderInWhichTheStoreHasAcceptedThem(@ForAll long seed) {
        new Story(seed).play();
    }

    private static final class Story {

        private final Random random;
        private final Bench bench = Bench.plain();
        private final DistantLoops loops;
        private final List<ModelCrm> crms = new ArrayList<>();
        private final List<Connection> connections = new ArrayList<>();
        private final List<Future<Written>> written = new ArrayList<>();

        Story(long seed) {
            random = new Random(seed);
            loops = new DistantLoops(bench.loop, random);
            open("first", "mirror");
            open("second", "mirror");
            open("mirror");
            new Gateway(connections, Map.of(), Map.of());
        }

        private void open(String name, String... mirrors) {
            Traits traits = Bench.traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES);
            ModelCrm crm = new ModelCrm(bench.loop, traits);
            crm.add("42", JANE);
            crm.delay = () -> 1 + random.nextInt(3);
            crms.add(crm);
            connections.add(bench.open(name, crm, ConnectionOptions.Mode.LIVE, List.of(mirrors), loops.open()));
        }

        void play() {
            for (int i = 0; i < ROUNDS; i++) {
                for (int writes = 1 + random.nextInt(4); writes > 0; writes--) {
                    write();
                    bench.loop.advance(random.nextInt(3));
                }
                bench.loop.advance(5_000);
                everyCrmHasWhatWasSaidLast();
            }
        }

        private void write() {
            List<String> tag = List.of("vip");
            boolean applies = random.nextBoolean();
            written.add(connections
                    .get(random.nextInt(connections.size()))
                    .changeTags(
                            email(JANE),
                            applies ? tag : List.of(),
                            applies ? List.of() : tag,
                            new WriteOptions(random.nextBoolean() ? 10_000 : 0, TRACE)));
        }

        private void everyCrmHasWhatWasSaidLast() {
            assertThat(written).allMatch(Future::succeeded);
            for (int i = 0; i < connections.size(); i++) {
                assertThat(crms.get(i).person("42").tags)
                        .as(connections.get(i).name())
                        .containsExactlyInAnyOrderElementsOf(
                                lastSaid(connections.get(i).name()));
            }
        }

        private List<String> lastSaid(String connection) {
            Map<String, Boolean> applied = new LinkedHashMap<>();
            bench.store.all().stream()
                    .map(stored -> stored.change().accepted())
                    .filter(change -> change.connection().equals(connection))
                    .map(change -> (ChangeBody.Tags) change.body())
                    .forEach(tags -> {
                        tags.apply().forEach(tag -> applied.put(tag, true));
                        tags.remove().forEach(tag -> applied.put(tag, false));
                    });
            return applied.keySet().stream().filter(applied::get).toList();
        }
    }
}
