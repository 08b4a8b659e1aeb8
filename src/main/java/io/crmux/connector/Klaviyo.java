package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Batch;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkTagging;
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
import io.crmux.crm.Json;
import io.crmux.crm.Limit;
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
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Klaviyo: JSON:API, at one dated revision. Profiles have no tags (what Klaviyo calls so labels campaigns): a tag is a list. {@code <list>_optin} is the same
 * list, joined with consent to marketing; {@code segment_<segment>} is a segment, which can only be read. Facts are from the vendor's description of 2026-07-15
 * and its pages on limits and errors; what is assumed says so.
 */
public final class Klaviyo implements Connector {

    private static final String REVISION = "2026-07-15";
    private static final String MEDIA = "application/vnd.api+json";
    private static final String PROFILES = "/api/profiles";
    private static final String PROFILE = PROFILES + "/{id}";
    private static final String LISTS = "/api/lists";
    private static final String MEMBERS = LISTS + "/{list}/relationships/profiles";
    private static final String SEGMENT = "segment_";
    private static final String OPTIN = "_optin";
    /** Of the limits that a header lists: so many calls in so many seconds. */
    private static final Pattern POLICY = Pattern.compile("(\\d{1,7});w=(\\d{1,7})");

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "klaviyo",
            "Klaviyo",
            List.of(
                    Setting.secret("key", "a private API key, from Settings > API keys; it begins with pk_"),
                    Setting.optional("url", Setting.Type.URL, "https://a.klaviyo.com", "where the API is"),
                    WebhookSecret.setting(
                            "the secret of system webhooks, or the word behind ?secret= in the address of a flow's")),
            Authentication.described("key in the header authorization, as Klaviyo-API-Key", Klaviyo::sign),
            limits(),
            10,
            "a list's id; with _optin behind it, joined with consent to marketing; segment_ and a segment's id, to be read only; applying does not create one",
            EnumSet.complementOf(EnumSet.of(Operation.SYNC_LISTS)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name"),
                    "billing_phone", FieldTarget.text("phone_number"),
                    "billing_company", FieldTarget.text("organization"),
                    "billing_address_1", FieldTarget.text("location+address1"),
                    "billing_address_2", FieldTarget.text("location+address2"),
                    "billing_city", FieldTarget.text("location+city"),
                    "billing_state", new FieldTarget("location+region", FieldType.STATE),
                    "billing_country", new FieldTarget("location+country", FieldType.COUNTRY)),
            Descriptor.Countries.NAME,
            "https://developers.klaviyo.com/en/reference/api_overview");

    /** Published for each endpoint by itself; those with the same numbers are taken together, which is on the safe side. */
    private static List<Limit> limits() {
        Duration second = Duration.ofSeconds(1);
        Duration minute = Duration.ofMinutes(1);
        return List.of(
                Limit.of(75, second),
                Limit.of(750, minute),
                new Limit(10, second, Bucket.MEMBERS),
                new Limit(150, minute, Bucket.MEMBERS),
                new Limit(3, second, Bucket.LISTS_OF_ONE),
                new Limit(60, minute, Bucket.LISTS_OF_ONE),
                new Limit(3, second, Bucket.SEGMENTS_OF_ONE),
                new Limit(60, minute, Bucket.SEGMENTS_OF_ONE),
                new Limit(10, second, Bucket.NEW_LISTS),
                new Limit(150, Duration.ofDays(1), Bucket.NEW_LISTS),
                new Limit(350, second, Bucket.EVENTS),
                new Limit(3_500, minute, Bucket.EVENTS));
    }

    private static final class Bucket {
        static final String MEMBERS = "list members";
        static final String LISTS_OF_ONE = "a profile's lists";
        static final String SEGMENTS_OF_ONE = "a profile's segments";
        static final String NEW_LISTS = "new lists";
        static final String EVENTS = "events";
    }

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    private static Request sign(Request request, Settings settings, long millis) {
        return request.header("authorization", "Klaviyo-API-Key " + settings.text("key"))
                .header("revision", REVISION)
                .header("accept", MEDIA);
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        return verdict(request, answer).telling(told(request, answer));
    }

    /**
     * What is left of one of the endpoint's windows; which one is not told. It is the shortest that is not too short for what is left and for its end: should the
     * next be meant, it ends as soon, and has as much left. Some endpoints have limits of their own that are not among ours: what they tell is left out.
     */
    private static List<Allowance> told(Request request, Answer answer) {
        List<Allowance> read = Allowance.read(
                answer, request.bucket(), "ratelimit-limit", null, "ratelimit-remaining", "ratelimit-reset");
        Long reset = read.isEmpty() ? null : read.get(0).resetMillis();
        if (reset == null) {
            return List.of();
        }
        int left = read.get(0).remaining();
        Matcher policy =
                POLICY.matcher(Objects.requireNonNullElse(answer.headers().get("ratelimit-limit"), ""));
        while (policy.find()) {
            int calls = Integer.parseInt(policy.group(1));
            Duration window = Duration.ofSeconds(Integer.parseInt(policy.group(2)));
            if (left <= calls && reset <= window.toMillis()) {
                return DESCRIPTOR.limits().contains(new Limit(calls, window, request.bucket()))
                        ? List.of(new Allowance(request.bucket(), calls, window, left, reset))
                        : List.of();
            }
        }
        return List.of();
    }

    /** That a list is unknown is the same 404 as that a profile is, but for its words. */
    private static Verdict verdict(Request request, Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.ok();
        }
        JsonObject error = error(answer);
        String message = error.getString("detail", error.getString("title", ""));
        if (error.getValue("source") instanceof JsonObject source && source.getString("pointer") != null) {
            message += " (" + source.getString("pointer") + ")";
        }
        if (status == 409 && error.getValue("meta") instanceof JsonObject meta) {
            return Verdict.failed(CrmException.of(CrmException.Kind.DUPLICATE, message, status)
                    .existing(meta.getString("duplicate_profile_id")));
        }
        boolean ofList =
                request.template().startsWith(LISTS) || request.template().startsWith("/api/segments");
        return status == 404 && ofList && !message.toLowerCase(Locale.ROOT).contains("profile")
                ? Verdict.failed(CrmException.of(CrmException.Kind.INVALID, message, status))
                : Verdict.byStatus(answer, message);
    }

    private static JsonObject error(Answer answer) {
        try {
            return answer.json().getValue("errors") instanceof JsonArray errors
                            && !errors.isEmpty()
                            && errors.getValue(0) instanceof JsonObject first
                    ? first
                    : new JsonObject();
        } catch (CrmException html) {
            return new JsonObject();
        }
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(settings.url("url"), WebhookSecret.of(settings), http);
    }

    private record Opened(String base, WebhookSecret secret, Http http)
            implements Crm, BulkLookUp, BulkTagging, TagCreation, Events, Deletion, Webhooks {

        private static final int PROFILES_PAGE = 100;
        private static final int LISTS_PAGE = 10;
        private static final int FIELD_PAGES = 3;
        private static final int MOST_CONTACTS = 1_000;
        /** Assumed: the limit is not published. */
        private static final int MOST_ADDRESSES = 50;

        private static final Pattern CURSOR = Pattern.compile("[?&]page(?:%5B|\\[)cursor(?:%5D|])=([^&]+)");

        /** How long a new profile, a change of a list or a consent takes to be seen is assumed. */
        private static final Traits TRAITS = new Traits(
                Traits.Canonical.ID,
                false,
                Traits.Creation.BY_CALL,
                Traits.Add.UPSERTS,
                Traits.Address.ID,
                Duration.ofSeconds(10),
                100);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        /** Every key may read lists, for this is about lists; whose it is, not every key may know. */
        @Override
        public Future<Account> connect(Call call) {
            return send(call, get(LISTS).query("page[size]", "1"))
                    .map(json -> Json.array(json, "data"))
                    .map(lists -> new Account("Klaviyo"));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            Request lists = get(LISTS).query("fields[list]", "name").query("page[size]", Integer.toString(LISTS_PAGE));
            Request segments = get("/api/segments")
                    .query("fields[segment]", "name")
                    .query("page[size]", Integer.toString(LISTS_PAGE));
            return all(call, lists, Integer.MAX_VALUE)
                    .compose(found -> all(call, segments, Integer.MAX_VALUE).map(also -> {
                        List<Tag> tags = new ArrayList<>();
                        found.forEach(list -> tags.add(list(list)));
                        found.forEach(list -> tags.add(new Tag(
                                Json.text(list, "id") + OPTIN, name(list) + " (opt-in)", "Lists, with consent", true)));
                        also.forEach(segment -> tags.add(segment(segment)));
                        return tags;
                    }));
        }

        private static Tag list(JsonObject list) {
            return new Tag(Json.text(list, "id"), name(list), "Lists", true);
        }

        private static Tag segment(JsonObject segment) {
            return new Tag(SEGMENT + Json.text(segment, "id"), name(segment), "Segments", false);
        }

        private static String name(JsonObject resource) {
            String name = Json.textOrNull(Json.object(resource, "attributes"), "name");
            return name == null ? Json.text(resource, "id") : name;
        }

        /** No call tells which properties there are: those of the profiles that changed last are shown. */
        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            Request request =
                    get(PROFILES).query("sort", "-updated").query("page[size]", Integer.toString(PROFILES_PAGE));
            return all(call, request, FIELD_PAGES).map(profiles -> {
                Map<String, Field> fields = new LinkedHashMap<>();
                KlaviyoFields.standard().forEach(field -> fields.put(field.id(), field));
                profiles.forEach(profile -> KlaviyoFields.own(Json.object(profile, "attributes"))
                        .forEach(field -> fields.putIfAbsent(field.id(), field)));
                return List.copyOf(fields.values());
            });
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return getContactIds(call, List.of(email)).map(found -> Optional.ofNullable(found.get(email)));
        }

        @Override
        public int mostAddresses() {
            return MOST_ADDRESSES;
        }

        /** Whether the filter minds the case is not described, and Klaviyo lowers it when it stores: so both are asked for. */
        @Override
        public Future<Map<String, Contact>> getContactIds(Call call, List<String> emails) {
            Set<String> spellings = new LinkedHashSet<>();
            emails.forEach(email -> spellings.add(email));
            emails.forEach(email -> spellings.add(email.toLowerCase(Locale.ROOT)));
            Request request = get(PROFILES)
                    .query("filter", "any(email," + new JsonArray(List.copyOf(spellings)).encode() + ")")
                    .query("fields[profile]", "email")
                    .query("page[size]", Integer.toString(PROFILES_PAGE));
            return send(call, request).map(json -> {
                List<Contact> found =
                        Json.objects(json, "data").map(Opened::contact).toList();
                Map<String, Contact> contacts = new LinkedHashMap<>();
                emails.forEach(email -> found.stream()
                        .filter(contact -> email.equalsIgnoreCase(contact.email()))
                        .findFirst()
                        .ifPresent(contact -> contacts.put(email, contact)));
                return contacts;
            });
        }

        private static Contact contact(JsonObject profile) {
            return new Contact(Json.text(profile, "id"), Json.textOrNull(Json.object(profile, "attributes"), "email"));
        }

        /** Lists and segments have limits of their own, so that asking for both takes no longer. */
        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            Future<List<JsonObject>> lists = all(
                    call,
                    of(contact, "/lists").query("fields[list]", "name").bucket(Bucket.LISTS_OF_ONE),
                    Integer.MAX_VALUE);
            Future<List<JsonObject>> segments = all(
                    call,
                    of(contact, "/segments").query("fields[segment]", "name").bucket(Bucket.SEGMENTS_OF_ONE),
                    Integer.MAX_VALUE);
            return Future.join(lists, segments).map(both -> {
                Set<Tag> tags = new LinkedHashSet<>();
                lists.result().forEach(list -> tags.add(list(list)));
                segments.result().forEach(segment -> tags.add(segment(segment)));
                return tags;
            });
        }

        private Request of(Contact contact, String what) {
            return get(PROFILE + what).with("id", contact.requireId());
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return send(call, of(contact, "")).map(json -> {
                JsonObject profile = Json.object(json, "data");
                return new Loaded(contact(profile), KlaviyoFields.read(Json.object(profile, "attributes")));
            });
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            String id = tag.requireId();
            Request request = (id.startsWith(SEGMENT)
                            ? get("/api/segments/{list}/profiles")
                                    .with("list", id.substring(SEGMENT.length()))
                                    .query("fields[profile]", "email")
                            : get(MEMBERS).with("list", listId(tag)))
                    .query("page[size]", Integer.toString(Math.min(PROFILES_PAGE, limit)));
            return send(call, cursor == null ? request : request.query("page[cursor]", cursor))
                    .map(json -> new Page<>(
                            Json.objects(json, "data")
                                    .map(profile -> Json.text(profile, "id"))
                                    .toList(),
                            next(json)));
        }

        // ---- writes

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            Request request = body(Request.post(base, "/api/profile-import"), profile(fields))
                    .asRepeatable();
            return http.send(call, request)
                    .map(answer -> new Added(
                            Json.text(Json.object(answer.json(), "data"), "id"),
                            answer.status() == 201 ? Added.How.CREATED : Added.How.EXISTED));
        }

        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            JsonObject profile = profile(fields).put("id", contact.requireId());
            return send(call, body(Request.patch(base, PROFILE).with("id", contact.requireId()), profile))
                    .map(json -> contact(Json.object(json, "data")));
        }

        private static JsonObject profile(Map<String, Value> fields) {
            return new JsonObject().put("type", "profile").put("attributes", KlaviyoFields.write(fields));
        }

        @Override
        public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
            return each(tags, tag -> applyTag(call, tag, List.of(contact.requireId())));
        }

        @Override
        public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
            return each(tags, tag -> removeTag(call, tag, List.of(contact.requireId())));
        }

        private static Future<Void> each(Set<Tag> tags, Function<Tag, Future<Set<String>>> change) {
            Future<Void> changed = Future.succeededFuture();
            for (Tag tag : tags) {
                changed = changed.compose(done -> change.apply(tag))
                        .compose(missing -> missing.isEmpty()
                                ? Future.succeededFuture()
                                : Future.failedFuture(
                                        CrmException.notFound("there is no such profile, or it has no address")));
            }
            return changed;
        }

        /** A consent is taken, and carried out a little later. With a new contact it counts as done: its id is to be told. */
        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            return Crm.super
                    .deliver(call, batches)
                    .map(outcomes -> outcomes.stream().map(Opened::queued).toList());
        }

        private static Outcome queued(Outcome outcome) {
            Batch batch = outcome.batch();
            boolean consents =
                    batch.apply().stream().anyMatch(tag -> tag.requireId().endsWith(OPTIN));
            return consents && !batch.create() && outcome instanceof Outcome.Done
                    ? new Outcome.Accepted(batch, null, TRAITS.settling())
                    : outcome;
        }

        @Override
        public int mostContacts() {
            return MOST_CONTACTS;
        }

        /** A profile that there is not fails the whole call. */
        @Override
        public Future<Set<String>> applyTag(Call call, Tag tag, List<String> ids) {
            return tag.requireId().endsWith(OPTIN)
                    ? subscribe(call, listId(tag), ids)
                    : members(call, Request.post(base, MEMBERS).asRepeatable(), tag, ids);
        }

        @Override
        public Future<Set<String>> removeTag(Call call, Tag tag, List<String> ids) {
            return members(call, Request.delete(base, MEMBERS), tag, ids);
        }

        private Future<Set<String>> members(Call call, Request request, Tag tag, List<String> ids) {
            JsonArray profiles = new JsonArray();
            ids.forEach(
                    id -> profiles.add(new JsonObject().put("type", "profile").put("id", id)));
            return send(call, body(request.with("list", listId(tag)).bucket(Bucket.MEMBERS), profiles))
                    .map(Set.of());
        }

        private static String listId(Tag tag) {
            String id = tag.requireId();
            return id.endsWith(OPTIN) ? id.substring(0, id.length() - OPTIN.length()) : id;
        }

        /** Consent needs the addresses. It is taken now and carried out soon, or when the person confirms; there is no job to ask for. */
        private Future<Set<String>> subscribe(Call call, String list, List<String> ids) {
            Request request = get(PROFILES)
                    .query("filter", "any(id," + new JsonArray(ids).encode() + ")")
                    .query("fields[profile]", "email")
                    .query("page[size]", Integer.toString(PROFILES_PAGE));
            return all(call, request, Integer.MAX_VALUE).compose(found -> {
                Set<String> missing = new LinkedHashSet<>(ids);
                JsonArray profiles = new JsonArray();
                found.stream()
                        .map(Opened::contact)
                        .filter(contact -> contact.email() != null)
                        .forEach(contact -> {
                            missing.remove(contact.requireId());
                            profiles.add(consent(contact));
                        });
                JsonObject job = new JsonObject()
                        .put("type", "profile-subscription-bulk-create-job")
                        .put("attributes", new JsonObject().put("profiles", new JsonObject().put("data", profiles)))
                        .put(
                                "relationships",
                                new JsonObject()
                                        .put(
                                                "list",
                                                new JsonObject()
                                                        .put(
                                                                "data",
                                                                new JsonObject()
                                                                        .put("type", "list")
                                                                        .put("id", list))));
                return profiles.isEmpty()
                        ? Future.succeededFuture(missing)
                        : send(
                                        call,
                                        body(
                                                Request.post(base, "/api/profile-subscription-bulk-create-jobs")
                                                        .asRepeatable(),
                                                job))
                                .map(missing);
            });
        }

        private static JsonObject consent(Contact contact) {
            JsonObject marketing = new JsonObject().put("marketing", new JsonObject().put("consent", "SUBSCRIBED"));
            return new JsonObject()
                    .put("type", "profile")
                    .put("id", contact.requireId())
                    .put(
                            "attributes",
                            new JsonObject()
                                    .put("email", contact.requireEmail())
                                    .put("subscriptions", new JsonObject().put("email", marketing)));
        }

        /** Two lists may have the same name, which nobody could tell apart by it: so it is looked for first. */
        @Override
        public Future<Tag> addTag(Call call, String name) {
            Request search = get(LISTS)
                    .query("filter", "equals(name," + quoted(name) + ")")
                    .query("fields[list]", "name");
            return send(call, search).compose(json -> {
                if (Json.objects(json, "data").anyMatch(list -> name(list).equals(name))) {
                    return Future.failedFuture(
                            CrmException.of(CrmException.Kind.DUPLICATE, "there is a list " + name, null));
                }
                JsonObject list =
                        new JsonObject().put("type", "list").put("attributes", new JsonObject().put("name", name));
                return send(call, body(Request.post(base, LISTS).bucket(Bucket.NEW_LISTS), list))
                        .map(made -> list(Json.object(made, "data")));
            });
        }

        @Override
        public Future<Void> trackEvent(Call call, Contact contact, Event event) {
            JsonObject metric = new JsonObject()
                    .put("type", "metric")
                    .put("attributes", new JsonObject().put("name", event.name()));
            JsonObject profile = new JsonObject()
                    .put("type", "profile")
                    .put("id", contact.requireId())
                    .put("attributes", new JsonObject());
            JsonObject json = new JsonObject()
                    .put("type", "event")
                    .put(
                            "attributes",
                            new JsonObject()
                                    .put("properties", event.properties())
                                    .put("metric", new JsonObject().put("data", metric))
                                    .put("profile", new JsonObject().put("data", profile)));
            return send(call, body(Request.post(base, "/api/events").bucket(Bucket.EVENTS), json))
                    .mapEmpty();
        }

        /** Erases the profile for good: the API has no other way. It takes the order and carries it out soon, whether there is such a profile or not. */
        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            JsonObject profile = new JsonObject().put("type", "profile").put("id", contact.requireId());
            JsonObject job = new JsonObject()
                    .put("type", "data-privacy-deletion-job")
                    .put("attributes", new JsonObject().put("profile", new JsonObject().put("data", profile)));
            return send(call, of(contact, "").query("fields[profile]", "email"))
                    .compose(there -> send(
                            call,
                            body(
                                    Request.post(base, "/api/data-privacy-deletion-jobs")
                                            .asRepeatable(),
                                    job)))
                    .mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return KlaviyoWebhooks.read(notice, secret);
        }

        // ---- wire

        /** A text as filters take it, which is as JSON does. */
        private static String quoted(String text) {
            String array = new JsonArray().add(text).encode();
            return array.substring(1, array.length() - 1);
        }

        private Request get(String template) {
            return Request.get(base, template);
        }

        private static Request body(Request request, Object data) {
            return request.body(MEDIA, new JsonObject().put("data", data).toBuffer());
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }

        private Future<List<JsonObject>> all(Call call, Request request, int mostPages) {
            return page(call, request, null, mostPages, new ArrayList<>());
        }

        private Future<List<JsonObject>> page(
                Call call, Request request, @Nullable String cursor, int pages, List<JsonObject> found) {
            return send(call, cursor == null ? request : request.query("page[cursor]", cursor))
                    .compose(json -> {
                        Json.objects(json, "data").forEach(found::add);
                        String next = next(json);
                        return next == null || pages == 1
                                ? Future.succeededFuture(found)
                                : page(call, request, next, pages - 1, found);
                    });
        }

        /** The cursor alone is taken from the link, so that no answer can send us to another host. */
        private static @Nullable String next(JsonObject json) {
            String link = json.getValue("links") instanceof JsonObject links ? Json.textOrNull(links, "next") : null;
            if (link == null) {
                return null;
            }
            Matcher cursor = CURSOR.matcher(link);
            if (!cursor.find()) {
                throw CrmException.unavailable("the link to the next page has no cursor", 200);
            }
            return URLDecoder.decode(cursor.group(1), StandardCharsets.UTF_8);
        }
    }
}
