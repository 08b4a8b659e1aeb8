package io.crmux.upstream;

import io.crmux.crm.Authentication;
import io.crmux.crm.Backoff;
import io.crmux.crm.Connector;
import io.crmux.crm.Credentials;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.LogIn;
import io.crmux.crm.Loop;
import io.crmux.crm.OAuth;
import io.crmux.crm.Settings;
import io.crmux.crm.TokenSource;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of one account. It is got when a request needs it, renewed by one call at a time before it ends or when the CRM says that it has ended, and
 * stored before it is used. Lives on the account's loop.
 *
 * <p>A renewal that fails for now is tried again with growing waits, for as long as requests ask for it. When the settings are not accepted it is tried once a
 * minute. When what is held is good for nothing any more, an operator must connect again: that is said at once, and nothing is tried until then.
 *
 * <p>Where a refresh token works once and its answer was lost (with the network, or with this process before it was stored), the former one is tried: some
 * CRMs let it work again. Others do not, and then it is said that the connection needs to be connected again.
 */
final class Tokens implements Signing {

    private static final Logger LOG = LoggerFactory.getLogger("io.crmux.activity");
    private static final Backoff BACKOFF = new Backoff(1_000, 60_000);
    /** An endpoint that names a later time is asked again after this. */
    private static final long LONGEST_TOLD_MILLIS = 3_600_000;

    private static final long PROBE_MILLIS = 60_000;
    /** A token that the CRM rejects so soon has not ended: it is not good for what was asked. */
    private static final long LEAST_AGE_MILLIS = 30_000;
    /** How soon those that wait look again whether an operator has connected it. */
    private static final long LOOK_AGAIN_MILLIS = 5_000;
    /** So often a token is renewed though nobody asks for it: refresh tokens end when they lie idle. */
    private static final long IDLE_MILLIS = 86_400_000;

    private final Loop loop;
    private final String connection;
    private final Renewal renewal;
    private final @Nullable OAuthClient byOperator;
    private final TokenStore store;
    private final Metrics metrics;
    private final RandomGenerator random;
    private final Connecting connecting;
    private Runnable changed = () -> {};
    private @Nullable Held held;
    private int generation;
    private boolean isSpent;
    private boolean isBusy;
    private int failedInARow;
    private long notBefore;
    private @Nullable CrmException failure;
    private Loop.@Nullable Timer idle;

    /** The token of an account that needs one; null where the settings are all that it takes. */
    static @Nullable Tokens open(
            Loop loop, Way way, Connector connector, TokenStore store, Metrics metrics, RandomGenerator random) {
        Authentication authentication = connector.descriptor().authentication();
        TokenSource source = authentication.tokens(way.settings());
        if (source instanceof LogIn logIn) {
            Renewal renewal = new LogInRenewal(logIn, connector, way, loop);
            return new Tokens(loop, way.connection(), renewal, null, store, metrics, random);
        }
        if (source instanceof OAuth oauth) {
            OAuthClient client = new OAuthClient(authentication, way, loop);
            return new Tokens(
                    loop, way.connection(), client, oauth.needsOperator() ? client : null, store, metrics, random);
        }
        return null;
    }

    /** @param byOperator the same as {@code renewal} where an operator must connect, and the token is stored; null elsewhere */
    private Tokens(
            Loop loop,
            String connection,
            Renewal renewal,
            @Nullable OAuthClient byOperator,
            TokenStore store,
            Metrics metrics,
            RandomGenerator random) {
        this.loop = loop;
        this.connection = connection;
        this.renewal = renewal;
        this.byOperator = byOperator;
        this.store = store;
        this.metrics = metrics;
        this.random = random;
        this.connecting = new Connecting(loop, connection, byOperator, this);
    }

    /** For whoever leads an operator through it. */
    Credentials credentials() {
        return connecting;
    }

    /** Who is told, on the loop, when it may be worth while to look again. */
    void whenChanged(Runnable listener) {
        changed = listener;
    }

