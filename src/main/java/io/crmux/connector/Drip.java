package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.CombinedChange;
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
import io.crmux.crm.Loaded;
import io.crmux.crm.Operation;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.RetryAfter;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.crmux.crm.Verdict;
import io.crmux.crm.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Drip: API v2. Contacts are subscribers, tags are names. One call changes fields and tags of a subscriber together, and is used for all writes but one tag for many
 * subscribers: see {@link DripBatches}. Facts are from the vendor's reference.
 *
 * <p>Assumed: that tags mind their case; that none may hold a comma, since filters and paths split there; that an unknown id is answered with a 404, or with
 * a 422 that names the id.
 */
public final class Drip implements Connector {

    private static final String ACCOUNTS = "/v2/accounts";
    private static final String SUBSCRIBERS = "/v2/{account}/subscribers";
    private static final String SUBSCRIBER = "/v2/{account}/subscribers/{id}";
    static final int PAGE = 1000;
    /** Drip names no time after which a used-up hour goes on. */
    private static final long PAUSE_MILLIS = 60_000;

    private static final Duration HOUR = Duration.ofHours(1);
    /** Of them in an hour. */
    private static final int BATCHES = 50;

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "drip",
            "Drip",
            List.of(
                    Setting.required("account", Setting.Type.TEXT, "the account's id, from Settings > Account"),
                    Setting.secret("token", "the API token, from User Settings > User Info"),
                    Setting.optional("url", Setting.Type.URL, "https://api.getdrip.com", "where the API is"),
                    WebhookSecret.setting("the word behind ?secret= in the address of webhooks")),
            Authentication.described("token as user without a password (HTTP Basic)", Drip::sign),
            List.of(Limit.of(3600, HOUR), new Limit(BATCHES, HOUR, DripBatches.BUCKET)),
            4,
            "a tag's name; applying an unknown one creates it",
            EnumSet.complementOf(EnumSet.of(Operation.ADD_TAG, Operation.SYNC_LISTS)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name"),
                    "billing_phone", FieldTarget.text("phone"),
                    "billing_address_1", FieldTarget.text("address1"),
                    "billing_address_2", FieldTarget.text("address2"),
                    "billing_city", FieldTarget.text("city"),
                    "billing_state", FieldTarget.text("state"),
                    "billing_postcode", FieldTarget.text("zip"),
                    "billing_country", new FieldTarget("country", FieldType.COUNTRY)),
            Descriptor.Countries.NAME,
            "https://developer.drip.com/");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** The token is the user; there is no password. */
    private static Request sign(Request request, Settings settings, long millis) {
        byte[] user = (settings.text("token") + ":").getBytes(StandardCharsets.UTF_8);
        return request.header("authorization", "Basic " + Base64.getEncoder().encodeToString(user));
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        return verdict(answer).telling(told(request, answer));
    }

    /**
     * What is left of the hour, without a time at which it is over. It is not documented of which of both limits the answer to a batch tells: by its number it is
     * known.
     */
    private static List<Allowance> told(Request request, Answer answer) {
        List<Allowance> told =
                Allowance.read(answer, request.bucket(), "x-ratelimit-limit", HOUR, "x-ratelimit-remaining", null);
        boolean isOfAnother = request.bucket().equals(DripBatches.BUCKET)
                && !told.isEmpty()
                && !Integer.valueOf(BATCHES).equals(told.get(0).limit());
        return isOfAnother ? List.of() : told;
    }

    /** A 404 that is no JSON comes from a wrong address: no subscriber is missing. */
    private static Verdict verdict(Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.byStatus(answer, "");
        }
        JsonObject error = Members.error(answer);
        String code = String.valueOf(error.getValue("code"));
        String message = String.valueOf(error.getValue("message", ""));
        if (status == 429) {
            return Verdict.failed(CrmException.of(CrmException.Kind.RATE_LIMITED, message, 429)
                    .waiting(pause(answer, message)));
        }
        if (status == 404 && !Members.isObject(answer)) {
            return Verdict.failed(CrmException.unavailable("the address answers, but not as Drip does", 404));
        }
        if (status == 422 && (code.equals("not_found_error") || "id".equals(error.getValue("attribute")))) {
            return Verdict.failed(CrmException.of(CrmException.Kind.NOT_FOUND, message, 422));
        }
        if (status == 422 && (code.equals("uniqueness_error") || message.contains("already subscribed"))) {
            return Verdict.failed(CrmException.of(CrmException.Kind.DUPLICATE, message, 422));
        }
        return Verdict.byStatus(answer, message);
    }

    /** Two calls for one subscriber at a time are refused, too: that is over at once. */
    private static @Nullable Long pause(Answer answer, String message) {
        Long told = RetryAfter.millis(answer);
        return told != null || message.contains("same subscriber") ? told : (Long) PAUSE_MILLIS;
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(settings.url("url"), settings.text("account"), WebhookSecret.of(settings), http);
    }

    /** A page of those who have a tag, whatever their status. */
    static Request holders(String base, String account, String tag, int size, int page) {
        return Request.get(base, SUBSCRIBERS)
                .with("account", account)
                .query("status", "all")
                .query("tags", tag)
                .query("per_page", Integer.toString(size))
                .query("page", Integer.toString(page));
    }

    private record Opened(String base, String account, WebhookSecret secret, Http http)
            implements CombinedChange, Jobs, Events, Deletion, Webhooks {

        private static final Set<String> STANDARD = new LinkedHashSet<>(List.of(
                "email",
                "first_name",
                "last_name",
                "address1",
                "address2",
                "city",
                "state",
                "zip",
                "country",
                "phone",
                "sms_number",
                "time_zone",
                "status",
                "initial_status",
                "eu_consent",
                "user_id",
                "lifetime_value"));

        /** That a change may be shown late by some seconds is assumed: nothing is published. */
        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                false,
                Traits.Creation.BY_APPLYING,
                Traits.Add.UPSERTS,
                Traits.Address.ID,
                Duration.ofSeconds(5),
                DripBatches.MOST);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        /** A token may be good, and yet not for this account. */
        @Override
        public Future<Account> connect(Call call) {
            return send(call, Request.get(base, ACCOUNTS))
                    .map(json -> Json.objects(json, "accounts")
                            .filter(each -> account.equals(Json.text(each, "id")))
                            .findFirst()
                            .map(each -> new Account(Json.text(each, "name")))
                            .orElseThrow(() -> CrmException.of(
                                    CrmException.Kind.UNAUTHORIZED, "the token is not for this account", 200)));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return send(call, get("/v2/{account}/tags"))
                    .map(json -> Members.texts(json, "tags").map(Tag::named).toList());
        }

        /** Custom fields alone are told, some of which have the name of a standard one. */
        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return send(call, get("/v2/{account}/custom_field_identifiers")).map(json -> {
                List<Field> fields = new ArrayList<>();
                STANDARD.forEach(id -> fields.add(Field.of(id, id, FieldType.TEXT, "Standard fields")));
                Members.texts(json, "custom_field_identifiers")
                        .filter(id -> !STANDARD.contains(id))
                        .forEach(id -> fields.add(Field.of(id, id, FieldType.TEXT, "Custom fields")));
                return fields;
            });
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return subscriber(call, email)
                    .map(found -> email.equalsIgnoreCase(Json.textOrNull(found, "email"))
                            ? Optional.of(contact(found))
                            : Optional.<Contact>empty())
                    .recover(Members::nobody);
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return subscriber(call, contact.requireId()).map(found -> {
                Set<Tag> tags = new LinkedHashSet<>();
                Members.texts(found, "tags").map(Tag::named).forEach(tags::add);
                return tags;
            });
        }

        /** Some clients keep standard fields among the custom ones: both places are read. */
        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return subscriber(call, contact.requireId()).map(found -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                Json.object(found, "custom_fields")
                        .forEach(field -> Members.put(fields, field.getKey(), field.getValue()));
                STANDARD.forEach(field -> Members.put(fields, field, found.getValue(field)));
                return new Loaded(contact(found), fields);
            });
        }

        private static Contact contact(JsonObject subscriber) {
            return new Contact(Json.text(subscriber, "id"), Json.textOrNull(subscriber, "email"));
        }

        private Future<JsonObject> subscriber(Call call, String idOrEmail) {
            return send(call, get(SUBSCRIBER).with("id", idOrEmail)).map(json -> Members.first(json, "subscribers"));
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            if (cursor != null && !cursor.matches("\\d{1,9}")) {
                return Members.foreignCursor();
            }
            int page = cursor == null ? 1 : Integer.parseInt(cursor);
            Request request = holders(base, account, tag.name(), Math.min(PAGE, limit), page);
            return writable(Set.of(tag))
                    .compose(done -> send(call, request))
                    .map(json -> new Page<>(
                            Json.objects(json, "subscribers")
                                    .map(found -> Json.text(found, "id"))
                                    .toList(),
                            page < Json.integer(Json.object(json, "meta"), "total_pages")
                                    ? Integer.toString(page + 1)
                                    : null));
        }

        // ---- writes

        @Override
        public List<Batch> together(List<Batch> due) {
            return DripBatches.together(due);
        }

        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            return batches().deliver(call, batches, alone -> CombinedChange.super.deliver(call, alone));
        }

        @Override
        public Future<JobState> poll(Call call, String job) {
            return batches().poll(call, job);
        }

        private DripBatches batches() {
            return new DripBatches(base, account, http);
        }

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            return change(call, wire(fields), Set.of(), Set.of())
                    .map(found -> new Added(Json.text(found, "id"), Added.How.CANNOT_TELL));
        }

        /** One call for all of it. An address that is there already must not be sent, since it would be refused as taken. */
        @Override
        public Future<Contact> change(
                Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            Future<String> had = fields.containsKey("email") ? email(call, contact) : Future.succeededFuture("");
            return had.compose(email -> {
                        JsonObject subscriber = wire(fields).put("id", contact.requireId());
                        Object written = subscriber.remove("email");
                        if (written != null && !email.equalsIgnoreCase(written.toString())) {
                            subscriber.put("new_email", written);
                        }
                        return change(call, subscriber, remove, apply);
                    })
                    .map(Opened::contact);
        }

        private Future<JsonObject> change(Call call, JsonObject subscriber, Set<Tag> remove, Set<Tag> apply) {
            if (!apply.isEmpty()) {
                subscriber.put("tags", names(apply));
            }
            if (!remove.isEmpty()) {
                subscriber.put("remove_tags", names(remove));
            }
            Request request = Request.post(base, SUBSCRIBERS).with("account", account);
            return writable(remove)
                    .compose(done -> writable(apply))
                    .compose(done -> send(call, request.asRepeatable().json(list("subscribers", subscriber))))
                    .map(json -> taken(subscriber, Members.first(json, "subscribers")));
        }

        private static Future<Void> writable(Set<Tag> tags) {
            return tags.stream().anyMatch(tag -> tag.name().contains(","))
                    ? Future.failedFuture(
                            CrmException.of(CrmException.Kind.INVALID, "a tag cannot hold a comma here", null))
                    : Future.succeededFuture();
        }

        private static JsonArray names(Set<Tag> tags) {
            JsonArray names = new JsonArray();
            tags.forEach(tag -> names.add(tag.name()));
            return names;
        }

        /** Somebody who is unsubscribed may not take all of a change, though the answer is good. */
        private static JsonObject taken(JsonObject sent, JsonObject found) {
            if ("active".equals(Json.text(found, "status"))) {
                return found;
            }
            List<String> has = Members.texts(found, "tags").toList();
            JsonArray none = new JsonArray();
            JsonObject custom = Json.object(found, "custom_fields");
            boolean all = sent.getJsonArray("tags", none).stream().allMatch(has::contains)
                    && sent.getJsonArray("remove_tags", none).stream().noneMatch(has::contains)
                    && sent.stream().allMatch(field -> !found.containsKey(field.getKey()) || holds(found, field))
                    && sent.getJsonObject("custom_fields", new JsonObject()).stream()
                            .allMatch(field -> holds(custom, field));
            if (!all) {
                throw CrmException.of(
                        CrmException.Kind.INVALID, "the subscriber is not active, and did not take the change", 200);
            }
            return found;
        }

        /** Telephone numbers and the like come back with other punctuation. */
        private static boolean holds(JsonObject found, Map.Entry<String, Object> sent) {
            return !(sent.getValue() instanceof String text)
                    || bare(text).equals(bare(Json.textOrNull(found, sent.getKey())));
        }

        private static String bare(@Nullable String text) {
            return text == null ? "" : text.replaceAll("[^\\p{L}\\p{N}]", "");
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            Request request = Request.delete(base, SUBSCRIBER).with("account", account);
            return http.send(call, request.with("id", contact.requireId())).mapEmpty();
        }

        @Override
        public Future<Void> trackEvent(Call call, Contact contact, Event event) {
            return email(call, contact)
                    .compose(email -> {
                        JsonObject wire = new JsonObject()
                                .put("email", email)
                                .put("action", event.name())
                                .put("properties", event.properties());
                        Request request =
                                Request.post(base, "/v2/{account}/events").with("account", account);
                        return http.send(call, request.json(list("events", wire)));
                    })
                    .mapEmpty();
        }

        private Future<String> email(Call call, Contact contact) {
            return contact.email() != null
                    ? Future.succeededFuture(contact.email())
                    : subscriber(call, contact.requireId())
                            .map(found -> contact(found).requireEmail());
        }

        @Override
        public List<Changed> read(Notice notice) {
            return DripWebhooks.read(notice, secret);
        }

        // ---- mapping

        /** What is no standard field is a custom one, which comes into being by being written. */
        private static JsonObject wire(Map<String, Value> fields) {
            JsonObject subscriber = new JsonObject();
            JsonObject custom = new JsonObject();
            fields.forEach((field, value) -> {
                if (STANDARD.contains(field)) {
                    subscriber.put(field, value instanceof Value.Num num ? num.number() : value.asText());
                } else {
                    custom.put(field.replaceAll("[^A-Za-z0-9_]", "_"), value.asText());
                }
            });
            return custom.isEmpty() ? subscriber : subscriber.put("custom_fields", custom);
        }

        private static JsonObject list(String key, JsonObject only) {
            return new JsonObject().put(key, new JsonArray().add(only));
        }

        private Request get(String template) {
            return Request.get(base, template).with("account", account);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }
    }
}
