package io.crmux.upstream;

import io.crmux.crm.Credentials;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Loop;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leads operators over the CRM's page and back, and hands what they bring to an account's {@link Tokens}. Its state lives on the account's loop. */
final class Connecting implements Credentials {

    private static final Logger LOG = LoggerFactory.getLogger("io.crmux.activity");

    private final Loop loop;
    private final String connection;
    private final @Nullable OAuthClient client;
    private final Tokens tokens;
    private final Consents consents;
    private @Nullable String disagreement;
    private int answers;

    /** @param client null where no operator is needed */
    Connecting(Loop loop, String connection, @Nullable OAuthClient client, Tokens tokens) {
        this.loop = loop;
        this.connection = connection;
        this.client = client;
        this.tokens = tokens;
        this.consents = new Consents(loop, connection);
    }

    @Override
    public Future<State> now() {
        return loop.compose(() -> Future.succeededFuture(new State(
                client == null ? Source.ITSELF : Source.OPERATOR,
                tokens.isConnected(),
                tokens.connectedAt(),
                disagreement == null ? tokens.problem() : disagreement,
                answers)));
    }

    @Override
    public Future<String> start(String callback) {
        OAuthClient way = client;
        return way == null
                ? Future.failedFuture(Credentials.needsNobody())
                : loop.compose(() -> Future.succeededFuture(way.page(consents.begin(callback))));
    }

    @Override
    public Future<Void> finish(Map<String, String> parameters) {
        OAuthClient way = client;
        if (way == null) {
            return Future.failedFuture(Credentials.needsNobody());
        }
        return loop.compose(() -> {
            Consents.Consent consent = consents.take(parameters.get("state"));
            return consent == null
                    ? Future.failedFuture(CrmException.of(
                            Kind.INVALID, "nobody waits for this any more: begin anew with crmux connect", null))
                    : way.exchange(consent, parameters)
                            .compose(tokens::connected)
                            .onComplete(this::answered);
        });
    }

    private void answered(AsyncResult<Void> result) {
        answers++;
        disagreement = result.succeeded()
                ? null
                : "the CRM did not let crmux in: " + result.cause().getMessage();
        if (disagreement != null) {
            LOG.warn("{}: {}", connection, disagreement);
        }
    }
}