    @Override
    public Future<Void> recover() {
        OAuthClient client = byOperator;
        if (client == null) {
            return Future.succeededFuture();
        }
        Promise<Void> known = Promise.promise();
        int of = generation;
        isBusy = true;
        loop.bring(store.recover(connection)).onComplete(found -> {
            known.complete();
            if (of != generation) {
                return;
            }
            isBusy = false;
            if (found.succeeded()) {
                found.result().map(Held::of).ifPresentOrElse(stored -> take(stored, client), () -> lost("", ""));
            } else if (found.cause() instanceof TokenStore.UnreadableException unreadable) {
                lost("", unreadable.words());
            } else {
                LOG.warn("{}: its stored token could not be read: {}", connection, words(found.cause()));
                failed(CrmException.unanswered(Kind.UNAVAILABLE, "the stored token could not be read", false));
                isBusy = true;
                loop.after(BACKOFF.jittered(failedInARow, random), this::recover);
            }
        });
        return known.future();
    }

    private void take(Held stored, OAuthClient client) {
        if (stored.client().equals(client.client())) {
            use(stored);
        } else {
            lost("", "its settings name another client or host than when it was connected");
        }
    }

    private void use(Held next) {
        held = next;
        generation++;
        isSpent = false;
        failure = null;
        failedInARow = 0;
        notBefore = loop.nanos();
        renewWhenIdle();
        loop.later(changed);
    }

    private void renewWhenIdle() {
        if (idle != null) {
            idle.cancel();
        }
        if (held != null && held.refreshToken() != null) {
            idle = loop.after(IDLE_MILLIS, this::renew);
        }
    }

    @Override
    public boolean isReady() {
        Held now = held;
        if (now == null || isSpent || now.isDue(loop.millis())) {
            renew();
        }
        return isUsable();
    }

    private boolean isLost() {
        return failure != null && failure.kind() == Kind.INVALID;
    }

    private boolean isUsable() {
        Held now = held;
        return now != null && !isSpent && now.isGood(loop.millis());
    }

