package io.crmux.crm;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How requests prove whose they are. The upstream applies it anew to every attempt. What {@link #tokens} has brought is laid over the settings before.
 */
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

    /**
     * Where what requests are signed with comes from.
     *
     * @return null when these settings are all that it takes
     */
    default @Nullable TokenSource tokens(Settings settings) {
        return null;
    }

    /** The settings without which it cannot be, as far as they are not required anyway. */
    default List<String> needs() {
        return List.of();
    }

    /** What {@link #either} chooses between; itself where there is no choice. */
    default List<Authentication> choices() {
        return List.of(this);
    }

    /** The same, told in words. */
    static Authentication described(String words, Authentication sign) {
        return new OneWay(words, sign.needs(), sign::tokens, sign);
    }

    /** None is needed. */
    static Authentication none() {
        return described("none", (request, settings, millis) -> request);
    }

    /** A setting's value in a header. */
    static Authentication header(String header, String setting) {
        return new OneWay(
                setting + " in the header " + header,
                List.of(setting),
                settings -> null,
                (request, settings, millis) -> request.header(header, settings.text(setting)));
    }

    /** A setting's value as bearer token. */
    static Authentication bearer(String setting) {
        return new OneWay(
                setting + " as bearer token",
                List.of(setting),
                settings -> null,
                (request, settings, millis) -> request.header("authorization", "Bearer " + settings.text(setting)));
    }

    /** Two settings' values as user and password. */
    static Authentication basic(String user, String password) {
        return new OneWay(
                user + " and " + password + " as user and password (HTTP Basic)",
                List.of(user, password),
                settings -> null,
                (request, settings, millis) ->
                        request.header("authorization", basicValue(settings.text(user), settings.text(password))));
    }

    /** The header's value for a user and a password (HTTP Basic). */
    static String basicValue(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /**
     * An access token, got by OAuth 2 with the settings {@link OAuth#CLIENT_ID} and {@link OAuth#CLIENT_SECRET}.
     *
     * @param declared how the vendor speaks it, by a connection's settings with what was learned laid over them
     */
    static Authentication oauth(Function<Settings, OAuth> declared) {
        return new OneWay(
                "an access token, got by OAuth 2 with " + OAuth.CLIENT_ID + " and " + OAuth.CLIENT_SECRET,
                List.of(OAuth.CLIENT_ID, OAuth.CLIENT_SECRET),
                declared::apply,
                (request, settings, millis) -> request.header(
                        "authorization", declared.apply(settings).scheme() + " " + settings.text(OAuth.ACCESS_TOKEN)));
    }

    /**
     * What a log-in has brought.
     *
     * @param sign signs with it: its values are laid over the settings
     */
    static Authentication session(String words, LogIn logIn, Authentication sign) {
        return new OneWay(words, sign.needs(), settings -> logIn, sign);
    }

    /**
     * The one of these whose settings are given. All of their settings are optional, and one of the ways must be given whole.
     *
     * @param ways each {@link #needs} something
     */
    static Authentication either(Authentication... ways) {
        for (Authentication way : ways) {
            if (way.needs().isEmpty()) {
                throw new IllegalArgumentException("cannot be told apart by settings: " + way.words());
            }
        }
        return new EitherWay(List.of(ways));
    }
}
