package io.crmux.connector.fake;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server (RFC 6749, with the S256 of RFC 7636): codes work once, tokens end, and refresh tokens are used up where it rotates them. It has no
 * address of its own: a test gives it requests, be they of HTTP or not. Used from many threads.
 */
public final class FakeAuthorization {

    public static final String CLIENT = "client-7";
    public static final String SECRET = "client-secret-7f3a9c";

    private final LongSupplier millis;
    private final Map<String, Long> access = new HashMap<>();
    private final List<String> refresh = new ArrayList<>();
    private final Map<String, Consent> codes = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> given = new ArrayList<>();
    private boolean rotates = true;
    private int serial;
    private int lifetimeSeconds = 3600;
    private Map<String, String> teaches = Map.of();
    private @Nullable Answer instead;

    private record Consent(String challenge, String callback) {}

    /** What the token endpoint says. */
    public record Answer(int status, JsonObject body) {}

    public FakeAuthorization(LongSupplier millis) {
        this.millis = millis;
    }

    /** Whether a refresh token works once, and the answer has the next. */
    public synchronized FakeAuthorization rotates(boolean once) {
        rotates = once;
        return this;
    }

    /** Further members of its answers. */
    public synchronized FakeAuthorization teaches(Map<String, String> members) {
        teaches = members;
        return this;
    }

    /** For how long its access tokens are good, from the next one on. */
    public synchronized FakeAuthorization lasts(int seconds) {
        lifetimeSeconds = seconds;
        return this;
    }

    /** What the token endpoint says from now on, whatever it is asked; null for the truth. */
    public synchronized void saysInstead(@Nullable Answer answer) {
        instead = answer;
    }

    /** Takes all that it has let anybody have back. */
    public synchronized void revoke() {
        access.clear();
        refresh.clear();
    }

    /** Ends all access tokens, before their time. */
    public synchronized void endAccess() {
        access.clear();
    }

    /** The grant types that it was asked for, one after the other. */
    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** All tokens, codes and verifiers that it has given or seen. */
    public synchronized List<String> secrets() {
        return List.copyOf(given);
    }

    /**
     * An operator agrees on the page.
     *
     * @return where they are sent
     */
    public synchronized URI agree(URI page) {
        Map<String, String> query = form(String.valueOf(page.getRawQuery()));
        if (!CLIENT.equals(query.get("client_id"))
                || !"code".equals(query.get("response_type"))
                || !"S256".equals(query.get("code_challenge_method"))) {
            throw new IllegalArgumentException("not a page of ours: " + page);
        }
        String code = next("code");
        codes.put(code, new Consent(value(query, "code_challenge"), value(query, "redirect_uri")));
        return URI.create(value(query, "redirect_uri") + "?code=" + code + "&state=" + value(query, "state"));
    }

    /** Whether a request may come in. */
    public synchronized boolean accepts(@Nullable String authorization, String scheme) {
        Long until = authorization == null || !authorization.startsWith(scheme + " ")
                ? null
                : access.get(authorization.substring(scheme.length() + 1));
        return until != null && millis.getAsLong() < until;
    }

    /** Answers what the token endpoint is asked. */
    public synchronized Answer token(Buffer body, @Nullable String authorization) {
        Map<String, String> form = form(body.toString());
        asked.add(form.getOrDefault("grant_type", ""));
        if (instead != null) {
            return instead;
        }
        if (!isClient(form, authorization)) {
            return refused(401, "invalid_client");
        }
        return switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> code(form);
            case "refresh_token" -> refresh(form);
            case "client_credentials" -> tokens(false);
            default -> refused(400, "unsupported_grant_type");
        };
    }

    private static boolean isClient(Map<String, String> form, @Nullable String authorization) {
        String basic =
                "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
        return authorization == null
                ? CLIENT.equals(form.get("client_id")) && SECRET.equals(form.get("client_secret"))
                : authorization.equals(basic) && !form.containsKey("client_secret");
    }

    private Answer code(Map<String, String> form) {
        Consent consent = codes.remove(form.getOrDefault("code", ""));
        String verifier = form.getOrDefault("code_verifier", "");
        given.add(verifier);
        boolean isSame = consent != null
                && consent.challenge().equals(challenge(verifier))
                && consent.callback().equals(form.get("redirect_uri"));
        return isSame ? tokens(true) : refused(400, "invalid_grant");
    }

    private Answer refresh(Map<String, String> form) {
        String token = form.getOrDefault("refresh_token", "");
        if (!refresh.contains(token)) {
            return new Answer(
                    400,
                    new JsonObject()
                            .put("error", "invalid_grant")
                            .put("error_description", "the token " + token + " is unknown"));
        }
        if (rotates) {
            refresh.remove(token);
        }
        return tokens(rotates);
    }

    private Answer tokens(boolean withRefresh) {
        String token = next("access");
        access.put(token, millis.getAsLong() + lifetimeSeconds * 1000L);
        JsonObject answer = new JsonObject().put("access_token", token).put("token_type", "bearer");
        answer.put("expires_in", lifetimeSeconds);
        if (withRefresh) {
            String another = next("refresh");
            refresh.add(another);
            answer.put("refresh_token", another);
        }
        teaches.forEach(answer::put);
        return new Answer(200, answer);
    }

    private static Answer refused(int status, String error) {
        return new Answer(status, new JsonObject().put("error", error));
    }

    private String next(String kind) {
        String word = kind + "-secret-" + serial++;
        given.add(word);
        return word;
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> form(String encoded) {
        Map<String, String> form = new HashMap<>();
        for (String pair : encoded.split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
        }
        return form;
    }

    private static String value(Map<String, String> form, String name) {
        return form.getOrDefault(name, "");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Answers it over HTTP. */
    public void token(HttpServerRequest request) {
        String authorization = request.getHeader("authorization");
        request.body().onSuccess(body -> {
            Answer answer = token(body, authorization);
            request.response()
                    .setStatusCode(answer.status())
                    .putHeader("content-type", "application/json")
                    .end(answer.body().toBuffer());
        });
    }
}
