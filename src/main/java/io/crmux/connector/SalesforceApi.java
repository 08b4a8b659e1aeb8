package io.crmux.connector;

import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.CrmException;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Request;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Salesforce's wire: queries to their end, and calls for many records of which each has its own outcome.
 *
 * @param base up to the version
 */
record SalesforceApi(String base, Http http) {

    /** How many records a call writes. */
    static final int MOST_RECORDS = 200;

    private static final String QUERY = "/query";
    private static final String RECORDS = "/composite/sobjects";
    private static final Pattern NEXT = Pattern.compile("/services/data/v[0-9.]+/query/([A-Za-z0-9_-]+)");

    Request get(String template) {
        return Request.get(base, template);
    }

    Request post(String template) {
        return Request.post(base, template);
    }

    Request patch(String template) {
        return Request.patch(base, template);
    }

    Request delete(String template) {
        return Request.delete(base, template);
    }

    Future<JsonObject> send(Call call, Request request) {
        return http.send(call, request).map(Answer::json);
    }

    // ---- queries

    /** All records that a query finds: it may be answered in parts, each of which names the next. */
    Future<List<JsonObject>> query(Call call, String soql) {
        return part(call, get(QUERY).query("q", soql), new ArrayList<>());
    }

    private Future<List<JsonObject>> part(Call call, Request request, List<JsonObject> found) {
        return send(call, request).compose(json -> {
            Json.objects(json, "records").forEach(found::add);
            if (!(json.getValue("done") instanceof Boolean done)) {
                throw CrmException.unavailable("the answer does not say whether there is more", 200);
            }
            return done ? Future.succeededFuture(found) : part(call, next(json), found);
        });
    }

    /** What is told is a path on the same host. Only its end is believed, since the rest is known. */
    private Request next(JsonObject json) {
        Matcher next = NEXT.matcher(Json.text(json, "nextRecordsUrl"));
        if (!next.matches()) {
            throw CrmException.unavailable("the answer names no next part", 200);
        }
        return get(QUERY + "/{part}").with("part", next.group(1));
    }

    /** A value in a query. */
    static String literal(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** Several values in a query, of which one must fit. */
    static String literals(Collection<String> values) {
        return values.stream().map(SalesforceApi::literal).collect(Collectors.joining(",", "(", ")"));
    }

    // ---- many records

    /** Creates records of one object; the outcomes are in their order: empty where all is well. One that is there already is refused, and no second one made. */
    Future<List<Optional<SalesforceError>>> create(Call call, String object, List<JsonObject> records) {
        List<JsonObject> typed = records.stream()
                .map(record -> record.copy().put("attributes", type(object)))
                .toList();
        return many(
                records,
                () -> outcomes(call, post(RECORDS).asRepeatable().json(body(typed)), records.size()),
                record -> send(
                                call,
                                post("/sobjects/{object}")
                                        .with("object", object)
                                        .asRepeatable()
                                        .json(record))
                        .map(made -> Json.text(made, "id")));
    }

    /** Sets fields of records that have an {@code id} and {@code attributes}. */
    Future<List<Optional<SalesforceError>>> update(Call call, List<JsonObject> records) {
        return outcomes(call, patch(RECORDS).json(body(records)), records.size());
    }

    Future<List<Optional<SalesforceError>>> delete(Call call, String object, List<String> ids) {
        return many(
                ids,
                () -> outcomes(
                        call,
                        delete(RECORDS).query("ids", String.join(",", ids)).query("allOrNone", "false"),
                        ids.size()),
                id -> send(
                        call,
                        delete("/sobjects/{object}/{id}").with("object", object).with("id", id)));
    }

    /** That rows may be written many at a time, as any record may, is assumed: where that is refused as a whole, each goes by itself. */
    private static <T> Future<List<Optional<SalesforceError>>> many(
            List<T> all, Supplier<Future<List<Optional<SalesforceError>>>> together, Function<T, Future<?>> alone) {
        return all.size() == 1
                ? each(all, alone)
                : together.get()
                        .recover(failure -> CrmException.of(failure).kind() == CrmException.Kind.INVALID
                                ? each(all, alone)
                                : Future.failedFuture(failure));
    }

    private static <T> Future<List<Optional<SalesforceError>>> each(List<T> all, Function<T, Future<?>> alone) {
        Future<List<Optional<SalesforceError>>> outcomes = Future.succeededFuture(new ArrayList<>());
        for (T one : all) {
            outcomes = outcomes.compose(before -> alone.apply(one)
                    .map(done -> Optional.<SalesforceError>empty())
                    .recover(SalesforceError::ofOne)
                    .map(outcome -> {
                        before.add(outcome);
                        return before;
                    }));
        }
        return outcomes;
    }

    private static JsonObject body(List<JsonObject> records) {
        return new JsonObject().put("allOrNone", false).put("records", new JsonArray(records));
    }

    private Future<List<Optional<SalesforceError>>> outcomes(Call call, Request request, int expected) {
        return http.send(call, request).map(answer -> {
            List<Optional<SalesforceError>> outcomes =
                    Members.objects(answer).map(SalesforceApi::outcome).toList();
            if (outcomes.size() != expected) {
                throw CrmException.unavailable("there is no word of what became of some records", 200);
            }
            return outcomes;
        });
    }

    private static Optional<SalesforceError> outcome(JsonObject result) {
        return Boolean.TRUE.equals(result.getValue("success"))
                ? Optional.empty()
                : Optional.of(SalesforceError.ofRecord(result));
    }

    /** What a record among many is. */
    static JsonObject type(String object) {
        return new JsonObject().put("type", object);
    }

    /** As many at a time as a call takes. */
    static <T> List<List<T>> portions(Collection<T> all, int most) {
        List<T> list = List.copyOf(all);
        List<List<T>> portions = new ArrayList<>();
        for (int from = 0; from < list.size(); from += most) {
            portions.add(list.subList(from, Math.min(list.size(), from + most)));
        }
        return portions;
    }
}
