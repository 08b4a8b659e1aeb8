package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Call;
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
import io.crmux.crm.Limit;
import io.crmux.crm.Lists;
import io.crmux.crm.Loaded;
import io.crmux.crm.Operation;
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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Intercom: API 2.15, where users and leads are both contacts. Tags are taken by id, one a call, and known by name. Facts are from the vendor's description,
 * and from its pages on limits and regions.
 *
 * <p>Assumed: that the answer to a known address names the contact's id as {@code id=...}, and says "archived" when it is; that tags mind their case; that
 * the search shows a contact three minutes after its creation. The call that tags many contacts is not used: it cannot take a tag away, and one unknown
 * contact fails it for all.
 */
public final class Intercom implements Connector {

    private static final String CONTACTS = "/contacts";
    private static final String CONTACT = "/contacts/{id}";
    private static final String TAGS = "/contacts/{id}/tags";
    private static final String EVENTS = "/events";
    private static final String SEARCH = "/contacts/search";
    private static final int PAGE = 150;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    /** Of a list in a search; none is published, and this is assumed. */
    private static final int MOST_ADDRESSES = 50;

    private static final Pattern EXISTING = Pattern.compile("id=([0-9a-f]{24})");

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "intercom",
            "Intercom",
            List.of(
                    Setting.secret("key", "the access token of a private app, from Developer Hub > Authentication"),
                    Setting.optional(
                            "url",
                            Setting.Type.URL,
                            "https://api.intercom.io",
                            "the region's address: https://api.eu.intercom.io, https://api.au.intercom.io"),
                    WebhookSecret.setting("the client secret of the app, with which its notices are signed")),
            Authentication.described("key as bearer token", Intercom::sign),
            List.of(Limit.of(1666, WINDOW)),
            10,
            "a tag's name",
            EnumSet.allOf(Operation.class),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name"),
                    "billing_phone", FieldTarget.text("phone")),
            Descriptor.Countries.NAME,
            "https://developers.intercom.com/docs/references/2.15/rest-api/api.intercom.io");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** Without a version the app's own would apply. An event must name its time, which is known here: it is that of sending. */
    private static Request sign(Request request, Settings settings, long millis) {
        Request signed = Authentication.bearer("key")
                .sign(request, settings, millis)
                .header("intercom-version", "2.15")
                .header("accept", "application/json");
        return request.template().equals(EVENTS) && request.body() != null
                ? signed.json(new JsonObject(request.body()).put("created_at", millis / 1000))
                : signed;
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        return verdict(answer).telling(told(request, answer));
    }

    /**
     * What is left of ten seconds. The window itself is not told: one that ends later is another, and is left out. Searches are said to have a limit of their own, so
     * that what their answers tell may be about that.
     */
    private static List<Allowance> told(Request request, Answer answer) {
        if (request.template().equals(SEARCH)) {
            return List.of();
        }
        List<Allowance> told = Allowance.read(
                answer, Limit.ORDINARY, "x-ratelimit-limit", WINDOW, "x-ratelimit-remaining", "x-ratelimit-reset");
        Long reset = told.isEmpty() ? null : told.get(0).resetMillis();
        return reset != null && reset <= WINDOW.toMillis() ? told : List.of();
    }

    /** Limits tell when they end, and not how long they last. A 404 that is no JSON comes from a wrong address. */
    private static Verdict verdict(Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.ok();
        }
        JsonObject error = Members.error(answer);
        String code = String.valueOf(error.getValue("code"));
        String message = String.valueOf(error.getValue("message", ""));
        if (status == 409) {
            Matcher existing = EXISTING.matcher(message);
            return Verdict.failed(
                    CrmException.of(Kind.DUPLICATE, message, 409).existing(existing.find() ? existing.group(1) : null));
        }
        if (status == 429) {
            Long told = RetryAfter.millis(answer);
            return Verdict.failed(
                    CrmException.of(Kind.RATE_LIMITED, message, 429).waiting(told == null ? untilReset(answer) : told));
        }
        if (status == 404 && !Members.isObject(answer)) {
            return Verdict.failed(CrmException.unavailable("the address answers, but not as Intercom does", 404));
        }
        return code.equals("api_plan_restricted")
                ? Verdict.failed(CrmException.of(Kind.UNSUPPORTED, message, status))
                : Verdict.byStatus(answer, message);
    }

    private static @Nullable Long untilReset(Answer answer) {
        String reset = answer.headers().get("x-ratelimit-reset");
        String date = answer.headers().get("date");
        if (reset == null || date == null || !reset.matches("\\d{1,12}")) {
            return null;
        }
        try {
            Instant now = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Math.max(0, Long.parseLong(reset) * 1000 - now.toEpochMilli());
        } catch (DateTimeException noDate) {
            return null;
        }
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(settings.url("url"), WebhookSecret.of(settings), http);
    }

    private record Opened(String base, WebhookSecret secret, Http http)
            implements Crm, BulkLookUp, TagCreation, Lists, Events, Deletion, Webhooks {

        private static final Set<String> STANDARD = Set.of(
                "email",
                "phone",
                "name",
                "role",
                "external_id",
                "owner_id",
                "avatar",
                "signed_up_at",
                "last_seen_at",
                "unsubscribed_from_emails",
                "language_override");

        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                false,
                Traits.Creation.BY_CALL,
                Traits.Add.REFUSES,
                Traits.Address.ID,
                Duration.ofMinutes(3),
                1);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        @Override
        public Future<Account> connect(Call call) {
            return send(call, get("/me")).map(me -> new Account(Json.text(Json.object(me, "app"), "id_code")));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return send(call, get("/tags"))
                    .map(json -> Json.objects(json, "data").map(Opened::tag).toList());
        }

        private static Tag tag(JsonObject tag) {
            return Tag.of(Json.text(tag, "id"), Json.text(tag, "name"));
        }

        /** Intercom has one name: its halves are fields of our own. */
        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return send(call, get("/data_attributes").query("model", "contact")).map(json -> {
                Map<String, Field> fields = new LinkedHashMap<>();
                Stream.of("email", "first_name", "last_name", "name", "phone")
                        .map(id -> Field.of(id, id, FieldType.TEXT, "Standard fields"))
                        .forEach(field -> fields.put(field.id(), field));
                Json.objects(json, "data")
                        .filter(attribute -> Boolean.TRUE.equals(attribute.getValue("api_writable"))
                                && !Boolean.TRUE.equals(attribute.getValue("archived")))
                        .map(Opened::field)
                        .forEach(field -> fields.putIfAbsent(field.id(), field));
                return List.copyOf(fields.values());
            });
        }

        private static Field field(JsonObject attribute) {
            return new Field(
                    Json.text(attribute, "name"),
                    Json.text(attribute, "label"),
                    switch (Json.text(attribute, "data_type")) {
                        case "integer", "float" -> FieldType.NUMBER;
                        case "boolean" -> FieldType.CHECKBOX;
                        case "date" -> FieldType.DATETIME;
                        default -> FieldType.TEXT;
                    },
                    Boolean.TRUE.equals(attribute.getValue("custom")) ? "Custom fields" : "Standard fields",
                    attribute.containsKey("options")
                            ? Members.texts(attribute, "options").toList()
                            : List.of(),
                    true);
        }

        @Override
        public Future<List<MailingList>> syncLists(Call call) {
            return send(call, get("/segments"))
                    .map(json -> Json.objects(json, "segments")
                            .map(segment -> new MailingList(Json.text(segment, "id"), Json.text(segment, "name")))
                            .toList());
        }

        /** A user and a lead may have one address: the user is preferred. */
        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return search(call, "email", "IN", spellings(List.of(email)), 10, null)
                    .map(json -> whose(email, Json.objects(json, "data")));
        }

        @Override
        public int mostAddresses() {
            return MOST_ADDRESSES;
        }

        /** Several contacts may have one address, so that there may be more of them than a page holds. */
        @Override
        public Future<Map<String, Contact>> getContactIds(Call call, List<String> emails) {
            return found(call, spellings(emails), null, new ArrayList<>()).map(all -> {
                Map<String, Contact> contacts = new LinkedHashMap<>();
                emails.forEach(email -> whose(email, all.stream()).ifPresent(found -> contacts.put(email, found)));
                return contacts;
            });
        }

        private Future<List<JsonObject>> found(
                Call call, JsonArray spellings, @Nullable String cursor, List<JsonObject> all) {
            return search(call, "email", "IN", spellings, PAGE, cursor).compose(json -> {
                Json.objects(json, "data").forEach(all::add);
                String next = next(json);
                return next == null ? Future.succeededFuture(all) : found(call, spellings, next, all);
            });
        }

        private static JsonArray spellings(List<String> emails) {
            return new JsonArray(emails.stream()
                    .flatMap(email -> Stream.of(email, email.toLowerCase(Locale.ROOT)))
                    .distinct()
                    .toList());
        }

        private static Optional<Contact> whose(String email, Stream<JsonObject> found) {
            return found.filter(each -> email.equalsIgnoreCase(Json.textOrNull(each, "email")))
                    .min(Comparator.comparing(each -> !"user".equals(Json.textOrNull(each, "role"))))
                    .map(Opened::contact);
        }

        private Future<JsonObject> search(
                Call call, String field, String operator, Object value, int most, @Nullable String cursor) {
            JsonObject query = new JsonObject()
                    .put("field", field)
                    .put("operator", operator)
                    .put("value", value);
            JsonObject page = new JsonObject().put("per_page", most);
            JsonObject search = new JsonObject()
                    .put("query", query)
                    .put("pagination", cursor == null ? page : page.put("starting_after", cursor));
            return send(call, Request.post(base, SEARCH).asRepeatable().json(search));
        }

        private static Contact contact(JsonObject found) {
            return new Contact(Json.text(found, "id"), Json.textOrNull(found, "email"));
        }

        /** A contact itself holds ten tags at most, without names. */
        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return send(call, get(TAGS).with("id", contact.requireId())).map(json -> {
                Set<Tag> tags = new LinkedHashSet<>();
                Json.objects(json, "data").map(Opened::tag).forEach(tags::add);
                return tags;
            });
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return read(call, contact).map(found -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                Json.object(found, "custom_attributes").forEach(field -> put(fields, field.getKey(), field.getValue()));
                STANDARD.forEach(field -> put(fields, field, found.getValue(field)));
                halves(found).forEach((half, text) -> Members.put(fields, half, text));
                return new Loaded(contact(found), fields);
            });
        }

        /** Times are seconds, in fields whose names end with {@code _at} by Intercom's habit. */
        private static void put(Map<String, Value> fields, String field, @Nullable Object held) {
            if (field.endsWith("_at") && held instanceof Number seconds) {
                fields.put(field, new Value.Time(Instant.ofEpochSecond(seconds.longValue())));
            } else if (!(held instanceof JsonObject)) {
                Members.put(fields, field, held);
            }
        }

        /** What stands before the first blank is taken for the first name. */
        private static Map<String, String> halves(JsonObject found) {
            String name = Json.textOrNull(found, "name");
            int blank = name == null ? -1 : name.indexOf(' ');
            Map<String, String> halves = new LinkedHashMap<>();
            halves.put("first_name", name == null ? "" : blank < 0 ? name : name.substring(0, blank));
            halves.put("last_name", name == null || blank < 0 ? "" : name.substring(blank + 1));
            return halves;
        }

        private Future<JsonObject> read(Call call, Contact contact) {
            return send(call, get(CONTACT).with("id", contact.requireId()));
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            return listed(call, tag)
                    .compose(known -> known.isPresent()
                            ? search(call, "tag_id", "=", known.get().requireId(), Math.min(PAGE, limit), cursor)
                            : Future.failedFuture(CrmException.of(Kind.INVALID, "there is no tag " + tag.name(), null)))
                    .map(json -> new Page<>(
                            Json.objects(json, "data")
                                    .map(found -> Json.text(found, "id"))
                                    .toList(),
                            next(json)));
        }

        private static @Nullable String next(JsonObject json) {
            return json.getValue("pages") instanceof JsonObject pages
                            && pages.getValue("next") instanceof JsonObject next
                    ? Json.textOrNull(next, "starting_after")
                    : null;
        }

        /** The tag with its id. */
        private Future<Optional<Tag>> listed(Call call, Tag tag) {
            return tag.id() != null
                    ? Future.succeededFuture(Optional.of(tag))
                    : syncTags(call)
                            .map(tags -> tags.stream()
                                    .filter(known -> known.name().equals(tag.name()))
                                    .findFirst());
        }

        // ---- writes

        /** An archived contact is in the way of a new one: it is brought back, and updated. */
        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            JsonObject contact = wire(fields, new JsonObject()).put("role", role(fields));
            return send(call, Request.post(base, CONTACTS).json(contact))
                    .map(json -> new Added(Json.text(json, "id"), Added.How.CREATED))
                    .recover(failure -> {
                        CrmException duplicate = CrmException.of(failure);
                        String id = duplicate.existingId();
                        return duplicate.kind() == Kind.DUPLICATE
                                        && id != null
                                        && duplicate.words().contains("archived")
                                ? unarchived(call, new Contact(id, null), fields)
                                : Future.failedFuture(failure);
                    });
        }

        private static String role(Map<String, Value> fields) {
            Value role = fields.get("role");
            return role == null ? "user" : role.asText();
        }

        private Future<Added> unarchived(Call call, Contact contact, Map<String, Value> fields) {
            Request request = Request.post(base, CONTACT + "/unarchive").with("id", contact.requireId());
            return send(call, request.asRepeatable())
                    .compose(there -> updateContact(call, contact, fields))
                    .map(updated -> new Added(updated.requireId(), Added.How.EXISTED));
        }

        /** Half a name is changed after the other half was read. */
        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            boolean half = fields.containsKey("first_name") != fields.containsKey("last_name");
            Future<JsonObject> before = half ? read(call, contact) : Future.succeededFuture(new JsonObject());
            return before.compose(found -> send(
                            call,
                            Request.put(base, CONTACT)
                                    .with("id", contact.requireId())
                                    .json(wire(fields, found))))
                    .map(Opened::contact);
        }

        @Override
        public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
            return each(tags, tag -> made(call, tag).compose(known -> apply(call, contact, known)));
        }

        /** To create a tag that is there answers with it. */
        private Future<Tag> made(Call call, Tag tag) {
            return tag.id() != null ? Future.succeededFuture(tag) : create(call, tag.name());
        }

        private Future<Tag> create(Call call, String name) {
            Request request = Request.post(base, "/tags").asRepeatable();
            return send(call, request.json(new JsonObject().put("name", name))).map(Opened::tag);
        }

        private Future<Void> apply(Call call, Contact contact, Tag tag) {
            Request request = Request.post(base, TAGS).asRepeatable().with("id", contact.requireId());
            return send(call, request.json(new JsonObject().put("id", tag.requireId())))
                    .map(Opened::tag)
                    .recover(failure -> missing(call, contact, failure)
                            .compose(there -> Future.failedFuture(
                                    CrmException.of(Kind.INVALID, "there is no tag " + tag.name(), 404))))
                    .mapEmpty();
        }

        @Override
        public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
            return each(
                    tags,
                    tag -> listed(call, tag)
                            .compose(known ->
                                    known.isPresent() ? remove(call, contact, known.get()) : Future.succeededFuture()));
        }

        private Future<Void> remove(Call call, Contact contact, Tag tag) {
            Request request = Request.delete(base, TAGS + "/{tag}").with("id", contact.requireId());
            return send(call, request.with("tag", tag.requireId()))
                    .map(Opened::tag)
                    .<Void>mapEmpty()
                    .recover(failure -> missing(call, contact, failure)
                            .compose(left -> left.stream()
                                            .anyMatch(other -> tag.requireId().equals(other.id()))
                                    ? Future.failedFuture(failure)
                                    : Future.succeededFuture()));
        }

        /** "Not found" may mean the contact, or the tag, which a contact need not have had: its tags tell. */
        private Future<Set<Tag>> missing(Call call, Contact contact, Throwable failure) {
            return CrmException.of(failure).kind() == Kind.NOT_FOUND
                    ? getTags(call, contact)
                    : Future.failedFuture(failure);
        }

        private static Future<Void> each(Set<Tag> tags, Function<Tag, Future<Void>> step) {
            Future<Void> done = Future.succeededFuture();
            for (Tag tag : tags) {
                done = done.compose(before -> step.apply(tag));
            }
            return done;
        }

        /** A tag that is there already would be answered as if it were new: the list tells. */
        @Override
        public Future<Tag> addTag(Call call, String name) {
            return listed(call, Tag.named(name))
                    .compose(known -> known.isPresent()
                            ? Future.failedFuture(CrmException.of(Kind.DUPLICATE, "the tag is there already", null))
                            : create(call, name));
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return http.send(call, Request.delete(base, CONTACT).with("id", contact.requireId()))
                    .mapEmpty();
        }

        /** Properties are texts by the vendor's description. */
        @Override
        public Future<Void> trackEvent(Call call, Contact contact, Event event) {
            JsonObject metadata = new JsonObject();
            event.properties()
                    .forEach(property -> metadata.put(property.getKey(), String.valueOf(property.getValue())));
            JsonObject wire = new JsonObject()
                    .put("event_name", event.name())
                    .put("id", contact.requireId())
                    .put("metadata", metadata);
            return http.send(call, Request.post(base, EVENTS).json(wire)).mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return IntercomWebhooks.read(notice, secret);
        }

        // ---- mapping

        /** @param found the contact as it is, for the half of the name that does not change */
        private static JsonObject wire(Map<String, Value> fields, JsonObject found) {
            JsonObject contact = new JsonObject();
            JsonObject custom = new JsonObject();
            Map<String, String> name = halves(found);
            fields.forEach((field, value) -> {
                if (name.containsKey(field)) {
                    name.put(field, value.asText());
                } else {
                    (STANDARD.contains(field) ? contact : custom).put(field, wire(value));
                }
            });
            if (fields.containsKey("first_name") || fields.containsKey("last_name")) {
                String whole = String.join(" ", name.values()).stripTrailing();
                contact.put("name", whole.isEmpty() ? null : whole);
            }
            return custom.isEmpty() ? contact : contact.put("custom_attributes", custom);
        }

        private static @Nullable Object wire(Value value) {
            if (value instanceof Value.Cleared) {
                return null;
            }
            if (value instanceof Value.Flag flag) {
                return flag.on();
            }
            if (value instanceof Value.Num num) {
                return num.number();
            }
            if (value instanceof Value.Day day) {
                return day.day().atStartOfDay(ZoneOffset.UTC).toEpochSecond();
            }
            return value instanceof Value.Time time ? (Object) time.instant().getEpochSecond() : value.asText();
        }

        private Request get(String template) {
            return Request.get(base, template);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }
    }
}
