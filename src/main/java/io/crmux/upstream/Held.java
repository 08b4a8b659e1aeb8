package io.crmux.upstream;

import io.crmux.crm.Token;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token, with what belongs to it.
 *
 * @param values laid over the settings: the access token, and what was learned
 * @param refreshToken with which the next one is got; null for none
 * @param gotAt when it came, in milliseconds since 1970
 * @param endsAt when it ends; {@link Long#MAX_VALUE} for when the CRM says so
 * @param connectedAt when an operator agreed; 0 where none was needed
 * @param client whose it is: the client and the host of the token endpoint
 */
record Held(
        Map<String, String> values,
        @Nullable String refreshToken,
        long gotAt,
        long endsAt,
        long connectedAt,
        String client) {

    /** It is renewed when a tenth of its life is left, but no sooner than this before its end. */
    private static final long EARLY_MILLIS = 300_000;
    /** It is used no more when this is left, so that it does not end on the way. */
    private static final long ON_THE_WAY_MILLIS = 5_000;

    private static final int TENTH = 10;

    Held {
        values = Map.copyOf(values);
    }

    static Held of(Token token, long now) {
        long endsAt = token.lifetime() == null
                ? Long.MAX_VALUE
                : now + token.lifetime().toMillis();
        return new Held(token.values(), null, now, endsAt, 0, "");
    }

    private long before(long most) {
        return endsAt == Long.MAX_VALUE ? endsAt : endsAt - Math.min(most, (endsAt - gotAt) / TENTH);
    }

    boolean isGood(long now) {
        return now < before(ON_THE_WAY_MILLIS);
    }

    boolean isDue(long now) {
        return now >= before(EARLY_MILLIS);
    }

    JsonObject json() {
        JsonObject values = new JsonObject();
        values().forEach(values::put);
        return new JsonObject()
                .put("values", values)
                .put("refresh_token", refreshToken)
                .put("got_at", gotAt)
                .put("ends_at", endsAt)
                .put("connected_at", connectedAt)
                .put("client", client);
    }

    static Held of(JsonObject json) {
        Map<String, String> values = new HashMap<>();
        json.getJsonObject("values", new JsonObject())
                .forEach(value -> values.put(value.getKey(), String.valueOf(value.getValue())));
        return new Held(
                values,
                json.getString("refresh_token"),
                json.getLong("got_at", 0L),
                json.getLong("ends_at", 0L),
                json.getLong("connected_at", 0L),
                json.getString("client", ""));
    }

    /** Names alone: the values are secret. */
    @Override
    public String toString() {
        return "Held" + values.keySet();
    }
}
