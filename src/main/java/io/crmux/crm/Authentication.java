package io.crmux.crm;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How requests prove whose they are. The upstream applies it anew to every attempt. */
@FunctionalInterface
public interface Authentication {

    /**
     * Adds the proof to a request.
     *
     * @param millis the time, since 1970, for proofs that expire
     */
    Request sign(Request request, Settings settings, long millis);

    /** How, in a few words, for whoever reads what a connector is. */
    default String words() {
        return "in a way of its own";
    }

    /** The same, told in words. */
    static Authentication described(String words, Authentication sign) {
        return new Authentication() {

            @Override
            public Request sign(Request request, Settings settings, long millis) {
                return sign.sign(request, settings, millis);
            }

            @Override
            public String words() {
                return words;
            }
        };
    }

    /** None is needed. */
    static Authentication none() {
        return described("none", (request, settings, millis) -> request);
    }

    /** A setting's value in a header. */
    static Authentication header(String header, String setting) {
        return described(
                setting + " in the header " + header,
                (request, settings, millis) -> request.header(header, settings.text(setting)));
    }

    /** A setting's value as bearer token. */
    static Authentication bearer(String setting) {
        return described(
                setting + " as bearer token",
                (request, settings, millis) -> request.header("authorization", "Bearer " + settings.text(setting)));
    }

    /** Two settings' values as user and password. */
    static Authentication basic(String user, String password) {
        return described(
                user + " and " + password + " as user and password (HTTP Basic)", (request, settings, millis) -> {
                    String pair = settings.text(user) + ":" + settings.text(password);
                    return request.header(
                            "authorization",
                            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
                });
    }
}
