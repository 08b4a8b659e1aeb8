package io.crmux.store;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Opens a store, says so, and keeps it. */
final class LockHolder {

    private LockHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(Path.of(arguments[0])));
        ChildProcess.say("open " + store.getClass().getSimpleName());
        new CountDownLatch(1).await();
    }
}
