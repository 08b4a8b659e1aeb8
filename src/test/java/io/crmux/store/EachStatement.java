package io.crmux.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets each statement and each commit of a call fail in turn, before it is done and after. Whoever called must be told, all or nothing must be there of each
 * transaction, and the same call must succeed when nothing fails any more.
 */
public final class EachStatement {

    /** A call, and what it is about. */
    public interface Story {

        /** Puts there what the call is to find. */
        void before(Store store);

        Future<?> call(Store store);

        /** What is there. */
        Object seen(Store store, Path file);

        /** Looks at what the store believes when the call has succeeded at last. */
        default void afterwards(Store store) {}
    }

    /** Arms a platform. */
    private interface Where {
        void arm(FaultyPlatform platform, FaultyPlatform.Fault fault);
    }

    static final long MAX_CHANGES = 40;

    private final Path folder;
    private final Story story;
    private final List<Object> states;
    private int files;

    private EachStatement(Path folder, Story story) {
        this.folder = folder;
        this.story = story;
        this.states = states();
    }

    /**
     * Tells a story as often as it has statements, twice.
     *
     * @param folder for the stores, each of which is new
     * @return what there was before the call, and after each of its commits
     */
    public static List<Object> fails(Path folder, Story story) {
        EachStatement each = new EachStatement(folder, story);
        int statements = each.failures(FaultyPlatform::fault);
        assertThat(statements).as("statements and commits").isGreaterThan(each.states.size() - 1);
        assertThat(each.failures(FaultyPlatform::faultAfterwards)).isEqualTo(statements);
        return each.states;
    }

    private List<Object> states() {
        List<Object> found = new ArrayList<>();
        boolean failed = true;
        for (int nth = 1; failed; nth++) {
            Fails commit = new Fails(nth, FaultyPlatform.COMMIT);
            failed = told((store, file, platform) -> {
                platform.fault(commit);
                Future<?> end = ended(story.call(store));
                platform.noFault();
                found.add(story.seen(store, file));
                return end.failed();
            });
        }
        return found;
    }

    private int failures(Where where) {
        int nth = 1;
        while (failsAt(nth, where)) {
            nth++;
        }
        return nth - 1;
    }

    private boolean failsAt(int nth, Where where) {
        return told((store, file, platform) -> {
            assertThat(story.seen(store, file)).isEqualTo(states.get(0));
            int commits = platform.commits();
            Fails fault = new Fails(nth, "");
            where.arm(platform, fault);
            Future<?> first = ended(story.call(store));
            platform.noFault();
            assertThat(first.failed()).as("told of %s", fault).isEqualTo(fault.happened());
            assertThat(story.seen(store, file))
                    .as("after %s", fault)
                    .isEqualTo(states.get(platform.commits() - commits));
            Awaiting.success(story.call(store));
            assertThat(story.seen(store, file)).as("at last, after %s", fault).isEqualTo(states.get(states.size() - 1));
            story.afterwards(store);
            return fault.happened();
        });
    }

    /** Something that is done with a store in which there is what the call is to find. */
    private interface Telling {
        boolean with(Store store, Path file, FaultyPlatform platform);
    }

    private boolean told(Telling telling) {
        Path file = folder.resolve(files++ + ".db");
        FaultyPlatform platform = new FaultyPlatform();
        StoreOptions options = new StoreOptions(file, StoreOptions.DEFAULTS.maxBytes(), MAX_CHANGES);
        SqliteStore store = SqliteStore.open(options, platform);
        try {
            story.before(store);
            return telling.with(store, file, platform);
        } finally {
            Awaiting.success(store.close());
        }
    }

    private static Future<?> ended(Future<?> call) {
        Awaiting.success(call.otherwiseEmpty().map(ended -> true));
        return call;
    }

    /** Fails the nth time that something with such a beginning is done. */
    private static final class Fails implements FaultyPlatform.Fault {

        private final AtomicInteger left;
        private final String beginning;
        private volatile String where = "no failure";

        Fails(int nth, String beginning) {
            this.left = new AtomicInteger(nth);
            this.beginning = beginning;
        }

        @Override
        public void at(String what) throws SQLException {
            if (what.startsWith(beginning) && left.decrementAndGet() == 0) {
                where = "a failure at " + what;
                throw new SQLException("injected");
            }
        }

        boolean happened() {
            return left.get() <= 0;
        }

        @Override
        public String toString() {
            return where;
        }
    }
}
