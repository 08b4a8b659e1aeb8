package io.crmux.connector;

import io.crmux.connector.TagsTogether.Part;
import io.crmux.crm.Answer;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Request;
import io.crmux.crm.Tag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keap's calls for one tag and many contacts, in v2. A hundred contacts at most, which is what a call is assumed to take.
 *
 * <p>What becomes of each contact is believed only where it is told. Applying may answer an outcome for each contact, removing says nothing of contacts that are
 * gone, so that whoever was not told of is read, all of them in one call. Who is not as he should be, or not shown yet, is in doubt, and so are those of a call that
 * was refused as a whole. The shape of the outcomes is described; that a contact's is found by its id, in the words of v1, is assumed.
 */
final class KeapSharedTags {

    private static final String APPLY = "/v2/tags/{tag}/contacts:applyTags";
    private static final String REMOVE = "/v2/tags/{tag}/contacts:removeTags";

    private final String base;
    private final Http http;
    private final Call call;
    private final Set<Part> untold = new LinkedHashSet<>();

    KeapSharedTags(String base, Http http, Call call) {
        this.base = base;
        this.http = http;
        this.call = call;
    }

    /** An outcome that stands in a good answer: that does not mean that all was applied. */
    static void check(Object outcome) {
        switch (String.valueOf(outcome)) {
            case "SUCCESS", "DUPLICATE" -> {}
            case "CONTACT_NOT_FOUND" -> throw CrmException.notFound("there is no such contact");
            case "TAG_ID_NOT_FOUND" -> throw CrmException.of(Kind.INVALID, "there is no such tag", 200);
            case "NO_PERMISSION" -> throw CrmException.of(Kind.UNAUTHORIZED, "the key may not apply tags", 200);
            default -> throw CrmException.unavailable("a tag was not applied", 200);
        }
    }

    /** Takes away each tag that is to go, then applies each that is to come. */
    Future<Void> change(List<Part> parts) {
        return tags(parts, Batch::remove, this::remove)
                .compose(removed -> tags(parts, Batch::apply, this::apply))
                .compose(applied -> compare(untold.stream().filter(Part::isOpen).toList()));
    }

    private interface Step {
        Future<Void> take(String tag, List<Part> some);
    }

    private static Future<Void> tags(List<Part> parts, Function<Batch, Set<Tag>> which, Step step) {
        Map<String, List<Part>> byTag = new LinkedHashMap<>();
        parts.forEach(part -> which.apply(part.batch())
                .forEach(tag -> byTag.computeIfAbsent(tag.requireId(), absent -> new ArrayList<>())
                        .add(part)));
        Future<Void> taken = Future.succeededFuture();
        for (Map.Entry<String, List<Part>> entry : byTag.entrySet()) {
            taken = taken.compose(done -> {
                List<Part> some = entry.getValue().stream().filter(Part::isOpen).toList();
                return some.isEmpty()
                        ? Future.succeededFuture()
                        : step.take(entry.getKey(), some).otherwise(failure -> TagsTogether.failing(some, failure));
            });
        }
        return taken;
    }

    private Future<Void> remove(String tag, List<Part> some) {
        untold.addAll(some);
        return send(REMOVE, tag, some).map(answer -> {
            if (answer.status() != 204) {
                throw CrmException.unavailable("the tag was not taken away", answer.status());
            }
            return null;
        });
    }

    private Future<Void> apply(String tag, List<Part> some) {
        return send(APPLY, tag, some).map(answer -> {
            JsonObject results = answer.json().getValue("results") instanceof JsonObject told ? told : new JsonObject();
            some.forEach(part -> told(part, results.getValue(part.id())));
            return null;
        });
    }

    private void told(Part part, @Nullable Object outcome) {
        if (outcome == null) {
            untold.add(part);
            return;
        }
        try {
            check(outcome);
        } catch (CrmException failure) {
            part.fail(failure);
        }
    }

    private Future<Answer> send(String template, String tag, List<Part> some) {
        JsonArray ids = new JsonArray(some.stream().map(Part::id).distinct().toList());
        return http.send(
                call,
                Request.post(base, template)
                        .with("tag", tag)
                        .asRepeatable()
                        .json(new JsonObject().put("contact_ids", ids)));
    }

    private Future<Void> compare(List<Part> some) {
        if (some.isEmpty()) {
            return Future.succeededFuture();
        }
        String ids = some.stream().map(Part::id).distinct().collect(Collectors.joining(","));
        Request request = Request.get(base, "/v2/contacts")
                .query("filter", "ids==" + ids)
                .query("fields", "id,tag_ids")
                .query("page_size", "1000");
        return http.send(call, request)
                .<Void>map(answer -> {
                    Map<String, JsonObject> found = new HashMap<>();
                    Json.objects(answer.json(), "contacts").forEach(each -> found.put(Json.text(each, "id"), each));
                    some.stream()
                            .filter(part -> !isDone(part.batch(), found.get(part.id())))
                            .forEach(Part::doubt);
                    return null;
                })
                .otherwise(failure -> TagsTogether.failing(some, failure));
    }

    /** A contact that comes without tags may have none. */
    private static boolean isDone(Batch batch, @Nullable JsonObject found) {
        if (found == null) {
            return false;
        }
        Set<String> has = found.getValue("tag_ids") == null
                ? Set.of()
                : Members.texts(found, "tag_ids").collect(Collectors.toSet());
        return batch.apply().stream().allMatch(tag -> has.contains(tag.requireId()))
                && batch.remove().stream().noneMatch(tag -> has.contains(tag.requireId()));
    }
}
