package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deletion;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Event;
import io.crmux.crm.Events;
import io.crmux.crm.Field;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Http;
import io.crmux.crm.JobState;
import io.crmux.crm.Jobs;
import io.crmux.crm.Json;
import io.crmux.crm.Limit;
import io.crmux.crm.Lists;
import io.crmux.crm.Loaded;
import io.crmux.crm.Operation;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.Request.Pair;
import io.crmux.crm.RetryAfter;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ActiveCampaign: API v3, and the older v1 for contacts' tags, since it takes them by name and any number in one call, while v3 takes one id a call. Of many contacts that
 * are due at once, what can be {@linkplain ActiveCampaignImports imported} is.
 * Facts are from the vendor's v3 description and rate-limit page; those of v1 from what public clients send.
 */
public final class ActiveCampaign implements Connector {

    private static final String V3 = "/api/3";
    private static final String V1 = "/admin/api.php";
    private static final int PAGE = 100;
    static final String DELETED = "deleted\\+\\d+@.*";

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "activecampaign",
            "ActiveCampaign",
            List.of(
                    Setting.required("url", Setting.Type.URL, "the API address, from Settings > Developer"),
                    Setting.secret("key", "the API key, from Settings > Developer"),
                    Setting.optional("urls.events", Setting.Type.URL, "https://trackcmp.net", "where events go"),
                    WebhookSecret.setting("the word behind ?secret= in the address of webhooks")),
            Authentication.described("key in the header api-token (v3) or the query (v1)", ActiveCampaign::sign),
            List.of(
                    Limit.of(5, Duration.ofSeconds(1)),
                    new Limit(100, Duration.ofMinutes(1), ActiveCampaignImports.BUCKET)),
            4,
            "a tag's name, unique ignoring case; applying an unknown one creates it",
            EnumSet.allOf(Operation.class),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name"),
                    "billing_phone", FieldTarget.text("phone")),
            Descriptor.Countries.NAME,
            "https://developers.activecampaign.com/reference/overview");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** v3 takes the key in a header, v1 in the query; the host for events has a key of its own. */
    private static Request sign(Request request, Settings settings, long millis) {
        if (request.template().equals(V1)) {
            return request.query("api_key", settings.text("key")).query("api_output", "json");
        }
        return request.template().startsWith(V3) ? request.header("api-token", settings.text("key")) : request;
    }

    /** How much is left of the second is in headers (rate-limit page). */
    @Override
    public Verdict judge(Request request, Answer answer) {
        return outcome(request, answer)
                .telling(Allowance.read(
                        answer, Limit.ORDINARY, "ratelimit-limit", Duration.ofSeconds(1), "ratelimit-remaining", null));
    }

    /** v1 answers 200 to everything and tells in its body; older accounts say "slow down" with a 503. */
    private static Verdict outcome(Request request, Answer answer) {
        int status = answer.status();
        if (status == 429 || status == 503) {
            return Verdict.failed(CrmException.of(CrmException.Kind.RATE_LIMITED, "too many calls", status)
                    .waiting(RetryAfter.millis(answer)));
        }
        if (status >= 300) {
            return judgeFailure(request, answer);
        }
        return request.template().equals(V1) ? judgeV1(answer) : Verdict.ok();
    }

    private static Verdict judgeFailure(Request request, Answer answer) {
        JsonObject json = jsonOrNothing(answer);
        JsonObject error = json.getValue("errors") instanceof JsonArray errors
                        && !errors.isEmpty()
                        && errors.getValue(0) instanceof JsonObject first
                ? first
                : new JsonObject();
        String message = String.valueOf(error.getValue("title", json.getValue("message", "")));
        if (request.template().equals(ActiveCampaignImports.IMPORT) && message.startsWith("Rate limit")) {
            return Verdict.failed(CrmException.of(CrmException.Kind.RATE_LIMITED, message, answer.status())
                    .waiting(ActiveCampaignImports.PAUSE_MILLIS));
        }
        return answer.status() == 422 && "duplicate".equals(error.getValue("code"))
                ? Verdict.failed(CrmException.of(CrmException.Kind.DUPLICATE, message, 422))
                : Verdict.byStatus(answer, message);
    }

    private static Verdict judgeV1(Answer answer) {
        JsonObject json = answer.json();
        if ("1".equals(String.valueOf(json.getValue("result_code")))) {
            return Verdict.ok();
        }
        String message = String.valueOf(json.getValue("result_message", ""));
        boolean notFound = Stream.of("Invalid contact ID", "Contact does not exist", "Nothing is returned")
                .anyMatch(message::contains);
        boolean denied = message.contains("not authorized");
        CrmException.Kind kind = notFound
                ? CrmException.Kind.NOT_FOUND
                : denied ? CrmException.Kind.UNAUTHORIZED : CrmException.Kind.INVALID;
        return Verdict.failed(CrmException.of(kind, message, answer.status()));
    }

    private static JsonObject jsonOrNothing(Answer answer) {
        try {
            return answer.json();
        } catch (CrmException html) {
            return new JsonObject();
        }
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(settings.url("url"), settings.url("urls.events"), WebhookSecret.of(settings), http);
    }

    private record Opened(String base, String events, WebhookSecret secret, Http http)
            implements Crm, Jobs, TagCreation, Lists, Events, Deletion, Webhooks {

        /** A contact search may lag behind a creation by some seconds: assumed, since nothing is published. */
        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                true,
                Traits.Creation.BY_APPLYING,
                Traits.Add.REFUSES,
                Traits.Address.ID,
                Duration.ofSeconds(5),
                ActiveCampaignImports.MOST_CONTACTS);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        @Override
        public Future<Account> connect(Call call) {
            return send(call, get("/users/me"))
                    .map(json -> new Account(Json.object(json, "user").getString("email", "ActiveCampaign")));
        }

        /** Tags of other kinds than contacts' are mixed in. */
        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return all(call, get("/tags"), "tags")
                    .map(tags -> tags.stream()
                            .filter(tag -> "contact".equals(tag.getString("tagType")))
                            .map(tag -> Tag.of(Json.text(tag, "id"), Json.text(tag, "tag")))
                            .toList());
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return all(call, get("/fields"), "fields").map(custom -> {
                List<Field> fields = new ArrayList<>();
                String standard = "Standard fields";
                fields.add(Field.of("email", "Email", FieldType.TEXT, standard));
                fields.add(Field.of("first_name", "First name", FieldType.TEXT, standard));
                fields.add(Field.of("last_name", "Last name", FieldType.TEXT, standard));
                fields.add(Field.of("phone", "Phone", FieldType.TEXT, standard));
                custom.forEach(field -> fields.add(
                        Field.of(Json.text(field, "id"), Json.text(field, "title"), type(field), "Custom fields")));
                return fields;
            });
        }

        private static FieldType type(JsonObject field) {
            return switch (field.getString("type", "")) {
                case "date" -> FieldType.DATE;
                case "datetime" -> FieldType.DATETIME;
                case "listbox", "checkbox" -> FieldType.MULTISELECT;
                default -> FieldType.TEXT;
            };
        }

        @Override
        public Future<List<MailingList>> syncLists(Call call) {
            return all(call, get("/lists"), "lists")
                    .map(lists -> lists.stream()
                            .map(list -> new MailingList(Json.text(list, "id"), Json.text(list, "name")))
                            .toList());
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return send(call, get("/contacts").query("email", email))
                    .map(json -> Json.objects(json, "contacts")
                            .filter(contact -> email.equalsIgnoreCase(contact.getString("email")))
                            .findFirst()
                            .map(contact -> new Contact(Json.text(contact, "id"), contact.getString("email"))));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return send(call, v1("contact_view").asRepeatable().query("id", contact.requireId()))
                    .map(json -> {
                        checkNotDeleted(json.getString("email"));
                        Set<Tag> tags = new LinkedHashSet<>();
                        Json.array(json, "tags").forEach(tag -> tags.add(Tag.named(tag.toString())));
                        return tags;
                    });
        }

        /** A deleted contact may still be answered, under an address that says so. */
        private static void checkNotDeleted(@Nullable String email) {
            if (email != null && email.matches(DELETED)) {
                throw CrmException.notFound("the contact is deleted");
            }
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return send(call, get("/contacts/{id}").with("id", contact.requireId()))
                    .map(json -> {
                        JsonObject found = Json.object(json, "contact");
                        checkNotDeleted(found.getString("email"));
                        return new Loaded(
                                new Contact(Json.text(found, "id"), found.getString("email")),
                                ActiveCampaignFields.read(json));
                    });
        }

        /** Paged by the last id, since offsets shift while contacts come and go. */
        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            if (cursor != null && !cursor.matches("\\d{1,18}")) {
                return Members.foreignCursor();
            }
            int most = Math.min(PAGE, limit);
            return tagId(call, tag).compose(id -> {
                Request request = get("/contacts")
                        .query("tagid", id)
                        .query("limit", Integer.toString(most))
                        .query("status", "-1")
                        .query("orders[id]", "ASC");
                return send(call, cursor == null ? request : request.query("id_greater", cursor))
                        .map(json -> {
                            List<String> ids = Json.objects(json, "contacts")
                                    .map(contact -> Json.text(contact, "id"))
                                    .toList();
                            return new Page<>(ids, ids.size() < most ? null : ids.get(ids.size() - 1));
                        });
            });
        }

        private Future<String> tagId(Call call, Tag tag) {
            if (tag.id() != null) {
                return Future.succeededFuture(tag.id());
            }
            return send(call, get("/tags").query("filters[search][eq]", tag.name()))
                    .map(json -> Json.objects(json, "tags")
                            .filter(found -> tag.name().equalsIgnoreCase(found.getString("tag")))
                            .map(found -> Json.text(found, "id"))
                            .findFirst()
                            .orElseThrow(() ->
                                    CrmException.of(CrmException.Kind.INVALID, "there is no tag " + tag.name(), null)));
        }

        // ---- writes

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            return send(call, Request.post(base, V3 + "/contacts").json(ActiveCampaignFields.write(fields)))
                    .map(json -> new Added(Json.text(Json.object(json, "contact"), "id"), Added.How.CREATED));
        }

        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            Request request = Request.put(base, V3 + "/contacts/{id}").with("id", contact.requireId());
            return send(call, request.json(ActiveCampaignFields.write(fields))).map(contact);
        }

        @Override
        public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
            return changeTags(call, "contact_tag_add", contact, tags);
        }

        @Override
        public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
            return changeTags(call, "contact_tag_remove", contact, tags);
        }

        private Future<Void> changeTags(Call call, String action, Contact contact, Set<Tag> tags) {
            List<Pair> form = new ArrayList<>();
            form.add(new Pair("id", contact.requireId()));
            tags.forEach(tag -> form.add(new Pair("tags[]", tag.name())));
            return send(call, v1(action).asRepeatable().form(form)).mapEmpty();
        }

        @Override
        public Future<Tag> addTag(Call call, String name) {
            JsonObject tag =
                    new JsonObject().put("tag", name).put("tagType", "contact").put("description", "");
            return send(call, Request.post(base, V3 + "/tags").json(new JsonObject().put("tag", tag)))
                    .map(json -> Tag.of(Json.text(Json.object(json, "tag"), "id"), name));
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return send(call, Request.delete(base, V3 + "/contacts/{id}").with("id", contact.requireId()))
                    .mapEmpty();
        }

        @Override
        public List<Batch> together(List<Batch> due) {
            return ActiveCampaignImports.together(due);
        }

        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            return imports().deliver(call, batches, alone -> Crm.super.deliver(call, alone));
        }

        @Override
        public Future<JobState> poll(Call call, String job) {
            return imports().poll(call, job, email -> getContactId(call, email));
        }

        private ActiveCampaignImports imports() {
            return new ActiveCampaignImports(base, http);
        }

        /** Events go to a host of their own, by address, with an account id and a key that v1 tells. */
        @Override
        public Future<Void> trackEvent(Call call, Contact contact, Event event) {
            return email(call, contact)
                    .compose(email -> send(call, v1("user_me").asRepeatable()).compose(me -> {
                        List<Pair> form = List.of(
                                new Pair("actid", Json.text(me, "trackid")),
                                new Pair("key", Json.text(me, "eventkey")),
                                new Pair("event", event.name()),
                                new Pair(
                                        "eventdata",
                                        event.properties().isEmpty()
                                                ? ""
                                                : event.properties().encode()),
                                new Pair(
                                        "visit",
                                        new JsonObject().put("email", email).encode()));
                        return http.send(call, Request.post(events, "/event").form(form))
                                .<Void>mapEmpty();
                    }));
        }

        private Future<String> email(Call call, Contact contact) {
            return contact.email() != null
                    ? Future.succeededFuture(contact.email())
                    : loadContact(call, contact).map(loaded -> loaded.contact().requireEmail());
        }

        @Override
        public List<Changed> read(Notice notice) {
            return ActiveCampaignWebhooks.read(notice, secret);
        }

        // ---- wire

        private Request get(String path) {
            return Request.get(base, V3 + path);
        }

        private Request v1(String action) {
            return Request.post(base, V1).query("api_action", action);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }

        private Future<List<JsonObject>> all(Call call, Request request, String key) {
            return page(call, request, key, new ArrayList<>());
        }

        private Future<List<JsonObject>> page(Call call, Request request, String key, List<JsonObject> found) {
            return send(
                            call,
                            request.query("limit", Integer.toString(PAGE))
                                    .query("offset", Integer.toString(found.size())))
                    .compose(json -> {
                        List<JsonObject> page = Json.objects(json, key).toList();
                        found.addAll(page);
                        return page.size() < PAGE ? Future.succeededFuture(found) : page(call, request, key, found);
                    });
        }
    }
}
