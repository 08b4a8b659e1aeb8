package io.crmux.upstream;

import io.crmux.crm.Loop;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an account's counts a second after they have changed, and a time that the CRM has named at once. A crash forgets the calls of that second, and
 * nothing else. Lives on the account's loop.
 */
final class KeptCounts {

    private static final Logger LOG = LoggerFactory.getLogger(KeptCounts.class);
    private static final long KEEP_MILLIS = 1_000;

    private final Loop loop;
    private final Counters counters;
    private final String account;
    private final Pacer pacer;
    private boolean willKeep;

    KeptCounts(Loop loop, Counters counters, String account, Pacer pacer) {
        this.loop = loop;
        this.counters = counters;
        this.account = account;
        this.pacer = pacer;
    }

    /** Lays on what was kept. Never fails: an account whose counts are lost may be refused, but must not stand still. */
    Future<Void> recover() {
        return loop.bring(counters.recover(account))
                .<Void>map(kept -> {
                    kept.ifPresent(counts -> pacer.recover(counts, loop.nanos(), loop.millis()));
                    return null;
                })
                .onFailure(failure -> LOG.warn("the counts of an account's calls could not be read", failure))
                .otherwiseEmpty();
    }

    /** A call has left. */
    void changed() {
        if (!willKeep && pacer.hasLongWindows()) {
            willKeep = true;
            loop.after(KEEP_MILLIS, () -> {
                willKeep = false;
                keep();
            });
        }
    }

    /** Keeps everything now. */
    Future<Void> keep() {
        JsonObject counts = pacer.kept(loop.nanos(), loop.millis());
        return counters.keep(account, counts)
                .onFailure(failure -> LOG.warn("the counts of an account's calls could not be kept", failure));
    }
}
