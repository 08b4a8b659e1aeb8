package io.crmux.store;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store takes no more changes, which the log tells once when it begins and once when it ends. It ends only when there is room for more than
 * one change: a full store has room for one whenever one is settled.
 */
final class Fullness {

    private static final Logger LOG = LoggerFactory.getLogger(Fullness.class);

    private final AtomicBoolean full = new AtomicBoolean();

    boolean isFull() {
        return full.get();
    }

    void filled(StoreFullException why) {
        if (full.compareAndSet(false, true)) {
            LOG.warn("no more changes are accepted until there is room: {}", why.getMessage());
        }
    }

    void emptied() {
        if (full.compareAndSet(true, false)) {
            LOG.info("there is room in the store, changes are accepted again");
        }
    }
}
