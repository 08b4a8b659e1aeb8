package io.crmux.connector;

import io.crmux.crm.Answer;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Json;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What several CRMs' answers have in common, beyond the members that {@link Json} reads. */
final class Members {

    private Members() {}

    /** The texts of an array. */
    static Stream<String> texts(JsonObject json, String key) {
        return Json.array(json, key).stream()
                .map(each -> each instanceof String text ? text : Members.<String>unexpected(key));
    }

    /** The objects of a body that is an array, without an object around it. */
    static Stream<JsonObject> objects(Answer answer) {
        try {
            return new JsonArray(answer.body())
                    .stream()
                            .map(each ->
                                    each instanceof JsonObject json ? json : Members.<JsonObject>unexpected("row"));
        } catch (DecodeException | ClassCastException e) {
            throw CrmException.unavailable("the answer is not a JSON array", answer.status());
        }
    }

    /** Rows of a CRM written in PHP: an array or, when it is not numbered without gaps, an object by number or id. */
    static Stream<JsonObject> rows(JsonObject json, String key) {
        return json.getValue(key) instanceof JsonObject byId
                ? byId.fieldNames().stream().map(id -> Json.object(byId, id))
                : Json.objects(json, key);
    }

    /** The first object of an array: where one is asked for by its id, an empty array is no answer. */
    static JsonObject first(JsonObject json, String key) {
        return Json.objects(json, key).findFirst().orElseGet(() -> unexpected(key));
    }

    /** A look-up for which "not found" is an answer. */
    static Future<Optional<Contact>> nobody(Throwable failure) {
        return CrmException.of(failure).kind() == CrmException.Kind.NOT_FOUND
                ? Future.succeededFuture(Optional.empty())
                : Future.failedFuture(failure);
    }

    /** The id of a contact as a number, where all ids are numbers: whoever is asked for by another one is nobody. */
    static Future<Long> number(Contact contact) {
        return isNumber(contact)
                ? Future.succeededFuture(Long.valueOf(contact.requireId()))
                : Future.failedFuture(CrmException.notFound("no contact has such an id"));
    }

    static boolean isNumber(Contact contact) {
        return contact.requireId().matches("\\d{1,18}");
    }

    /** The body as a JSON object, in front of which WordPress may write warnings of its plugins. */
    static JsonObject afterWarnings(Answer answer) {
        String text = answer.body().toString();
        int begin = text.startsWith("<") ? text.indexOf('{') : 0;
        return begin <= 0
                ? answer.json()
                : new Answer(answer.status(), answer.headers(), Buffer.buffer(text.substring(begin))).json();
    }

    /** Puts what a contact's field holds among its fields; an empty one is left out. */
    static void put(Map<String, Value> fields, String field, @Nullable Object held) {
        Value value = value(held);
        if (value != null) {
            fields.put(field, value);
        }
    }

    private static @Nullable Value value(@Nullable Object held) {
        if (held == null || held.equals("")) {
            return null;
        }
        if (held instanceof Boolean on) {
            return new Value.Flag(on);
        }
        if (held instanceof Number number) {
            return new Value.Num(new BigDecimal(number.toString()));
        }
        if (held instanceof JsonArray list) {
            return list.isEmpty()
                    ? null
                    : new Value.Choices(list.stream().map(String::valueOf).toList());
        }
        return Value.text(held.toString());
    }

    /** For a cursor that no page of ours has ended with. */
    static <T> Future<T> foreignCursor() {
        return Future.failedFuture(CrmException.malformedCursor());
    }

    /** The body of a failure, for its words; an empty object when it is no JSON object, since proxies answer HTML. */
    static JsonObject orNothing(Answer answer) {
        try {
            return answer.json();
        } catch (CrmException html) {
            return new JsonObject();
        }
    }

    /** Whether the body is a JSON object: what stands in front of a CRM, or in its place, answers HTML or nothing. */
    static boolean isObject(Answer answer) {
        try {
            return answer.body().length() > 0 && answer.json() != null;
        } catch (CrmException other) {
            return false;
        }
    }

    /** The first of a failure's {@code errors}; the body itself when there are none. */
    static JsonObject error(Answer answer) {
        JsonObject body = orNothing(answer);
        return body.getValue("errors") instanceof JsonArray errors
                        && !errors.isEmpty()
                        && errors.getValue(0) instanceof JsonObject first
                ? first
                : body;
    }

    private static <T> T unexpected(String what) {
        throw CrmException.unavailable("the answer has no " + what + " of the kind that was expected", 200);
    }
}
