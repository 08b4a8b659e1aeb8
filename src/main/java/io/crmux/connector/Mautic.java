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
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deletion;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Field;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Limit;
import io.crmux.crm.Lists;
import io.crmux.crm.Loaded;
import io.crmux.crm.OAuth;
import io.crmux.crm.Operation;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mautic, from 2 to 5, with a user's name and password. Tags are names; in a write a leading hyphen takes one away. One call changes fields and tags of a
 * contact, another does so for many contacts and tells of each what became of it. Facts are from the developers' documentation (2024) and the source of 5.1.
 *
 * <p>Assumed: that tags ignore case, as the database's usual collation does; that tags' names may come back with HTML entities; that used-up limits are over
 * after a minute, where nothing is said.
 */
public final class Mautic implements Connector {

    private static final String CONTACTS = "/api/contacts";
    private static final String CONTACT = "/api/contacts/{id}";
    private static final String EDIT = "/api/contacts/{id}/edit";
    private static final int PAGE = 1000;
    private static final long PAUSE_MILLIS = 60_000;
    private static final Duration HOUR = Duration.ofHours(1);

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "mautic",
            "Mautic",
            List.of(
                    Setting.required("url", Setting.Type.URL, "the address of the installation"),
                    Setting.optional(
                            "username", Setting.Type.TEXT, null, "a Mautic user; basic authentication must be enabled"),
                    Setting.optionalSecret("password", "the user's password"),
                    Setting.optional(OAuth.CLIENT_ID, Setting.Type.TEXT, null, "the public key of OAuth 2 credentials"),
                    Setting.optionalSecret(OAuth.CLIENT_SECRET, "the secret key of OAuth 2 credentials"),
                    OAuth.grantSetting(OAuth.Grant.AUTHORIZATION_CODE),
                    WebhookSecret.setting("the secret of the webhook, with which its notices are signed")),
            Authentication.either(Authentication.basic("username", "password"), Authentication.oauth(Mautic::oauth)),
            List.of(),
            2,
            "a tag's name; applying an unknown one creates it",
            EnumSet.complementOf(EnumSet.of(Operation.TRACK_EVENT)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("firstname"),
                    "last_name", FieldTarget.text("lastname"),
                    "billing_phone", FieldTarget.text("phone"),
                    "billing_address_1", FieldTarget.text("address1"),
                    "billing_address_2", FieldTarget.text("address2"),
                    "billing_city", FieldTarget.text("city"),
                    "billing_state", new FieldTarget("state", FieldType.STATE),
                    "billing_postcode", FieldTarget.text("zipcode"),
                    "billing_country", new FieldTarget("country", FieldType.COUNTRY)),
            Descriptor.Countries.NAME,
            "https://developer.mautic.org/");

    /** The refresh token works once. That a client gets a token by itself is assumed; Mautic must be 5 or later for that. */
    private static OAuth oauth(Settings settings) {
        String token = settings.url("url") + "/oauth/v2/token";
        return OAuth.isClientCredentials(settings)
                ? OAuth.clientCredentials(token)
                : OAuth.code(settings.url("url") + "/oauth/v2/authorize", token);
    }

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        return verdict(answer).telling(told(answer));
    }

    /** A limit is what an administrator has set, for an hour, or 0 where there is none. Most have none, and tell nothing. */
    private static List<Allowance> told(Answer answer) {
        List<Allowance> told = Allowance.read(
                answer, Limit.ORDINARY, "x-ratelimit-limit", HOUR, "x-ratelimit-remaining", "x-ratelimit-reset");
        return told.isEmpty() || told.get(0).limit() == null ? List.of() : told;
    }

    /** A 404 that is no JSON says that the API is off, or is elsewhere: no contact is missing. */
    private static Verdict verdict(Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.ok();
        }
        JsonObject error = Members.error(answer);
        String message = message(error.getValue("error") instanceof JsonObject old ? old : error);
        if (status == 404 && !Members.isObject(answer)) {
            return Verdict.failed(CrmException.unavailable("there is no API at this address: is it enabled?", 404));
        }
        if (status == 429) {
            Long told = RetryAfter.millis(answer);
            return Verdict.failed(CrmException.of(Kind.RATE_LIMITED, message, 429)
                    .waiting(told == null ? (Long) PAUSE_MILLIS : told));
        }
        return Verdict.byStatus(answer, message);
    }

    private static String message(JsonObject error) {
        Object details = error.getValue("details");
        return error.getValue("message", "")
                + (details instanceof JsonObject fields && !fields.isEmpty() ? " " + fields.encode() : "");
    }

    /** Names pass an HTML filter. */
    static String name(JsonObject tag) {
        return Json.text(tag, "tag")
                .replaceAll("&lt;", "<")
                .replaceAll("&gt;", ">")
                .replaceAll("&quot;|&#0?34;", "\"")
                .replaceAll("&#0?39;", "'")
                .replaceAll("&amp;", "&");
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(settings.url("url"), WebhookSecret.of(settings), http);
    }

    private record Opened(String base, WebhookSecret secret, Http http)
            implements CombinedChange, TagCreation, Lists, Deletion, Webhooks {

        /** Two hundred contacts fit into one call; so many are saved within the time that a call may take. */
        private static final int BATCH = 20;

        private static final Set<String> STANDARD = Set.of(
                "title",
                "firstname",
                "lastname",
                "email",
                "company",
                "position",
                "phone",
                "mobile",
                "address1",
                "address2",
                "city",
                "state",
                "zipcode",
                "country",
                "website",
                "preferred_locale",
                "timezone",
                "points");

        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                true,
                Traits.Creation.BY_APPLYING,
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
            return send(call, get(CONTACTS).query("limit", "1").query("minimal", "true"))
                    .map(json -> {
                        Members.rows(json, "contacts");
                        return new Account(base);
                    });
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return all(call, "/api/tags", "tags")
                    .map(tags -> tags.stream()
                            .map(tag -> Tag.of(Json.text(tag, "id"), name(tag)))
                            .toList());
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return all(call, "/api/fields/contact", "fields")
                    .map(fields -> fields.stream()
                            .map(field -> new Field(
                                    Json.text(field, "alias"),
                                    Json.text(field, "label"),
                                    type(Json.text(field, "type")),
                                    STANDARD.contains(Json.text(field, "alias"))
                                            ? "Standard fields"
                                            : Json.textOrNull(field, "group"),
                                    List.of(),
                                    !Boolean.FALSE.equals(field.getValue("isPublished"))))
                            .toList());
        }

        private static FieldType type(String type) {
            return switch (type) {
                case "date" -> FieldType.DATE;
                case "datetime" -> FieldType.DATETIME;
                case "number" -> FieldType.NUMBER;
                case "boolean" -> FieldType.CHECKBOX;
                case "multiselect" -> FieldType.MULTISELECT;
                case "country" -> FieldType.COUNTRY;
                case "region" -> FieldType.STATE;
                default -> FieldType.TEXT;
            };
        }

        @Override
        public Future<List<MailingList>> syncLists(Call call) {
            return all(call, "/api/segments", "lists")
                    .map(lists -> lists.stream()
                            .map(list -> new MailingList(Json.text(list, "id"), Json.text(list, "name")))
                            .toList());
        }

        /** By a condition, since the search has a syntax of its own that odd addresses would be taken for. */
        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            Request request = get(CONTACTS)
                    .query("where[0][col]", "email")
                    .query("where[0][expr]", "eq")
                    .query("where[0][val]", email)
                    .query("limit", "1");
            return send(call, request)
                    .map(json -> Members.rows(json, "contacts")
                            .map(Opened::contact)
                            .filter(found -> email.equalsIgnoreCase(found.email()))
                            .findFirst());
        }

        private static Contact contact(JsonObject found) {
            JsonObject all = Json.object(Json.object(found, "fields"), "all");
            return new Contact(Json.text(found, "id"), Json.textOrNull(all, "email"));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return read(call, contact).map(found -> {
                Set<Tag> tags = new LinkedHashSet<>();
                Members.rows(found, "tags").map(tag -> Tag.named(name(tag))).forEach(tags::add);
                return tags;
            });
        }

        /** All values as they are, and once more those whose group tells their type. */
        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return read(call, contact).map(found -> {
                JsonObject groups = Json.object(found, "fields");
                Map<String, Value> fields = new LinkedHashMap<>();
                Json.object(groups, "all").forEach(field -> Members.put(fields, field.getKey(), field.getValue()));
                fields.remove("id");
                groups.stream()
                        .filter(group -> !group.getKey().equals("all") && group.getValue() instanceof JsonObject)
                        .flatMap(group -> Members.rows(groups, group.getKey()))
                        .forEach(field -> typed(fields, field));
                return new Loaded(contact(found), fields);
            });
        }

        private static void typed(Map<String, Value> fields, JsonObject field) {
            String alias = Json.text(field, "alias");
            Value value = fields.get(alias);
            if (value instanceof Value.Text text) {
                switch (type(Json.text(field, "type"))) {
                    case MULTISELECT ->
                        fields.put(
                                alias,
                                new Value.Choices(Arrays.asList(text.text().split("\\|"))));
                    case CHECKBOX ->
                        fields.put(alias, new Value.Flag(text.text().equals("1")));
                    default -> {}
                }
            } else if (value instanceof Value.Num number && type(Json.text(field, "type")) == FieldType.CHECKBOX) {
                fields.put(alias, new Value.Flag(number.number().signum() != 0));
            }
        }

        private Future<JsonObject> read(Call call, Contact contact) {
            return send(call, get(CONTACT).with("id", contact.requireId())).map(json -> Json.object(json, "contact"));
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            if (cursor != null && !cursor.matches("\\d{1,9}")) {
                return Members.foreignCursor();
            }
            int start = cursor == null ? 0 : Integer.parseInt(cursor);
            Request request = get(CONTACTS)
                    .query("search", "tag:\"+" + tag.name() + "\"")
                    .query("minimal", "true")
                    .query("orderBy", "id")
                    .query("limit", Integer.toString(Math.min(PAGE, limit)))
                    .query("start", cursor == null ? "0" : cursor);
            return tag.name().contains("\"")
                    ? refused("contacts cannot be searched by a tag with a quotation mark")
                    : send(call, request).map(json -> {
                        List<String> ids = Members.rows(json, "contacts")
                                .map(found -> Json.text(found, "id"))
                                .toList();
                        int end = start + ids.size();
                        return new Page<>(ids, ids.isEmpty() || end >= total(json) ? null : Integer.toString(end));
                    });
        }

        private static int total(JsonObject json) {
            return Integer.parseInt(Json.text(json, "total"));
        }

        private static <T> Future<T> refused(String why) {
            return Future.failedFuture(CrmException.of(Kind.INVALID, why, null));
        }

        // ---- writes

        /** 201 tells of a new contact, 200 of one that was known and is updated. */
        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            Request request = Request.post(base, "/api/contacts/new").asRepeatable();
            return http.send(call, request.json(wire(fields)))
                    .map(answer -> new Added(
                            Json.text(Json.object(answer.json(), "contact"), "id"),
                            answer.status() == 201 ? Added.How.CREATED : Added.How.EXISTED));
        }

        /** One call for all of it. Never PUT, which empties what it does not name, and creates whom it does not find. */
        @Override
        public Future<Contact> change(
                Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            if (isUnwritable(apply)) {
                return refused("a tag that begins with a hyphen cannot be applied");
            }
            Request request = Request.patch(base, EDIT).with("id", contact.requireId());
            return free(call, contact, fields.get("email"))
                    .compose(free -> send(call, request.json(wire(fields, remove, apply))))
                    .map(json -> contact(Json.object(json, "contact")));
        }

        private static boolean isUnwritable(Set<Tag> apply) {
            return apply.stream().anyMatch(tag -> tag.name().startsWith("-"));
        }

        /** To give a contact the address of another would make one of the two. */
        private Future<Void> free(Call call, Contact contact, @Nullable Value email) {
            if (email == null || email.asText().isEmpty() || email.asText().equalsIgnoreCase(contact.email())) {
                return Future.succeededFuture();
            }
            return getContactId(call, email.asText())
                    .compose(found -> found.isEmpty()
                                    || contact.requireId().equals(found.get().id())
                            ? Future.succeededFuture()
                            : Future.failedFuture(
                                    CrmException.of(Kind.DUPLICATE, "another contact has this address", null)));
        }

        /** Changes of several contacts are one call. */
        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            return Grouping.deliver(
                    batches,
                    Opened::fits,
                    plain -> edit(call, plain),
                    rest -> CombinedChange.super.deliver(call, rest));
        }

        private static boolean fits(Batch batch) {
            return Grouping.isPlain(batch) && !batch.fields().containsKey("email") && !isUnwritable(batch.apply());
        }

        private Future<List<Outcome>> edit(Call call, List<Batch> batches) {
            JsonArray edits = new JsonArray();
            batches.forEach(batch -> edits.add(wire(batch.fields(), batch.remove(), batch.apply())
                    .put("id", batch.contact().requireId())));
            Request request =
                    Request.patch(base, "/api/contacts/batch/edit").body("application/json", edits.toBuffer());
            return http.send(call, request).map(answer -> outcomes(batches, answer));
        }

        private static List<Outcome> outcomes(List<Batch> batches, Answer answer) {
            JsonObject json = answer.json();
            JsonArray codes = Json.array(json, "statusCodes");
            JsonObject errors = json.getValue("errors") instanceof JsonObject some ? some : new JsonObject();
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < batches.size(); i++) {
                Batch batch = batches.get(i);
                int code = i < codes.size() && codes.getValue(i) instanceof Number number ? number.intValue() : 500;
                JsonObject error =
                        errors.getValue(Integer.toString(i)) instanceof JsonObject told ? told : new JsonObject();
                CrmException failure = Verdict.byStatus(
                                new Answer(code, answer.headers(), answer.body()), message(error))
                        .failure();
                outcomes.add(
                        failure == null
                                ? new Outcome.Done(batch, batch.contact(), null)
                                : new Outcome.Failed(batch, failure));
            }
            return outcomes;
        }

        /** A tag that is there already would be answered as if it were new: the list tells. */
        @Override
        public Future<Tag> addTag(Call call, String name) {
            return syncTags(call)
                    .compose(tags -> tags.stream().anyMatch(tag -> tag.name().equalsIgnoreCase(name))
                            ? Future.failedFuture(CrmException.of(Kind.DUPLICATE, "the tag is there already", null))
                            : send(call, Request.post(base, "/api/tags/new").json(new JsonObject().put("tag", name))))
                    .map(json -> Tag.of(Json.text(Json.object(json, "tag"), "id"), name));
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            Request request = Request.delete(base, "/api/contacts/{id}/delete").with("id", contact.requireId());
            return http.send(call, request).mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return MauticWebhooks.read(notice, secret);
        }

        // ---- mapping

        private static JsonObject wire(Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            JsonArray tags = new JsonArray();
            remove.forEach(tag -> tags.add("-" + tag.name()));
            apply.forEach(tag -> tags.add(tag.name()));
            return tags.isEmpty() ? wire(fields) : wire(fields).put("tags", tags);
        }

        /** Empty values are ignored unless it is said that they are meant. */
        private static JsonObject wire(Map<String, Value> fields) {
            JsonObject contact = new JsonObject();
            fields.forEach((field, value) -> contact.put(field, wire(value)));
            boolean empties = contact.stream().anyMatch(field -> "".equals(field.getValue()));
            return empties ? contact.put("overwriteWithBlank", true) : contact;
        }

        private static Object wire(Value value) {
            if (value instanceof Value.Flag flag) {
                return flag.on() ? 1 : 0;
            }
            if (value instanceof Value.Num num) {
                return num.number();
            }
            if (value instanceof Value.Choices choices && !choices.chosen().isEmpty()) {
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
            return http.send(call, request).map(Answer::json);
        }

        private Future<List<JsonObject>> all(Call call, String template, String key) {
            return page(call, template, key, new ArrayList<>());
        }

        private Future<List<JsonObject>> page(Call call, String template, String key, List<JsonObject> found) {
            Request request =
                    get(template).query("limit", Integer.toString(PAGE)).query("start", Integer.toString(found.size()));
            return send(call, request).compose(json -> {
                List<JsonObject> page = Members.rows(json, key).toList();
                found.addAll(page);
                boolean more = json.containsKey("total") ? found.size() < total(json) : page.size() == PAGE;
                return more && !page.isEmpty() ? page(call, template, key, found) : Future.succeededFuture(found);
            });
        }
    }
}
