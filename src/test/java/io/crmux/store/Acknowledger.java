package io.crmux.store;

import static io.crmux.store.Samples.MAIN;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/**
 * Opens a store and goes on without end: accepts three changes of a contact of their own, with a request to be remembered, lets the first one die and
 * replays it. Prints each operation that it is told is accepted, with its numbers.
 */
final class Acknowledger {

    private static final int CALLERS = 16;

    private Acknowledger() {}

    public static void main(String[] arguments) throws InterruptedException {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(Path.of(arguments[0])));
        for (int caller = 0; caller < CALLERS; caller++) {
            goOn(store);
        }
        new CountDownLatch(1).await();
    }

    /** By what the request that made an operation is remembered. */
    static IdempotencyKey key(UUID operation) {
        return new IdempotencyKey("site", MAIN, operation.toString());
    }

    /** The operation that replays the first change of another one. */
    static UUID replayOf(UUID operation) {
        return Samples.operation("replay of " + operation);
    }

    private static void goOn(SqliteStore store) {
        UUID operation = UUID.randomUUID();
        NewChange change = change(operation, operation, new ChangeBody.Tags(List.of("vip"), List.of()));
        Remembered request = new Remembered(key(operation), "request", operation, null, 1000);
        store.accept(List.of(change, change, change), request, accepted -> {})
                .compose(accepted -> {
                    say(operation, accepted);
                    return dieAndReplay(store, operation, accepted.get(0).seq());
                })
                .onSuccess(replayed -> {
                    say(replayOf(operation), replayed);
                    goOn(store);
                });
    }

    private static Future<List<Change>> dieAndReplay(SqliteStore store, UUID operation, long seq) {
        JsonObject result =
                new JsonObject().put("replayed_as", replayOf(operation).toString());
        Progress end = new Progress(seq, ChangeState.DISCARDED, 1, 3000, null, null, result, true);
        NewChange anew = change(replayOf(operation), operation, new ChangeBody.Delete());
        Identity whose = new Identity(Set.of(operation.toString()), Set.of());
        store.record(MAIN, List.of(Samples.dead(seq, 2000)), Learned.NOTHING);
        return store.replay(MAIN, new Replay(List.of(anew), List.of(end), whose, seq + 2), accepted -> {});
    }

    private static NewChange change(UUID operation, UUID contact, ChangeBody body) {
        return new NewChange(operation, MAIN, contact.toString(), null, body, 1000);
    }

    private static void say(UUID operation, List<Change> accepted) {
        StringBuilder line = new StringBuilder(operation.toString());
        accepted.forEach(each -> line.append(' ').append(each.seq()));
        ChildProcess.say(line.toString());
    }
}
