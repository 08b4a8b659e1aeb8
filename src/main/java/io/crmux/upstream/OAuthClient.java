package io.crmux.upstream;

import io.crmux.crm.Authentication;
import io.crmux.crm.CrmException;
import io.crmux.crm.Loop;
import io.crmux.crm.OAuth;
import io.crmux.crm.Request;
import io.crmux.crm.Request.Pair;
import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Speaks OAuth 2 (RFC 6749) with a vendor's token endpoint, as its connector says. */
record OAuthClient(Authentication authentication, Way way, Loop loop) implements Renewal {

    private static final long MILLIS = 10_000;

    /** As the connector says, with what was learned. */
    private OAuth oauth(Map<String, String> learned) {
        return authentication.tokens(way.settings().with(learned)) instanceof OAuth oauth
                ? oauth
                : OAuth.clientCredentials("");
    }

    /** Whose the tokens are. They are of no use to another client, and must not be shown to another host. */
    String client() {
        return way.settings().text(OAuth.CLIENT_ID) + " at "
                + URI.create(oauth(Map.of()).token()).getHost();
    }

    /** The address of the page on which an operator agrees. */
    String page(Consents.Consent consent) {
        OAuth oauth = oauth(Map.of());
        Request page = Request.get(oauth.authorize(), "")
                .query("response_type", "code")
                .query("client_id", way.settings().text(OAuth.CLIENT_ID))
                .query("redirect_uri", consent.callback())
                .query("state", consent.state());
        if (!oauth.scope().isEmpty()) {
            page = page.query("scope", oauth.scope());
        }
        if (oauth.pkce()) {
            page = page.query("code_challenge", consent.challenge()).query("code_challenge_method", "S256");
        }
        for (Pair more : oauth.authorizing()) {
            page = page.query(more.name(), more.value());
        }
        return page.uri();
    }

    /**
     * Takes the code that an operator has brought to the token endpoint.
     *
     * @param parameters of the callback
     */
    Future<Held> exchange(Consents.Consent consent, Map<String, String> parameters) {
        String code = parameters.getOrDefault("code", "");
        if (code.isEmpty()) {
            String error = parameters.getOrDefault("error", "there is no code");
            String more = parameters.getOrDefault("error_description", "");
            return Future.failedFuture(CrmException.of(
                    CrmException.Kind.UNAUTHORIZED,
                    TokenAnswer.printable(error + (more.isEmpty() ? "" : ": " + more)),
                    null));
        }
        Map<String, String> learned = new HashMap<>();
        for (String name : oauth(Map.of()).learned()) {
            if (parameters.containsKey(name)) {
                learned.put(name, parameters.getOrDefault(name, ""));
            }
        }
        return trusted(learned).compose(trusted -> {
            OAuth oauth = oauth(learned);
            List<Pair> form = new ArrayList<>(List.of(
                    new Pair("grant_type", "authorization_code"),
                    new Pair("code", code),
                    new Pair("redirect_uri", consent.callback())));
            if (oauth.pkce()) {
                form.add(new Pair("code_verifier", consent.verifier()));
            }
            return ask(oauth, oauth.proof(), form, learned, null, loop.millis());
        });
    }

    @Override
    public Future<Held> renew(@Nullable Held held) {
        OAuth oauth = oauth(held == null ? Map.of() : held.values());
        if (!oauth.needsOperator()) {
            List<Pair> form = new ArrayList<>(List.of(new Pair("grant_type", "client_credentials")));
            if (!oauth.scope().isEmpty()) {
                form.add(new Pair("scope", oauth.scope()));
            }
            return ask(oauth, oauth.proof(), form, Map.of(), null, 0);
        }
        String refreshToken = held == null ? null : held.refreshToken();
        if (held == null || refreshToken == null) {
            return Future.failedFuture(CrmException.of(
                    CrmException.Kind.INVALID, "the CRM has given nothing to get another token with", null));
        }
        List<Pair> form = List.of(new Pair("grant_type", "refresh_token"), new Pair("refresh_token", refreshToken));
        return ask(oauth, oauth.refreshProof(), form, held.values(), refreshToken, held.connectedAt());
    }

    private Future<Held> ask(
            OAuth oauth,
            OAuth.Proof proof,
            List<Pair> form,
            Map<String, String> learned,
            @Nullable String refreshToken,
            long connectedAt) {
        String id = way.settings().text(OAuth.CLIENT_ID);
        String secret = way.settings().text(OAuth.CLIENT_SECRET);
        List<Pair> whole = new ArrayList<>(form);
        whole.addAll(oauth.asking());
        Request request = Request.post(oauth.token(), "");
        if (proof == OAuth.Proof.BASIC) {
            request = request.header("authorization", Authentication.basicValue(id, secret));
        } else {
            whole.add(new Pair("client_id", id));
            whole.add(new Pair("client_secret", secret));
        }
        if (!way.hosts().mayKnow(oauth.token())) {
            return Future.failedFuture(foreign(oauth.token()));
        }
        List<String> secrets = Stream.concat(
                        Stream.of(secret),
                        form.stream()
                                .filter(pair -> !pair.name().equals("grant_type"))
                                .map(Pair::value))
                .toList();
        return loop.bring(way.transport().exchange(request.form(whole), MILLIS)).compose(answer -> {
            TokenAnswer told = new TokenAnswer(answer, secrets);
            CrmException failure = told.failure();
            return failure == null
                    ? held(oauth, told, learned, refreshToken, connectedAt)
                    : Future.failedFuture(failure);
        });
    }

    private Future<Held> held(
            OAuth oauth,
            TokenAnswer told,
            Map<String, String> learned,
            @Nullable String refreshToken,
            long connectedAt) {
        Map<String, String> values = new HashMap<>(learned);
        Stream.concat(Stream.of(OAuth.ACCESS_TOKEN), oauth.learned().stream()).forEach(name -> {
            String value = told.text(name);
            if (value != null) {
                values.put(name, value);
            }
        });
        String newer = told.text("refresh_token");
        long now = loop.millis();
        long lifetime = lifetimeMillis(told.text("expires_in"), oauth);
        return trusted(values)
                .map(trusted -> new Held(
                        values, newer == null ? refreshToken : newer, now, now + lifetime, connectedAt, client()));
    }

    private static long lifetimeMillis(@Nullable String seconds, OAuth oauth) {
        return seconds != null && seconds.matches("[1-9]\\d{0,8}")
                ? Long.parseLong(seconds) * 1000
                : oauth.lifetime().toMillis();
    }

    /** Whoever can write an answer or a callback must not make crmux send tokens elsewhere. */
    private Future<Void> trusted(Map<String, String> learned) {
        return learned.values().stream()
                .filter(value -> value.contains("://") && !way.hosts().mayKnow(value))
                .findFirst()
                .<Future<Void>>map(address -> Future.failedFuture(foreign(address)))
                .orElseGet(Future::succeededFuture);
    }

    private static CrmException foreign(String address) {
        return CrmException.unanswered(
                CrmException.Kind.UNAUTHORIZED,
                "the address " + Objects.toString(hostOf(address), "") + " is not one of the CRM's own",
                false);
    }

    private static @Nullable String hostOf(String address) {
        try {
            return URI.create(address).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
