package io.crmux.connector;

import io.crmux.connector.TagsTogether.Part;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Request;
import io.crmux.crm.Tag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * FluentCRM's tags, and its call that puts some on and takes others off, for one contact or many. It skips contacts and tags that it does not know without a word: its
 * answer is compared with what was asked for, contact by contact.
 *
 * @param format the member of a tag that it is known by
 */
record FluentCrmTags(String base, String format, Http http) {

    private static final String SYNC = "/wp-json/fluent-crm/v2/subscribers/sync-segments";

    Tag tag(JsonObject tag) {
        return Tag.of(Json.text(tag, format), Json.text(tag, "title"));
    }

    /** Those of a contact. */
    Set<Tag> of(JsonObject found) {
        Set<Tag> tags = new LinkedHashSet<>();
        Json.objects(found, "tags").map(this::tag).forEach(tags::add);
        return tags;
    }

    static CrmException noTag(Set<Tag> tags) {
        String names = tags.stream().map(Tag::name).collect(Collectors.joining(", "));
        return CrmException.of(Kind.INVALID, "there is no tag " + names, null);
    }

    /** Nothing is sent when there is nothing to change: an empty tag might be taken for all of them. */
    Future<Void> change(Call call, Contact contact, Set<Tag> remove, Set<Tag> apply) {
        return remove.isEmpty() && apply.isEmpty()
                ? Future.succeededFuture()
                : Members.number(contact)
                        .compose(id -> send(call, List.of(id), new Change(keys(remove), keys(apply))))
                        .map(json -> {
                            check(contact, json, remove, apply);
                            return null;
                        });
    }

    /** How many calls the tags of some batches take. */
    static long calls(List<Batch> batches) {
        return batches.stream()
                .filter(TagsTogether::fits)
                .map(Change::of)
                .distinct()
                .count();
    }

    /** Contacts that are changed alike are one call. */
    Future<Void> change(Call call, List<Part> parts) {
        Map<Change, List<Part>> alike = parts.stream()
                .collect(Collectors.groupingBy(
                        part -> Change.of(part.batch()), LinkedHashMap::new, Collectors.toList()));
        return Future.join(alike.entrySet().stream()
                        .map(some -> change(call, some.getKey(), some.getValue()))
                        .toList())
                .mapEmpty();
    }

    /** A call for one contact that is refused needs no second one. */
    private Future<Void> change(Call call, Change change, List<Part> parts) {
        List<Long> ids =
                parts.stream().map(part -> Long.valueOf(part.id())).distinct().toList();
        return send(call, ids, change)
                .<Void>map(json -> {
                    parts.forEach(part -> check(part, json));
                    return null;
                })
                .otherwise(failure -> {
                    if (parts.size() == 1) {
                        parts.get(0).fail(CrmException.of(failure));
                    } else {
                        TagsTogether.failing(parts, failure);
                    }
                    return null;
                });
    }

    /** What is sent of a change: the keys of tags. */
    private record Change(Set<String> remove, Set<String> apply) {

        static Change of(Batch batch) {
            return new Change(keys(batch.remove()), keys(batch.apply()));
        }
    }

    private Future<JsonObject> send(Call call, List<Long> ids, Change change) {
        JsonObject wire = new JsonObject()
                .put("type", "tags")
                .put("attach", new JsonArray(List.copyOf(change.apply())))
                .put("detach", new JsonArray(List.copyOf(change.remove())))
                .put("subscribers", new JsonArray(ids))
                .put("find_by", format);
        return http.send(call, Request.post(base, SYNC).asRepeatable().json(wire))
                .map(Members::afterWarnings);
    }

    private void check(Part part, JsonObject json) {
        try {
            check(part.contact(), json, part.batch().remove(), part.batch().apply());
        } catch (CrmException failure) {
            part.fail(failure);
        }
    }

    private void check(Contact contact, JsonObject json, Set<Tag> remove, Set<Tag> apply) {
        Set<String> has = Json.objects(json, "subscribers")
                .filter(found -> contact.requireId().equals(Json.text(found, "id")))
                .findFirst()
                .map(found -> keys(of(found)))
                .orElseThrow(() -> CrmException.notFound("there is no such contact"));
        Set<Tag> missing = new LinkedHashSet<>(apply);
        missing.removeIf(tag -> has.contains(tag.requireId()));
        if (!missing.isEmpty()) {
            throw noTag(missing);
        }
        if (remove.stream().anyMatch(tag -> has.contains(tag.requireId()))) {
            throw CrmException.unavailable("a tag was not taken away", 200);
        }
    }

    private static Set<String> keys(Set<Tag> tags) {
        return tags.stream().map(Tag::requireId).collect(Collectors.toSet());
    }
}
