package io.crmux.upstream;

import io.crmux.crm.Loop;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an account's counts while calls leave, and a time that the CRM has named at once. Lives on the account's loop.
 *
 * <p>Limits are kept across a restart, after a crash, too. So counts are kept at the first call and once a second, and what is kept speaks for the next two:
 * it counts calls that have not left yet. An orderly end takes that back. A window of up to a minute loses what leaves while the first call is being written
 * down, a longer one the calls of a second.
 */
final class KeptCounts {

    private static final Logger LOG = LoggerFactory.getLogger(KeptCounts.class);
    private static final long KEEP_MILLIS = 1_000;
    private static final long AHEAD_MILLIS = 2 * KEEP_MILLIS;

    private final Loop loop;
    private final Counters counters;
    private final String account;
    private final Pacer pacer;
    private boolean recovered;
    private boolean ended;
    private boolean willKeep;
    private boolean failing;
    private long mayKeepAt = Long.MIN_VALUE;

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
                .otherwiseEmpty()
                .onComplete(over -> recovered = true);
    }

    /** A call has left. */
    void changed() {
        if (pacer.isAhead()) {
            keep();
        } else if (pacer.hasLimits()) {
            keepSoon();
        }
    }

    private void keepSoon() {
        if (willKeep || ended) {
            return;
        }
        willKeep = true;
        long wait = mayKeepAt == Long.MIN_VALUE ? 0 : (mayKeepAt - loop.nanos()) / 1_000_000;
        loop.after(Math.max(1, wait), () -> {
            willKeep = false;
            keep();
        });
    }

    /** No call leaves any more. What was not read is not replaced. */
    Future<Void> end() {
        ended = true;
        return recovered ? keep() : Future.succeededFuture();
    }

    /** Keeps everything now. */
    Future<Void> keep() {
        mayKeepAt = loop.nanos() + KEEP_MILLIS * 1_000_000;
        JsonObject counts = pacer.keep(loop.nanos(), loop.millis(), ended ? 0 : AHEAD_MILLIS);
        return counters.keep(account, counts)
                .onSuccess(kept -> loop.run(() -> failing = false))
                .onFailure(failure -> loop.run(() -> notKept(failure)));
    }

    /** It may be long until the next call leaves, above all when the CRM has named a time. */
    private void notKept(Throwable failure) {
        if (!failing) {
            failing = true;
            LOG.warn("the counts of an account's calls could not be kept", failure);
        }
        keepSoon();
    }
}
