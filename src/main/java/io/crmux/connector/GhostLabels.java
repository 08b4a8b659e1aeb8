package io.crmux.connector;

import io.crmux.crm.Answer;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.CrmException;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Request;
import io.crmux.crm.Tag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ghost's labels, and its call that gives one to many members or takes it from them. */
record GhostLabels(String base, Http http) {

    /** One call's ids: a few kilobytes of address line. */
    static final int MOST_MEMBERS = 100;

    private static final String LABELS = "/labels/";
    private static final String MEMBERS = "/members/";
    private static final int PAGE = 100;
    /** A change of one member reads it and writes it. */
    private static final int CALLS_ALONE = 2;

    /** Whether some batches of tags alone take fewer calls label by label than member by member. */
    static boolean areFewerCalls(List<Batch> batches) {
        Map<Tag, Integer> applied = members(batches.stream().map(Batch::apply));
        Map<Tag, Integer> removed = members(batches.stream().map(Batch::remove));
        int calls = calls(applied) + 2 * calls(removed);
        return calls < CALLS_ALONE * batches.size();
    }

    private static Map<Tag, Integer> members(Stream<Set<Tag>> tags) {
        Map<Tag, Integer> members = new HashMap<>();
        tags.flatMap(Set::stream).forEach(tag -> members.merge(tag, 1, Integer::sum));
        return members;
    }

    private static int calls(Map<Tag, Integer> members) {
        return members.values().stream()
                .mapToInt(many -> (many + MOST_MEMBERS - 1) / MOST_MEMBERS)
                .sum();
    }

    /** The label of that name, whatever the case; empty when there is none. */
    Future<Optional<JsonObject>> named(Call call, String name) {
        return named(call, name, 1);
    }

    private Future<Optional<JsonObject>> named(Call call, String name, int page) {
        return page(call, page).compose(json -> {
            Optional<JsonObject> found = Json.objects(json, "labels")
                    .filter(label -> label.getString("name").equalsIgnoreCase(name))
                    .findFirst();
            Integer next = next(json);
            return found.isPresent() || next == null ? Future.succeededFuture(found) : named(call, name, next);
        });
    }

    /** A page of all labels, from 1. */
    Future<JsonObject> page(Call call, int page) {
        return send(
                call,
                Request.get(base, LABELS).query("limit", Integer.toString(PAGE)).query("page", Integer.toString(page)));
    }

    /** The number of the page after this one; null when there is none. */
    static @Nullable Integer next(JsonObject json) {
        return json.getJsonObject("meta").getJsonObject("pagination").getInteger("next");
    }

    Future<Tag> add(Call call, String name) {
        JsonObject labels = new JsonObject().put("labels", List.of(new JsonObject().put("name", name)));
        return send(call, Request.post(base, LABELS).json(labels))
                .map(json -> Json.objects(json, "labels")
                        .findFirst()
                        .map(GhostLabels::tag)
                        .orElseThrow());
    }

    static Tag tag(JsonObject label) {
        return Tag.of(label.getString("id"), label.getString("name"));
    }

    /** Gives a label to members; one that nobody has yet is made. Ghost counts every member that there is. */
    Future<Set<String>> apply(Call call, Tag tag, List<String> ids) {
        return made(call, tag)
                .compose(label -> change(call, "addLabel", label, ids))
                .compose(changed -> changed == ids.size() ? Future.succeededFuture(Set.of()) : missing(call, ids));
    }

    private Future<String> made(Call call, Tag tag) {
        String id = tag.id();
        return id != null
                ? Future.succeededFuture(id)
                : named(call, tag.name())
                        .compose(found -> found.isPresent()
                                ? Future.succeededFuture(found.get().getString("id"))
                                : add(call, tag.name()).map(Tag::id));
    }

    /** Takes a label from members. Ghost counts those that had it, so that it is asked who is there. */
    Future<Set<String>> remove(Call call, Tag tag, List<String> ids) {
        Future<Optional<String>> label = tag.id() != null
                ? Future.succeededFuture(Optional.of(tag.id()))
                : named(call, tag.name()).map(found -> found.map(known -> known.getString("id")));
        return label.compose(
                        id -> id.isPresent() ? change(call, "removeLabel", id.get(), ids) : Future.succeededFuture(0))
                .compose(changed -> missing(call, ids));
    }

    /**
     * Without a filter the change would be of every member. What fails for one of them is not refused, but counted: a label that there is no more, for
     * instance.
     */
    private Future<Integer> change(Call call, String action, String label, List<String> ids) {
        JsonObject meta = new JsonObject().put("label", new JsonObject().put("id", label));
        Request request = Request.put(base, MEMBERS + "bulk/")
                .query("filter", filter(ids))
                .json(new JsonObject()
                        .put("bulk", new JsonObject().put("action", action).put("meta", meta)));
        return send(call, request).compose(json -> {
            JsonObject stats = json.getJsonObject("bulk").getJsonObject("meta").getJsonObject("stats");
            return stats.getInteger("unsuccessful") == 0
                    ? Future.succeededFuture(stats.getInteger("successful"))
                    : Future.failedFuture(CrmException.of(
                            CrmException.Kind.INVALID, "the label could not be given to all members", null));
        });
    }

    private Future<Set<String>> missing(Call call, List<String> ids) {
        Request request = Request.get(base, MEMBERS)
                .query("filter", filter(ids))
                .query("fields", "id")
                .query("limit", Integer.toString(MOST_MEMBERS));
        return send(call, request).map(json -> {
            Set<String> missing = new HashSet<>(ids);
            missing.removeAll(Json.objects(json, "members")
                    .map(member -> member.getString("id"))
                    .collect(Collectors.toSet()));
            return missing;
        });
    }

    /** An id that is none of Ghost's own would be part of the filter's language. */
    private static String filter(List<String> ids) {
        if (ids.isEmpty() || !ids.stream().allMatch(id -> id.matches("[0-9a-f]{24}"))) {
            throw CrmException.of(CrmException.Kind.INVALID, "the ids are not all of Ghost's", null);
        }
        return "id:[" + String.join(",", ids) + "]";
    }

    private Future<JsonObject> send(Call call, Request request) {
        return http.send(call, request).map(Answer::json);
    }
}