    @Override
    public boolean expired(int ofGeneration) {
        Held now = held;
        if (ofGeneration != generation) {
            return true;
        }
        if (now == null || loop.millis() - now.gotAt() < LEAST_AGE_MILLIS) {
            return false;
        }
        isSpent = true;
        renew();
        return true;
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public Settings over(Settings settings) {
        return held == null ? settings : settings.with(held.values());
    }

    @Override
    public @Nullable CrmException refusal() {
        CrmException why = isUsable() ? null : failure;
        if (why == null || why.kind() == Kind.UNAVAILABLE) {
            return null;
        }
        return isLost() || waitMillis() > 0 ? unauthorized(why) : null;
    }

    private CrmException unauthorized(CrmException why) {
        return CrmException.unanswered(Kind.UNAUTHORIZED, why.words(), false).waiting(LOOK_AGAIN_MILLIS);
    }

    @Override
    public @Nullable CrmException trouble() {
        CrmException why = isUsable() ? null : failure;
        return why == null
                ? null
                : CrmException.unanswered(Kind.UNAVAILABLE, why.words(), false).waiting(waitMillis());
    }

    private long waitMillis() {
        return Math.max(0, (notBefore - loop.nanos()) / 1_000_000);
    }

    /** One at a time, and not before the wait after a failure is over. */
    private void renew() {
        assert loop.isHere();
        if (isBusy || isLost() || waitMillis() > 0) {
            return;
        }
        isBusy = true;
        int of = generation;
        long began = loop.nanos();
        loop.bring(Future.succeededFuture(held).compose(renewal::renew)).onComplete(result -> {
            CrmException why = result.failed() ? CrmException.of(result.cause()) : null;
            count(why, began);
            if (of != generation) {
                return;
            }
            isBusy = false;
            if (why == null) {
                store(result.result(), of, 0);
            } else if (why.kind() == Kind.INVALID && byOperator != null) {
                lost(" again", why.words());
            } else {
                failed(why);
            }
        });
    }

    private void count(@Nullable CrmException why, long began) {
        String outcome = why == null ? "ok" : why.kind().name().toLowerCase(Locale.ROOT);
        metrics.upstreamCall(connection, "token", outcome, loop.nanos() - began);
        LOG.debug("{} token {} {} us", connection, outcome, (loop.nanos() - began) / 1000);
    }

    /**
     * Until it is stored it is not used: what the CRM has given must not be forgotten by a crash.
     *
     * @param of the generation that it follows: when an operator has connected meanwhile, it is of no interest any more
     */
    private Future<Void> store(Held next, int of, int attempt) {
        assert loop.isHere();
        if (byOperator == null) {
            use(next);
            return Future.succeededFuture();
        }
        if (of != generation) {
            return Future.succeededFuture();
        }
        Promise<Void> stored = Promise.promise();
        isBusy = true;
        loop.bring(store.keep(connection, next.json())).onComplete(kept -> {
            if (of != generation) {
                stored.complete();
            } else if (kept.succeeded()) {
                isBusy = false;
                use(next);
                stored.complete();
            } else {
                LOG.warn("{}: its token could not be stored, and is not used: {}", connection, words(kept.cause()));
                failure = CrmException.unanswered(Kind.UNAVAILABLE, "the token could not be stored", false);
                loop.after(
                        BACKOFF.jittered(attempt, random),
                        () -> store(next, of, attempt + 1).onComplete(stored));
            }
        });
        return stored.future();
    }

    private void failed(CrmException why) {
        boolean isForNow = switch (why.kind()) {
            case UNAVAILABLE, TIMEOUT, RATE_LIMITED -> true;
            case NOT_FOUND, DUPLICATE, INVALID, MALFORMED, UNAUTHORIZED, UNSUPPORTED -> false;
        };
        Long told = why.waitMillis();
        long least = told == null ? 0 : Math.min(told, LONGEST_TOLD_MILLIS);
        long wait = isForNow ? Math.max(least, BACKOFF.jittered(failedInARow, random)) : PROBE_MILLIS;
        if (failedInARow++ == 0 || !isForNow) {
            LOG.warn("{}: no token could be got: {}", connection, why.words());
        }
        failure = CrmException.unanswered(
                isForNow ? Kind.UNAVAILABLE : Kind.UNAUTHORIZED, "no token could be got: " + why.words(), false);
        notBefore = loop.nanos() + wait * 1_000_000;
        renewWhenIdle();
        loop.later(changed);
        loop.after(wait, changed);
    }

    /**
     * Nothing more can be got without an operator. What is left of the present token is used up.
     *
     * @param again empty where it never was connected, as far as is known
     */
    private void lost(String again, String why) {
        String words = "the connection needs to be connected" + again + ": crmux connect " + connection
                + (why.isEmpty() ? "" : " (" + why + ")");
        LOG.warn("{}: {}", connection, words);
        failure = CrmException.unanswered(Kind.INVALID, words, false);
        loop.later(changed);
    }

    private static String words(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    /** Whether requests are signed, or would be as soon as there is one. */
    boolean isConnected() {
        return isUsable() || (problem() == null && (byOperator == null || held != null));
    }

    /** Since when an operator has let it in, in milliseconds since 1970; null when none has. */
    @Nullable
    Long connectedAt() {
        Held now = held;
        return now == null || now.connectedAt() == 0 ? null : (Long) now.connectedAt();
    }

    /** Why there is no token, or will be none when this one has ended; null when all is well. */
    @Nullable
    String problem() {
        CrmException why = isUsable() && !isLost() ? null : failure;
        return why == null ? null : why.words();
    }

    /** Takes what an operator has brought: what was under way with the former token is of no interest any more. */
    Future<Void> connected(Held first) {
        generation++;
        return store(first, generation, 0).onSuccess(stored -> LOG.info("{}: connected", connection));
    }
}
