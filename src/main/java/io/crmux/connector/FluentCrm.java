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
import io.crmux.crm.Lists;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * FluentCRM on another site, over the WordPress REST API: {@code fluent-crm/v2}. A tag is known by its slug, or by its id where the settings say so; its
 * name is its title. Tags on and off are one call, for all contacts that are changed alike. Facts are from the vendor's description, the source of 2.9.84, and what
 * that version was seen to answer.
 *
 * <p>Fields are a call for each contact. The one that adds or updates many, {@code bulk-add-update}, is not used: it knows them by address alone, so that it
 * would create anew whoever is gone or has got another address, and write to whoever has the address by now, and what it makes of the status and of custom
 * values of those who are there is not said. No call looks up several addresses.
 */
public final class FluentCrm implements Connector {

    private static final String V2 = "/wp-json/fluent-crm/v2";
    private static final String CONTACTS = V2 + "/subscribers";
    private static final String CONTACT = V2 + "/subscribers/{id}";
    private static final String TAGS = V2 + "/tags";
    private static final int PAGE = 500;

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "fluentcrm-rest",
            "FluentCRM (REST API)",
            List.of(
                    Setting.required("url", Setting.Type.URL, "the address of the WordPress site"),
                    Setting.required("username", Setting.Type.TEXT, "a WordPress user who may manage contacts"),
                    Setting.secret("password", "an application password of that user"),
                    new Setting(
                            "tag_format",
                            Setting.Type.CHOICE,
                            false,
                            false,
                            "slug",
                            List.of("slug", "id"),
                            "what a tag is known by"),
                    new Setting(
                            "default_status",
                            Setting.Type.CHOICE,
                            false,
                            false,
                            "subscribed",
                            List.of("subscribed", "pending", "unsubscribed"),
                            "the status of new contacts; a pending one is asked by mail to confirm"),
                    WebhookSecret.setting("the word behind ?secret= in the address of webhooks")),
            Authentication.basic("username", "password"),
            List.of(),
            3,
            "a tag's slug (or its id)",
            EnumSet.allOf(Operation.class),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name"),
                    "billing_phone", FieldTarget.text("phone"),
                    "billing_address_1", FieldTarget.text("address_line_1"),
                    "billing_address_2", FieldTarget.text("address_line_2"),
                    "billing_city", FieldTarget.text("city"),
                    "billing_state", new FieldTarget("state", FieldType.STATE),
                    "billing_postcode", FieldTarget.text("postal_code"),
                    "billing_country", new FieldTarget("country", FieldType.COUNTRY)),
            Descriptor.Countries.CODE,
            "https://rest-api.fluentcrm.com/");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** WordPress says 404 for a plugin that is not active, and the plugin 422 for a contact that is not there. */
    @Override
    public Verdict judge(Request request, Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.ok();
        }
        JsonObject body = Members.orNothing(answer);
        String message = String.valueOf(body.getValue("message", ""));
        boolean nobody = message.startsWith("Subscriber not found") || message.startsWith("No query results");
        if (nobody) {
            return Verdict.failed(CrmException.of(Kind.NOT_FOUND, message, status));
        }
        boolean elsewhere = !Members.isObject(answer) || "rest_no_route".equals(body.getValue("code"));
        if ((status == 404 && elsewhere) || answer.body().toString().contains("Enable JavaScript")) {
            return Verdict.failed(
                    CrmException.unavailable("the site answers, but not as FluentCRM does: is it active?", status));
        }
        if (status != 422) {
            return Verdict.byStatus(answer, message);
        }
        if (request.template().endsWith("/track-event") && body.containsKey("error_code")) {
            return Verdict.failed(CrmException.of(Kind.UNSUPPORTED, message, status));
        }
        String words = answer.body().toString();
        boolean taken = words.contains("already") || words.contains("\"unique\"");
        return Verdict.failed(CrmException.of(taken ? Kind.DUPLICATE : Kind.INVALID, message, status));
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(
                settings.url("url"),
                new FluentCrmTags(settings.url("url"), settings.text("tag_format"), http),
                settings.text("default_status"),
                WebhookSecret.of(settings),
                http);
    }

    private record Opened(String base, FluentCrmTags tagging, String status, WebhookSecret secret, Http http)
            implements CombinedChange, TagCreation, Lists, Events, Deletion, Webhooks {

        private static final List<String> STANDARD = List.of(
                "email",
                "first_name",
                "last_name",
                "prefix",
                "phone",
                "address_line_1",
                "address_line_2",
                "city",
                "state",
                "postal_code",
                "country",
                "date_of_birth",
                "timezone",
                "source",
                "contact_type",
                "status");

        /** So many contacts are assumed to go into a call. */
        private static final int BATCHES = 100;

        /** Three deliveries go on at once: all calls are surely made within the minute that each may take, by a site that takes half a second for a call. */
        private static final int MOST_CALLS = 100;

        /** Each has two calls of its own at most. */
        private static final int MOST_IN_DOUBT = MOST_CALLS / 2;

        private static final Traits TRAITS = new Traits(
                Traits.Canonical.ID,
                true,
                Traits.Creation.BY_CALL,
                Traits.Add.REFUSES,
                Traits.Address.ID,
                Duration.ZERO,
                BATCHES);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        @Override
        public Future<Account> connect(Call call) {
            return send(call, get(CONTACTS).query("per_page", "1")).map(json -> {
                Json.object(json, "subscribers");
                return new Account(base);
            });
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return tags(call).map(tags -> tags.stream().map(tagging::tag).toList());
        }

        private Future<List<JsonObject>> tags(Call call) {
            Request request = get(TAGS)
                    .query("all_tags", "1")
                    .query("exclude_counts", "1")
                    .query("per_page", "1");
            return send(call, request)
                    .map(json -> Json.objects(json, "all_tags").toList());
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return send(call, get(V2 + "/custom-fields/contacts")).map(json -> {
                List<Field> fields = new ArrayList<>();
                STANDARD.forEach(id -> fields.add(Field.of(id, id, FieldType.TEXT, "Standard fields")));
                Json.objects(json, "fields").map(Opened::field).forEach(fields::add);
                return fields;
            });
        }

        private static Field field(JsonObject field) {
            FieldType type = switch (Json.text(field, "type")) {
                case "date" -> FieldType.DATE;
                case "date_time" -> FieldType.DATETIME;
                case "number" -> FieldType.NUMBER;
                case "select-multi", "checkbox" -> FieldType.MULTISELECT;
                default -> FieldType.TEXT;
            };
            List<String> options = field.getValue("options") instanceof JsonArray some
                    ? some.stream().map(String::valueOf).toList()
                    : List.of();
            return new Field(Json.text(field, "slug"), Json.text(field, "label"), type, "Custom fields", options, true);
        }

        @Override
        public Future<List<MailingList>> syncLists(Call call) {
            return lists(call, 1, new ArrayList<>());
        }

        /** Older versions answer all lists at once. */
        private Future<List<MailingList>> lists(Call call, int page, List<MailingList> found) {
            Request request =
                    get(V2 + "/lists").query("per_page", Integer.toString(PAGE)).query("page", Integer.toString(page));
            return send(call, request).compose(json -> {
                boolean paged = json.getValue("lists") instanceof JsonObject;
                JsonObject lists = paged ? Json.object(json, "lists") : json;
                Json.objects(lists, paged ? "data" : "lists")
                        .map(list -> new MailingList(Json.text(list, "id"), Json.text(list, "title")))
                        .forEach(found::add);
                return paged && page < Json.integer(lists, "last_page")
                        ? lists(call, page + 1, found)
                        : Future.succeededFuture(found);
            });
        }

        /** The address is minded only where the id is none; the search would find parts of addresses. */
        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return send(call, get(CONTACT).with("id", "0").query("get_by_email", email))
                    .map(json -> contact(Json.object(json, "subscriber")))
                    .map(found -> Optional.of(found).filter(contact -> email.equalsIgnoreCase(contact.email())))
                    .recover(Members::nobody);
        }

        private static Contact contact(JsonObject found) {
            return new Contact(Json.text(found, "id"), Json.textOrNull(found, "email"));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return read(call, contact, false).map(tagging::of);
        }

        /** No custom values are an empty array. */
        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return read(call, contact, true).map(found -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                if (found.getValue("custom_values") instanceof JsonObject custom) {
                    custom.forEach(field -> Members.put(fields, field.getKey(), field.getValue()));
                }
                STANDARD.forEach(field -> Members.put(fields, field, found.getValue(field)));
                return new Loaded(contact(found), fields);
            });
        }

        private Future<JsonObject> read(Call call, Contact contact, boolean withCustom) {
            return Members.number(contact)
                    .compose(id -> {
                        Request request = get(CONTACT).with("id", id.toString());
                        return send(call, withCustom ? request.query("with[]", "subscriber.custom_values") : request);
                    })
                    .map(json -> Json.object(json, "subscriber"));
        }

        /** The filter takes a tag by its id alone: the cursor holds it, so that it is looked up once. */
        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            if (cursor != null && !cursor.matches("\\d{1,18}:\\d{1,9}")) {
                return Members.foreignCursor();
            }
            int page = cursor == null ? 1 : Integer.parseInt(cursor.substring(cursor.indexOf(':') + 1));
            Future<String> known = cursor == null
                    ? tagId(call, tag)
                    : Future.succeededFuture(cursor.substring(0, cursor.indexOf(':')));
            return known.compose(id -> {
                Request request = get(CONTACTS)
                        .query("tags[]", id)
                        .query("sort_by", "id")
                        .query("sort_type", "ASC")
                        .query("per_page", Integer.toString(Math.min(PAGE, limit)))
                        .query("page", Integer.toString(page));
                return send(call, request).map(json -> {
                    JsonObject found = Json.object(json, "subscribers");
                    return new Page<>(
                            Json.objects(found, "data")
                                    .map(each -> Json.text(each, "id"))
                                    .toList(),
                            page < Json.integer(found, "last_page") ? id + ":" + (page + 1) : null);
                });
            });
        }

        private Future<String> tagId(Call call, Tag tag) {
            return tagging.format().equals("id")
                    ? Future.succeededFuture(tag.requireId())
                    : tags(call)
                            .map(tags -> tags.stream()
                                    .filter(each -> tag.requireId().equals(Json.text(each, "slug")))
                                    .map(each -> Json.text(each, "id"))
                                    .findFirst()
                                    .orElseThrow(() -> FluentCrmTags.noTag(Set.of(tag))));
        }

        // ---- writes

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            JsonObject contact = wire(fields);
            if (!contact.containsKey("status")) {
                contact.put("status", status);
            }
            return send(call, Request.post(base, CONTACTS).json(contact))
                    .map(json -> new Added(Json.text(Json.object(json, "contact"), "id"), Added.How.CREATED))
                    .compose(added -> "pending".equals(contact.getValue("status"))
                            ? asked(call, added)
                            : Future.succeededFuture(added));
        }

        /** A pending contact gets no mail until it is asked to. */
        private Future<Added> asked(Call call, Added added) {
            Request request = Request.post(base, CONTACT + "/send-double-optin").with("id", added.id());
            return http.send(call, request).map(added);
        }

        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            return Members.number(contact)
                    .compose(id -> send(
                            call,
                            Request.put(base, CONTACT)
                                    .with("id", id.toString())
                                    .json(new JsonObject().put("subscriber", wire(fields)))))
                    .map(json -> contact(Json.object(json, "contact")));
        }

        /** Tags on and off are one call, and fields another: the one for both takes tags by id alone. */
        @Override
        public Future<Contact> change(
                Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            Future<Contact> updated =
                    fields.isEmpty() ? Future.succeededFuture(contact) : updateContact(call, contact, fields);
            return updated.compose(
                    now -> tagging.change(call, now, remove, apply).map(now));
        }

        /** Whoever is changed like others costs nothing more: a hundred of them go together, and those who have calls of their own are few. */
        @Override
        public List<Batch> together(List<Batch> due) {
            return Grouping.within(
                    MOST_CALLS,
                    due,
                    some -> FluentCrmTags.calls(some)
                            + some.stream().mapToLong(Opened::ownCalls).sum());
        }

        /** Beside those for tags. Whoever is added may have to be asked to confirm. */
        private static int ownCalls(Batch batch) {
            if (batch.delete()) {
                return 1;
            }
            int forFields = batch.fields().isEmpty() ? 0 : 1;
            return (batch.create() ? 2 : forFields) + batch.events().size();
        }

        /** Contacts whose tags change alike are one call. */
        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            Grouping.Way alone = some -> CombinedChange.super.deliver(call, some);
            return Grouping.deliver(
                    batches,
                    TagsTogether::fits,
                    together ->
                            TagsTogether.deliver(together, MOST_IN_DOUBT, alone, parts -> tagging.change(call, parts)),
                    rest -> Grouping.each(rest, alone));
        }

        @Override
        public Future<Tag> addTag(Call call, String name) {
            return send(call, Request.post(base, TAGS).json(new JsonObject().put("title", name)))
                    .map(json -> tagging.tag(Json.object(json, "item")));
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return Members.number(contact)
                    .compose(id -> http.send(call, Request.delete(base, CONTACT).with("id", id.toString())))
                    .mapEmpty();
        }

        /** An event has one value: the properties go there as they are. */
        @Override
        public Future<Void> trackEvent(Call call, Contact contact, Event event) {
            return Members.number(contact)
                    .compose(id -> {
                        JsonObject wire = new JsonObject()
                                .put("event_key", event.name())
                                .put("title", event.name())
                                .put("value", event.properties().encode())
                                .put("subscriber_id", id)
                                .put("repeatable", true);
                        return http.send(
                                call,
                                Request.post(base, CONTACTS + "/track-event").json(wire));
                    })
                    .mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return WordPressWebhooks.read(notice, secret);
        }

        // ---- mapping

        private static JsonObject wire(Map<String, Value> fields) {
            JsonObject contact = new JsonObject();
            JsonObject custom = new JsonObject();
            fields.forEach((field, value) -> (STANDARD.contains(field) ? contact : custom).put(field, wire(value)));
            return custom.isEmpty() ? contact : contact.put("custom_values", custom);
        }

        private static Object wire(Value value) {
            if (value instanceof Value.Choices choices) {
                return new JsonArray(choices.chosen());
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
    }
}
