package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.CombinedChange;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deletion;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Event;
import io.crmux.crm.Events;
import io.crmux.crm.Field;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Loaded;
import io.crmux.crm.Operation;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.crmux.crm.Verdict;
import io.crmux.crm.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Groundhogg on another site, over the WordPress REST API: {@code gh/v4}. Tags are known by their ids, and sent as numbers, since a text would be taken for the
 * name of a new one. Facts are from the source of 4.7.1, and what that version was seen to answer.
 *
 * <p>No call is made to the collection of contacts but with an array in its body: an object there changes all contacts. Nor is one made to a contact whose id
 * is no number.
 */
public final class Groundhogg implements Connector {

    private static final String V4 = "/wp-json/gh/v4";
    private static final String CONTACTS = V4 + "/contacts";
    private static final String CONTACT = V4 + "/contacts/{id}";
    private static final String TAGS = V4 + "/contacts/{id}/tags";
    private static final int PAGE = 1000;

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "groundhogg-rest",
            "Groundhogg (REST API)",
            List.of(
                    Setting.required("url", Setting.Type.URL, "the address of the WordPress site"),
                    Setting.required(
                            "username", Setting.Type.TEXT, "a WordPress user who may manage contacts and tags"),
                    Setting.secret("password", "an application password of that user"),
                    Setting.optional(
                            "default_status",
                            Setting.Type.INTEGER,
                            "2",
                            "the opt-in status of new contacts: 1 unconfirmed, 2 confirmed, 3 unsubscribed, 4 weekly, 5 monthly"),
                    WebhookSecret.setting("the word behind ?secret= in the address of webhooks")),
            Authentication.basic("username", "password"),
            List.of(),
            3,
            "a tag's id; names are found, and created",
            EnumSet.complementOf(EnumSet.of(Operation.SYNC_LISTS)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name"),
                    "billing_phone", FieldTarget.text("primary_phone"),
                    "billing_address_1", FieldTarget.text("street_address_1"),
                    "billing_address_2", FieldTarget.text("street_address_2"),
                    "billing_city", FieldTarget.text("city"),
                    "billing_state", new FieldTarget("region", FieldType.STATE),
                    "billing_postcode", FieldTarget.text("postal_zip"),
                    "billing_country", new FieldTarget("country", FieldType.COUNTRY)),
            Descriptor.Countries.CODE,
            "https://help.groundhogg.io/");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** A change that changes nothing is answered with 401. WordPress says 404 for a plugin that is not active. */
    @Override
    public Verdict judge(Request request, Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.ok();
        }
        JsonObject body = Members.orNothing(answer);
        String code = String.valueOf(body.getValue("code"));
        if (status == 401 && code.equals("no_changes")) {
            return Verdict.ok();
        }
        boolean elsewhere = !Members.isObject(answer) || code.equals("rest_no_route");
        return (status == 404 && elsewhere) || answer.body().toString().contains("Enable JavaScript")
                ? Verdict.failed(
                        CrmException.unavailable("the site answers, but not as Groundhogg does: is it active?", status))
                : Verdict.byStatus(answer, String.valueOf(body.getValue("message", "")));
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(settings.url("url"), settings.integer("default_status"), WebhookSecret.of(settings), http);
    }

    private record Opened(String base, int status, WebhookSecret secret, Http http)
            implements CombinedChange, TagCreation, Events, Deletion, Webhooks {

        private static final Set<String> DATA = Set.of(
                "email",
                "first_name",
                "last_name",
                "user_id",
                "owner_id",
                "optin_status",
                "date_created",
                "date_optin_status_changed");

        private static final List<String> STANDARD = List.of(
                "email",
                "first_name",
                "last_name",
                "optin_status",
                "owner_id",
                "primary_phone",
                "mobile_phone",
                "street_address_1",
                "street_address_2",
                "city",
                "region",
                "postal_zip",
                "country",
                "company_name",
                "company_address",
                "job_title",
                "website",
                "birthday");

        /** A hundred contacts may fit into one call; so many are surely saved within the time that a call may take. */
        private static final int BATCH = 20;

        private static final Traits TRAITS = new Traits(
                Traits.Canonical.ID,
                true,
                Traits.Creation.BY_CALL,
                Traits.Add.UPSERTS,
                Traits.Address.ID,
                Duration.ZERO,
                BATCH);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        @Override
        public Future<Account> connect(Call call) {
            return send(call, get(CONTACTS).query("limit", "1")).map(json -> {
                Json.array(json, "items");
                return new Account(base);
            });
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return all(call, V4 + "/tags", new ArrayList<>())
                    .map(tags -> tags.stream().map(Opened::tag).toList());
        }

        private static Tag tag(JsonObject tag) {
            return Tag.of(Json.text(tag, "ID"), Json.text(Json.object(tag, "data"), "tag_name"));
        }

        /** That a custom field tells its type is assumed. */
        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return all(call, V4 + "/fields", new ArrayList<>()).map(custom -> {
                List<Field> fields = new ArrayList<>();
                STANDARD.forEach(id -> fields.add(Field.of(id, id, FieldType.TEXT, "Standard fields")));
                custom.stream()
                        .map(field -> Field.of(
                                Json.text(field, "id"), Json.text(field, "label"), type(field), "Custom fields"))
                        .filter(field -> !STANDARD.contains(field.id()))
                        .forEach(fields::add);
                return fields;
            });
        }

        private static FieldType type(JsonObject field) {
            String type = Json.textOrNull(field, "type");
            return switch (type == null ? "" : type) {
                case "date" -> FieldType.DATE;
                case "datetime" -> FieldType.DATETIME;
                case "number" -> FieldType.NUMBER;
                case "checkboxes", "multiselect" -> FieldType.MULTISELECT;
                default -> FieldType.TEXT;
            };
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return send(call, get(CONTACTS).query("email", email).query("limit", "1"))
                    .map(json -> Json.objects(json, "items")
                            .map(Opened::contact)
                            .filter(found -> email.equalsIgnoreCase(found.email()))
                            .findFirst());
        }

        private static Contact contact(JsonObject found) {
            return new Contact(Json.text(found, "ID"), Json.textOrNull(Json.object(found, "data"), "email"));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return read(call, contact).map(Opened::tagsOf);
        }

        private static Set<Tag> tagsOf(JsonObject found) {
            Set<Tag> tags = new LinkedHashSet<>();
            Members.rows(found, "tags").map(Opened::tag).forEach(tags::add);
            return tags;
        }

        /** Where there are no further fields, they are an empty array. */
        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return read(call, contact).map(found -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                if (found.getValue("meta") instanceof JsonObject meta) {
                    meta.forEach(field -> put(fields, field.getKey(), field.getValue()));
                }
                JsonObject data = Json.object(found, "data");
                DATA.forEach(field -> put(fields, field, data.getValue(field)));
                return new Loaded(contact(found), fields);
            });
        }

        private static void put(Map<String, Value> fields, String field, @Nullable Object held) {
            if (!(held instanceof JsonObject)) {
                Members.put(fields, field, held);
            }
        }

        private Future<JsonObject> read(Call call, Contact contact) {
            return one(call, contact, get(CONTACT)).map(json -> Json.object(json, "item"));
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            int most = Math.min(PAGE, limit);
            if (cursor != null && !cursor.matches("\\d{1,9}")) {
                return Members.foreignCursor();
            }
            int offset = cursor == null ? 0 : Integer.parseInt(cursor);
            Request request = get(CONTACTS)
                    .query("tags_include", tag.requireId())
                    .query("limit", Integer.toString(most))
                    .query("offset", Integer.toString(offset));
            return send(call, request).map(json -> {
                List<String> ids = Json.objects(json, "items")
                        .map(found -> Json.text(found, "ID"))
                        .toList();
                return new Page<>(ids, ids.size() < most ? null : Integer.toString(offset + most));
            });
        }

        // ---- writes

        /** A known address is looked for first: adding it anew would subscribe somebody who has left. */
        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            Value email = fields.get("email");
            return email == null
                    ? create(call, fields)
                    : getContactId(call, email.asText())
                            .compose(found -> found.isPresent()
                                    ? updateContact(call, found.get(), fields)
                                            .map(known -> new Added(known.requireId(), Added.How.EXISTED))
                                    : create(call, fields));
        }

        private Future<Added> create(Call call, Map<String, Value> fields) {
            JsonObject contact = wire(fields);
            JsonObject data = contact.getJsonObject("data");
            if (!data.containsKey("optin_status")) {
                data.put("optin_status", status);
            }
            return send(call, Request.post(base, CONTACTS).asRepeatable().json(contact))
                    .map(json -> new Added(Json.text(Json.object(json, "item"), "ID"), Added.How.CREATED));
        }

        /** One call for all of it. Where it says that nothing changes, the tags are sent once more by the calls for tags alone. */
        @Override
        public Future<Contact> change(
                Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            Request request = Request.patch(base, CONTACT).json(wire(fields, remove, apply));
            return one(call, contact, request).compose(json -> {
                if ("no_changes".equals(json.getValue("code"))) {
                    return tags(call, contact, remove, apply).map(contact);
                }
                JsonObject item = Json.object(json, "item");
                check(ids(item), remove, apply);
                return Future.succeededFuture(contact(item));
            });
        }

        private Future<Void> tags(Call call, Contact contact, Set<Tag> remove, Set<Tag> apply) {
            return tags(call, contact, Request.delete(base, TAGS), remove)
                    .compose(has -> tags(call, contact, Request.post(base, TAGS).asRepeatable(), apply))
                    .compose(done -> read(call, contact))
                    .map(found -> {
                        check(ids(found), remove, apply);
                        return null;
                    });
        }

        private Future<Void> tags(Call call, Contact contact, Request request, Set<Tag> tags) {
            return tags.isEmpty()
                    ? Future.succeededFuture()
                    : one(
                                    call,
                                    contact,
                                    request.body(
                                            "application/json", numbers(tags).toBuffer()))
                            .mapEmpty();
        }

        private static Set<String> ids(JsonObject found) {
            return tagsOf(found).stream().map(Tag::requireId).collect(Collectors.toSet());
        }

        /** Tags that it does not know are skipped without a word. */
        private static void check(Set<String> has, Set<Tag> remove, Set<Tag> apply) {
            apply.stream()
                    .filter(tag -> !has.contains(tag.requireId()))
                    .findFirst()
                    .ifPresent(missing -> {
                        throw CrmException.of(Kind.INVALID, "there is no tag " + missing.name(), null);
                    });
            if (remove.stream().anyMatch(tag -> has.contains(tag.requireId()))) {
                throw CrmException.unavailable("a tag was not taken away", 200);
            }
        }

        /** Changes of several contacts are one call. */
        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            return Grouping.deliver(
                    batches,
                    batch -> Grouping.isPlain(batch)
                            && !batch.fields().containsKey("email")
                            && Members.isNumber(batch.contact()),
                    plain -> together(call, plain),
                    rest -> CombinedChange.super.deliver(call, rest));
        }

        private Future<List<Outcome>> together(Call call, List<Batch> batches) {
            JsonArray changes = new JsonArray();
            batches.forEach(batch -> changes.add(wire(batch.fields(), batch.remove(), batch.apply())
                    .put("ID", Long.valueOf(batch.contact().requireId()))));
            Request request = Request.patch(base, CONTACTS).body("application/json", changes.toBuffer());
            return send(call, request).compose(json -> {
                Map<String, JsonObject> items = Json.objects(json, "items")
                        .collect(Collectors.toMap(item -> Json.text(item, "ID"), item -> item, (one, other) -> other));
                List<Future<Outcome>> outcomes = batches.stream()
                        .map(batch ->
                                outcome(call, batch, items.get(batch.contact().requireId())))
                        .toList();
                return Future.all(outcomes).map(all -> all.<Outcome>list());
            });
        }

        /** Who is unknown is skipped without a word, and so may be whom nothing changes for: delivered alone, that is told. */
        private Future<Outcome> outcome(Call call, Batch batch, @Nullable JsonObject item) {
            if (item == null) {
                return CombinedChange.super.deliver(call, List.of(batch)).map(outcomes -> outcomes.get(0));
            }
            return Future.succeededFuture(item)
                    .<Outcome>map(found -> {
                        check(ids(found), batch.remove(), batch.apply());
                        return new Outcome.Done(batch, batch.contact(), null);
                    })
                    .otherwise(failure -> new Outcome.Failed(batch, CrmException.of(failure)));
        }

        /** A tag that is there already would be answered as if it were new: the list tells. */
        @Override
        public Future<Tag> addTag(Call call, String name) {
            return syncTags(call)
                    .compose(tags -> tags.stream().anyMatch(tag -> tag.name().equalsIgnoreCase(name))
                            ? Future.failedFuture(CrmException.of(Kind.DUPLICATE, "the tag is there already", null))
                            : send(call, Request.post(base, V4 + "/tags").json(new JsonObject().put("tag_name", name))))
                    .map(json -> Tag.of(Json.text(Json.object(json, "item"), "ID"), name));
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return one(call, contact, Request.delete(base, CONTACT)).mapEmpty();
        }

        /** Without force an equal event would be updated, and not recorded again. */
        @Override
        public Future<Void> trackEvent(Call call, Contact contact, Event event) {
            return Members.number(contact)
                    .compose(id -> {
                        JsonObject data =
                                new JsonObject().put("activity_type", "crmux").put("contact_id", id);
                        JsonObject meta = new JsonObject()
                                .put("event_name", event.name())
                                .put("event_value", event.properties().encode());
                        Request request = Request.post(base, V4 + "/activity").query("force", "1");
                        return send(
                                call,
                                request.json(new JsonObject().put("data", data).put("meta", meta)));
                    })
                    .mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return WordPressWebhooks.read(notice, secret);
        }

        // ---- mapping

        private static JsonObject wire(Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            JsonObject change = wire(fields);
            if (!apply.isEmpty()) {
                change.put("apply_tags", numbers(apply));
            }
            return remove.isEmpty() ? change : change.put("remove_tags", numbers(remove));
        }

        /** A number is an id; a text would be a name, and be created. */
        private static JsonArray numbers(Set<Tag> tags) {
            return new JsonArray(
                    tags.stream().map(tag -> Long.valueOf(tag.requireId())).toList());
        }

        private static JsonObject wire(Map<String, Value> fields) {
            JsonObject data = new JsonObject();
            JsonObject meta = new JsonObject();
            fields.forEach((field, value) -> (DATA.contains(field) ? data : meta).put(field, wire(value)));
            JsonObject contact = new JsonObject().put("data", data);
            return meta.isEmpty() ? contact : contact.put("meta", meta);
        }

        private static Object wire(Value value) {
            if (value instanceof Value.Choices choices) {
                return new JsonArray(choices.chosen());
            }
            if (value instanceof Value.Num num) {
                return num.number();
            }
            return value instanceof Value.Time time
                    ? time.instant().toString().substring(0, 19).replace('T', ' ')
                    : value.asText();
        }

        private Request get(String template) {
            return Request.get(base, template);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Members::afterWarnings);
        }

        /** A request about one contact. */
        private Future<JsonObject> one(Call call, Contact contact, Request request) {
            return Members.number(contact).compose(id -> send(call, request.with("id", id.toString())));
        }

        private Future<List<JsonObject>> all(Call call, String template, List<JsonObject> found) {
            Request request = get(template)
                    .query("limit", Integer.toString(PAGE))
                    .query("offset", Integer.toString(found.size()));
            return send(call, request).compose(json -> {
                List<JsonObject> page = Json.objects(json, "items").toList();
                found.addAll(page);
                return page.size() < PAGE ? Future.succeededFuture(found) : all(call, template, found);
            });
        }
    }
}
