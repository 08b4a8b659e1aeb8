package io.crmux.crm;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a CRM has given to sign requests with.
 *
 * @param values laid over the connection's settings before a request is signed
 * @param lifetime from now; null when it is valid until the CRM says otherwise
 */
public record Token(Map<String, String> values, @Nullable Duration lifetime) {

    public Token {
        values = Map.copyOf(values);
    }

    /** Names alone: the values are secret. */
    @Override
    public String toString() {
        return "Token" + values.keySet();
    }
}
