package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.CombinedChange;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * HubSpot with the options of one property (multiple checkboxes) as tags. The set of a contact is read, changed and written, together with fields. A contact
 * has one batch under way at a time, so that nothing of ours comes in between.
 */
final class HubSpotOptions extends HubSpotContacts implements CombinedChange, TagCreation {

    private static final String PROPERTY = "/crm/v3/properties/contacts/{property}";
    private static final int SEARCH_PAGE = 100;
    private static final int BATCHES = 100;

    private static final Traits TRAITS = new Traits(
            Traits.Canonical.ID,
            false,
            Traits.Creation.BY_CALL,
            Traits.Add.REFUSES,
            Traits.Address.ID,
            Duration.ofSeconds(5),
            BATCHES);

    private final TagField field;

    HubSpotOptions(String base, WebhookSecret secret, Http http, String field) {
        super(base, secret, http);
        this.field = new TagField(field, Tag::requireId);
    }

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public Future<Account> connect(Call call) {
        return super.connect(call).compose(account -> property(call).map(account));
    }

    /** The path without a name is another call. */
    private Future<JsonObject> property(Call call) {
        if (field.name().isBlank()) {
            return Future.failedFuture(CrmException.of(
                    CrmException.Kind.INVALID, "tag_type multiselect needs the setting multiselect_field", null));
        }
        return send(call, get(PROPERTY).with("property", field.name()))
                .recover(failure -> Future.failedFuture(
                        isNotFound(failure)
                                ? CrmException.of(
                                        CrmException.Kind.INVALID, "there is no property " + field.name(), 404)
                                : failure));
    }

    @Override
    public Future<List<Tag>> syncTags(Call call) {
        return property(call)
                .map(property -> Json.objects(property, "options")
                        .map(option -> Tag.of(Json.text(option, "value"), Json.text(option, "label")))
                        .toList());
    }

    @Override
    public Future<Set<Tag>> getTags(Call call, Contact contact) {
        return contact(call, contact, field.name()).map(this::chosen).map(chosen -> {
            Set<Tag> tags = new LinkedHashSet<>();
            chosen.forEach(value -> tags.add(Tag.of(value, value)));
            return tags;
        });
    }

    private Set<String> chosen(JsonObject contact) {
        return field.chosen(Json.object(contact, "properties"));
    }

    /** By ascending id, since a search shows no more than its first 10,000. It looks for words, so that what it finds is compared. */
    @Override
    public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
        if (cursor != null && !cursor.matches("\\d{1,18}")) {
            return Members.foreignCursor();
        }
        int most = Math.min(SEARCH_PAGE, limit);
        JsonArray filters = new JsonArray().add(filter(field.name(), "CONTAINS_TOKEN", tag.requireId()));
        if (cursor != null) {
            filters.add(filter("hs_object_id", "GT", cursor));
        }
        JsonObject search = new JsonObject()
                .put("filterGroups", new JsonArray().add(new JsonObject().put("filters", filters)))
                .put("sorts", new JsonArray().add("hs_object_id"))
                .put("properties", new JsonArray().add(field.name()))
                .put("limit", most)
                .put("after", 0);
        return send(
                        call,
                        post("/crm/v3/objects/contacts/search")
                                .asRepeatable()
                                .bucket(HubSpot.SEARCH)
                                .json(search))
                .map(json -> {
                    List<JsonObject> found = Json.objects(json, "results").toList();
                    List<String> ids = found.stream()
                            .filter(each -> chosen(each).contains(tag.requireId()))
                            .map(each -> Json.text(each, "id"))
                            .toList();
                    return new Page<>(ids, found.size() < most ? null : Json.text(found.get(found.size() - 1), "id"));
                });
    }

    private static JsonObject filter(String property, String operator, String value) {
        return new JsonObject()
                .put("propertyName", property)
                .put("operator", operator)
                .put("value", value);
    }

    // ---- writes

    @Override
    public Future<Contact> change(
            Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return remove.isEmpty() && apply.isEmpty()
                ? updateContact(call, contact, fields)
                : contact(call, contact, field.name())
                        .compose(before ->
                                updateContact(call, contact, field.changed(chosen(before), fields, remove, apply)));
    }

    /** Changes of many contacts are one call, after one that reads them; creations, deletions and events go by themselves. */
    @Override
    public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
        return Grouping.deliver(
                batches,
                batch -> Grouping.isPlain(batch) && field.canHold(batch.apply()),
                fitting -> together(call, fitting),
                rest -> super.deliver(call, rest));
    }

    private Future<List<Outcome>> together(Call call, List<Batch> batches) {
        List<String> ids = batches.stream().map(HubSpotOptions::id).toList();
        return read(call, "id", List.of(field.name()), ids).compose(found -> {
            Map<String, Set<String>> before = new HashMap<>();
            found.forEach(each -> before.put(Json.text(each, "id"), chosen(each)));
            return written(call, batches, field.changed(batches, HubSpotOptions::id, before));
        });
    }

    private static String id(Batch batch) {
        return batch.contact().requireId();
    }

    private Future<List<Outcome>> written(Call call, List<Batch> batches, Map<String, Map<String, Value>> changed) {
        Future<Map<String, CrmException>> updated =
                changed.isEmpty() ? Future.succeededFuture(Map.of()) : updateContacts(call, changed);
        return updated.map(failures -> batches.stream()
                .map(batch -> outcome(batch, changed.keySet(), failures))
                .toList());
    }

    private static Outcome outcome(Batch batch, Set<String> there, Map<String, CrmException> failures) {
        String id = id(batch);
        CrmException failure =
                there.contains(id) ? failures.get(id) : CrmException.notFound("HubSpot has no such contact");
        return failure == null ? new Outcome.Done(batch, batch.contact(), null) : new Outcome.Failed(batch, failure);
    }

    /** The options of a property are written as a whole. */
    @Override
    public Future<Tag> addTag(Call call, String name) {
        return property(call).compose(property -> {
            JsonArray options = Json.array(property, "options").copy();
            boolean known =
                    Json.objects(property, "options").anyMatch(option -> name.equals(option.getString("value")));
            if (known || name.contains(";")) {
                return Future.failedFuture(
                        known
                                ? CrmException.of(CrmException.Kind.DUPLICATE, "there is an option " + name, null)
                                : CrmException.of(CrmException.Kind.INVALID, "an option has no semicolon", null));
            }
            options.add(new JsonObject()
                    .put("label", name)
                    .put("value", name)
                    .put("hidden", false)
                    .put("displayOrder", -1));
            return send(
                            call,
                            patch(PROPERTY)
                                    .with("property", field.name())
                                    .json(new JsonObject().put("options", options)))
                    .map(Tag.of(name, name));
        });
    }
}
