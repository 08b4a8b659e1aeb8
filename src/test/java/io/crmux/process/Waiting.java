package io.crmux.process;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process does. A limit is there only so that a broken test ends. */
final class Waiting {

    private static final long LIMIT_SECONDS = 60;

    private Waiting() {}

    static void briefly() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }

    static void until(String what, BooleanSupplier condition) {
        until(what, LIMIT_SECONDS, condition);
    }

    /** The same, for what takes longer. */
    static void until(String what, long seconds, BooleanSupplier condition) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("not so after " + seconds + " s: " + what);
            }
            briefly();
        }
    }
}
