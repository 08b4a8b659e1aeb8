package io.crmux.connector;

import io.crmux.crm.BulkTagging;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** HubSpot with lists of contacts as tags. Active lists are made of rules and cannot be written. */
final class HubSpotLists extends HubSpotContacts implements BulkTagging, TagCreation {

    static final String LISTS = "/crm/v3/lists";
    static final String OF_CONTACT = LISTS + "/records/0-1/{id}/memberships";
    private static final String MEMBERSHIPS = LISTS + "/{list}/memberships";
    private static final String CONTACTS = "0-1";
    private static final int LISTS_PAGE = 100;
    private static final int MEMBERS_PAGE = 250;
    /** Assumed: the limit is not published. */
    private static final int MOST_CONTACTS = 500;

    private static final int BATCHES = 100;

    /** That lists' names are unique ignoring case, and how long memberships lag, is assumed. */
    private static final Traits TRAITS = new Traits(
            Traits.Canonical.ID,
            true,
            Traits.Creation.BY_CALL,
            Traits.Add.REFUSES,
            Traits.Address.ID,
            Duration.ofSeconds(10),
            BATCHES);

    HubSpotLists(String base, WebhookSecret secret, Http http) {
        super(base, secret, http);
    }

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public Future<List<Tag>> syncTags(Call call) {
        return lists(call, 0, new ArrayList<>());
    }

    private Future<List<Tag>> lists(Call call, int offset, List<Tag> found) {
        JsonObject search = new JsonObject()
                .put("query", "")
                .put("offset", offset)
                .put("count", LISTS_PAGE)
                .put(
                        "processingTypes",
                        new JsonArray().add("MANUAL").add("SNAPSHOT").add("DYNAMIC"))
                .put("additionalProperties", new JsonArray());
        return send(call, post(LISTS + "/search").asRepeatable().json(search)).compose(json -> {
            Json.objects(json, "lists")
                    .filter(list -> CONTACTS.equals(list.getString("objectTypeId")))
                    .map(HubSpotLists::tag)
                    .forEach(found::add);
            int next = Integer.parseInt(Json.text(json, "offset"));
            return json.getBoolean("hasMore", false) && next > offset
                    ? lists(call, next, found)
                    : Future.succeededFuture(found);
        });
    }

    private static Tag tag(JsonObject list) {
        boolean active = "DYNAMIC".equals(list.getString("processingType"));
        return new Tag(
                Json.text(list, "listId"), Json.text(list, "name"), active ? "Active lists" : "Static lists", !active);
    }

    /** The names are not told. Whether there is such a contact is not, either, when it is on no list. */
    @Override
    public Future<Set<Tag>> getTags(Call call, Contact contact) {
        return memberships(call, contact, null, new LinkedHashSet<>())
                .compose(tags ->
                        tags.isEmpty() ? contact(call, contact, "email").map(tags) : Future.succeededFuture(tags));
    }

    private Future<Set<Tag>> memberships(Call call, Contact contact, @Nullable String after, Set<Tag> found) {
        Request request = get(OF_CONTACT).with("id", contact.requireId());
        return send(call, after == null ? request : request.query("after", after))
                .compose(json -> {
                    Json.objects(json, "results")
                            .map(each -> Json.text(each, "listId"))
                            .forEach(id -> found.add(Tag.of(id, id)));
                    String next = next(json);
                    return next == null ? Future.succeededFuture(found) : memberships(call, contact, next, found);
                });
    }

    private static @Nullable String next(JsonObject json) {
        return json.getValue("paging") instanceof JsonObject paging
                        && paging.getValue("next") instanceof JsonObject next
                ? Json.text(next, "after")
                : null;
    }

    /** Described as texts and seen as objects: both are read. */
    @Override
    public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
        Request request = get(MEMBERSHIPS)
                .with("list", tag.requireId())
                .query("limit", Integer.toString(Math.min(MEMBERS_PAGE, limit)));
        return send(call, cursor == null ? request : request.query("after", cursor))
                .map(json -> new Page<>(
                        Json.array(json, "results").stream()
                                .map(each -> each instanceof JsonObject object
                                        ? Json.text(object, "recordId")
                                        : each.toString())
                                .toList(),
                        next(json)));
    }

    // ---- writes

    @Override
    public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
        return each(call, "add", contact, tags);
    }

    @Override
    public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
        return each(call, "remove", contact, tags);
    }

    private Future<Void> each(Call call, String change, Contact contact, Set<Tag> tags) {
        Future<Void> changed = Future.succeededFuture();
        for (Tag tag : tags) {
            changed = changed.compose(done -> change(call, change, tag, List.of(contact.requireId())))
                    .map(missing -> {
                        if (!missing.isEmpty()) {
                            throw CrmException.notFound("HubSpot has no such contact");
                        }
                        return null;
                    });
        }
        return changed;
    }

    @Override
    public int mostContacts() {
        return MOST_CONTACTS;
    }

    @Override
    public Future<Set<String>> applyTag(Call call, Tag tag, List<String> ids) {
        return change(call, "add", tag, ids);
    }

    @Override
    public Future<Set<String>> removeTag(Call call, Tag tag, List<String> ids) {
        return change(call, "remove", tag, ids);
    }

    /** Contacts that there are not are no failure of the call: they are told in its answer. */
    private Future<Set<String>> change(Call call, String change, Tag tag, List<String> ids) {
        Request request = put(MEMBERSHIPS + "/" + change).with("list", tag.requireId());
        return send(call, request.body("application/json", new JsonArray(ids).toBuffer()))
                .map(json -> {
                    Set<String> missing = new LinkedHashSet<>();
                    Json.array(json, "recordIdsMissing").forEach(id -> missing.add(id.toString()));
                    return missing;
                });
    }

    /** The list is in the answer, or is the answer. */
    @Override
    public Future<Tag> addTag(Call call, String name) {
        JsonObject list =
                new JsonObject().put("name", name).put("objectTypeId", CONTACTS).put("processingType", "MANUAL");
        return send(call, post(LISTS).json(list))
                .map(json -> json.getValue("list") instanceof JsonObject made ? made : json)
                .map(made -> new Tag(Json.text(made, "listId"), name, "Static lists", true));
    }
}
