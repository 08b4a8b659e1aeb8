package io.crmux.store;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Opens a store and accepts changes without end, three to an operation; prints each operation that it is told is accepted, with its numbers. */
final class Acknowledger {

    private static final int CALLERS = 16;

    private Acknowledger() {}

    public static void main(String[] arguments) throws InterruptedException {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(Path.of(arguments[0])));
        for (int caller = 0; caller < CALLERS; caller++) {
            acceptNext(store);
        }
        new CountDownLatch(1).await();
    }

    private static void acceptNext(SqliteStore store) {
        NewChange change = Samples.tags(UUID.randomUUID().toString());
        store.accept(List.of(change, change, change)).onSuccess(accepted -> {
            StringBuilder line = new StringBuilder(change.operation().toString());
            accepted.forEach(each -> line.append(' ').append(each.seq()));
            ChildProcess.say(line.toString());
            acceptNext(store);
        });
    }
}
