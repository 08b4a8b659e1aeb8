package io.crmux.crm;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/**
 * An answer of a CRM, whole.
 *
 * @param headers names without regard to case
 */
public record Answer(int status, MultiMap headers, Buffer body) {

    /**
     * The body as a JSON object; an empty body is an empty object.
     *
     * @throws CrmException of kind {@link CrmException.Kind#UNAVAILABLE} when it is something else: a CRM that answers nonsense is broken for now
     */
    public JsonObject json() {
        if (body.length() == 0) {
            return new JsonObject();
        }
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            throw CrmException.unavailable("the answer is not a JSON object", status);
        }
    }
}
