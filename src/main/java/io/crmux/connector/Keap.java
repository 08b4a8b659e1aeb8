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
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deletion;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Field;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Limit;
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
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keap, formerly Infusionsoft: REST v2, and v1 for a contact's tags, since it takes any number of them in one call. With a service account key, a personal
 * access token, or an app that an operator has agreed to. A tag is known by its id: several categories may have one of the same name. Facts are from the
 * vendor's two descriptions and its page on limits.
 *
 * <p>Assumed: that an empty text clears a field; that a used-up quota, whose end is told in no described form, is worth a look every minute; that a filter
 * shows a new contact after ten seconds. Whether an outcome of applying is the name or the value of its member is not known: both are read. Of several contacts'
 * changes, {@link KeapSharing} says which go tag by tag. Addresses are looked up one by one: a filter takes several ids, and one address.
 */
public final class Keap implements Connector {

    private static final String CONTACTS = "/v2/contacts";
    private static final String CONTACT = "/v2/contacts/{id}";
    private static final String V1_TAGS = "/v1/contacts/{id}/tags";
    private static final String TAGGED = "/v2/tags/{tag}/contacts";
    private static final int PAGE = 1000;
    private static final long PAUSE_MILLIS = 60_000;
    /** How the headers begin that tell of a key's limits. */
    private static final List<String> OF_THE_KEY = List.of("x-keap-product-quota-", "x-keap-product-throttle-");

    private static final Map<String, Duration> WINDOWS =
            Map.of("second", Duration.ofSeconds(1), "minute", Duration.ofMinutes(1), "day", Duration.ofDays(1));

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "infusionsoft",
            "Keap",
            List.of(
                    Setting.optionalSecret("key", "a service account key or personal access token: KeapAK-..."),
                    Setting.optional(OAuth.CLIENT_ID, Setting.Type.TEXT, null, "the client id of an app"),
                    Setting.optionalSecret(OAuth.CLIENT_SECRET, "the client secret of the app"),
                    Setting.optional(
                            "opt_in_reason",
                            Setting.Type.TEXT,
                            null,
                            "why new contacts may be sent mail; without a reason Keap sends them none"),
                    Setting.optional(
                            "url", Setting.Type.URL, "https://api.infusionsoft.com/crm/rest", "where the API is"),
                    Setting.optional(
                            "urls.token",
                            Setting.Type.URL,
                            "https://api.infusionsoft.com/token",
                            "where the tokens of an app come from"),
                    WebhookSecret.setting("the word behind ?secret= in the address of webhooks")),
            Authentication.either(Authentication.header("x-keap-api-key", "key"), Authentication.oauth(Keap::oauth)),
            List.of(
                    Limit.of(10, Duration.ofSeconds(1)),
                    Limit.of(240, Duration.ofMinutes(1)),
                    Limit.of(30_000, Duration.ofDays(1))),
            4,
            "a tag's id",
            EnumSet.complementOf(EnumSet.of(Operation.SYNC_LISTS, Operation.TRACK_EVENT)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("given_name"),
                    "last_name", FieldTarget.text("family_name"),
                    "billing_phone", FieldTarget.text("phone"),
                    "billing_address_1", FieldTarget.text("billing+line1"),
                    "billing_address_2", FieldTarget.text("billing+line2"),
                    "billing_city", FieldTarget.text("billing+locality"),
                    "billing_state", new FieldTarget("billing+region_code", FieldType.STATE),
                    "billing_postcode", FieldTarget.text("billing+postal_code"),
                    "billing_country", new FieldTarget("billing+country_code", FieldType.COUNTRY)),
            Descriptor.Countries.CODE,
            "https://developer.keap.com/docs/restv2/");

    /** The refresh token works once; the client proves itself in another way when it uses that. */
    private static OAuth oauth(Settings settings) {
        return OAuth.code("https://accounts.infusionsoft.com/app/oauth/authorize", settings.url("urls.token"))
                .scope("full")
                .proof(OAuth.Proof.FORM, OAuth.Proof.BASIC)
                .lifetime(Duration.ofDays(1));
    }

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** Apps may do more than keys. */
    @Override
    public List<Limit> limits(Settings settings) {
        return settings.find("key").isPresent()
                ? DESCRIPTOR.limits()
                : List.of(Limit.of(1_500, Duration.ofMinutes(1)), Limit.of(150_000, Duration.ofDays(1)));
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        return verdict(request, answer).telling(told(answer));
    }

    /**
     * What is left of the key's limits, each of which tells its window. How the end of a window is written is not documented, and it is not read. What is told of the
     * whole account's limits is left out: those windows are as long as the key's, and it would be taken for them.
     */
    private static List<Allowance> told(Answer answer) {
        List<Allowance> told = new ArrayList<>(OF_THE_KEY.size());
        for (String kind : OF_THE_KEY) {
            String unit = answer.headers().get(kind + "time-unit");
            Duration window = unit == null ? null : WINDOWS.get(unit.toLowerCase(Locale.ROOT));
            if (window != null && "1".equals(answer.headers().get(kind + "interval"))) {
                told.addAll(Allowance.read(answer, Limit.ORDINARY, kind + "limit", window, kind + "available", null));
            }
        }
        return told;
    }

    /** A wrong owner is a 500, and stays one. A list of a tag that is unknown is a 404, and no contact is missing. */
    private static Verdict verdict(Request request, Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.byStatus(answer, "");
        }
        String message = message(Members.orNothing(answer));
        if (status == 429 || status == 503) {
            Long told = RetryAfter.millis(answer);
            Long wait = told == null && message.contains("quota") ? (Long) PAUSE_MILLIS : told;
            return Verdict.failed(
                    CrmException.of(Kind.RATE_LIMITED, message, status).waiting(wait));
        }
        if (status == 404 && !Members.isObject(answer)) {
            return Verdict.failed(CrmException.unavailable("the address answers, but not as Keap does", 404));
        }
        boolean noTag = status == 404 && request.template().equals(TAGGED);
        boolean noOwner = status == 500
                && request.body() != null
                && request.body().toString().contains("\"owner_id\"");
        return noTag || noOwner
                ? Verdict.failed(CrmException.of(Kind.INVALID, message, status))
                : Verdict.byStatus(answer, message);
    }

    private static String message(JsonObject body) {
        return body.getValue("fault") instanceof JsonObject fault
                ? String.valueOf(fault.getValue("faultstring", ""))
                : String.valueOf(body.getValue("message", ""));
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(
                settings.url("url"), settings.find("opt_in_reason").orElse(null), WebhookSecret.of(settings), http);
    }

    private record Opened(String base, @Nullable String optInReason, WebhookSecret secret, Http http)
            implements Crm, TagCreation, Deletion, Webhooks {

        private static final int MOST_TAGS = 100;
        /** So many contacts are assumed to go into a call. */
        private static final int BATCHES = 100;

        /** Four deliveries go on at once: by the limit of a key, all calls are let out within the minute that each may take. */
        private static final int MOST_CALLS = 50;

        /** Each has two calls of its own. */
        private static final int MOST_IN_DOUBT = MOST_CALLS / 2;

        private static final Pattern TOKEN = Pattern.compile("[?&]page_token=([^&]+)");

        private static final Traits TRAITS = new Traits(
                Traits.Canonical.ID,
                false,
                Traits.Creation.BY_CALL,
                Traits.Add.UPSERTS,
                Traits.Address.ID,
                Duration.ofSeconds(10),
                BATCHES);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        @Override
        public Future<Account> connect(Call call) {
            return send(call, get(CONTACTS).query("page_size", "1")).map(json -> {
                Json.array(json, "contacts");
                return new Account("Keap");
            });
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return all(call, get("/v2/tags"), "tags")
                    .compose(tags -> all(call, get("/v2/tags/categories"), "tag_categories")
                            .map(categories -> {
                                Map<String, String> names = categories.stream()
                                        .collect(Collectors.toMap(
                                                each -> Json.text(each, "id"), each -> Json.text(each, "name")));
                                return tags.stream().map(tag -> tag(tag, names)).toList();
                            }));
        }

        private static Tag tag(JsonObject tag, Map<String, String> categories) {
            String category = tag.getValue("category") instanceof JsonObject of ? Json.textOrNull(of, "id") : null;
            return new Tag(
                    Json.text(tag, "id"),
                    Json.text(tag, "name"),
                    category == null ? null : categories.get(category),
                    true);
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return send(call, get("/v2/contacts/model")).map(json -> {
                List<Field> fields = new ArrayList<>();
                KeapFields.standard().forEach(id -> fields.add(Field.of(id, id, FieldType.TEXT, "Standard fields")));
                Json.objects(json, "custom_fields").map(KeapFields::described).forEach(fields::add);
                return fields;
            });
        }

        /** A star would stand for anything. */
        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            if (email.contains("*")) {
                return Future.failedFuture(
                        CrmException.of(Kind.INVALID, "an address with a star cannot be looked up", null));
            }
            Request request = get(CONTACTS).query("filter", "email==" + email).query("fields", "id,email_addresses");
            return send(call, request)
                    .map(json -> Json.objects(json, "contacts")
                            .filter(found -> KeapFields.has(found, email))
                            .findFirst()
                            .map(found -> new Contact(Json.text(found, "id"), email)));
        }

        /** Ids alone, which is what tags are known by. A contact that comes without them may have none: that is asked for. */
        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return read(call, contact, "tag_ids").compose(found -> {
                if (found.getValue("tag_ids") == null) {
                    return all(call, get(CONTACT + "/tags").with("id", contact.requireId()), "tags")
                            .<Set<Tag>>map(tags -> tags.stream()
                                    .map(tag -> tag(Json.object(tag, "tag"), Map.of()))
                                    .collect(Collectors.toCollection(LinkedHashSet::new)));
                }
                Set<Tag> tags = new LinkedHashSet<>();
                Members.texts(found, "tag_ids").map(id -> Tag.of(id, id)).forEach(tags::add);
                return Future.succeededFuture(tags);
            });
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return read(call, contact, KeapFields.MEMBERS).map(found -> {
                Map<String, Value> fields = KeapFields.read(found);
                Value email = fields.get("email");
                return new Loaded(new Contact(Json.text(found, "id"), email == null ? null : email.asText()), fields);
            });
        }

        private Future<JsonObject> read(Call call, Contact contact, String members) {
            return Members.number(contact)
                    .compose(id ->
                            send(call, get(CONTACT).with("id", id.toString()).query("fields", "id," + members)))
                    .map(found -> {
                        Json.text(found, "id");
                        return found;
                    });
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            Request request = get(TAGGED)
                    .with("tag", tag.requireId())
                    .query("page_size", Integer.toString(Math.min(PAGE, limit)));
            return send(call, cursor == null ? request : request.query("page_token", cursor))
                    .map(json -> new Page<>(
                            Json.objects(json, "contacts")
                                    .map(found -> Json.text(found, "id"))
                                    .toList(),
                            next(json)));
        }

        // ---- writes

        /** 201 tells of a new contact, 200 of one that was known and is updated. */
        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            JsonObject contact = KeapFields.wire(fields, new JsonObject(), optInReason);
            Request request = Request.post(base, CONTACTS).query("duplicate_option", "Email");
            return http.send(call, request.asRepeatable().json(contact))
                    .map(answer -> new Added(
                            Json.text(answer.json(), "id"),
                            answer.status() == 201 ? Added.How.CREATED : Added.How.EXISTED));
        }

        /** The parts of a postal address are replaced together: for these the contact is read first. */
        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            Future<JsonObject> before = fields.keySet().stream().anyMatch(KeapFields::isPartOfAddress)
                    ? read(call, contact, "addresses")
                    : Future.succeededFuture(new JsonObject());
            return free(call, contact, fields.get("email"))
                    .compose(free -> before)
                    .compose(found ->
                            one(call, contact, Request.patch(base, CONTACT).json(KeapFields.wire(fields, found, null))))
                    .map(answer -> new Contact(Json.text(answer.json(), "id"), contact.email()));
        }

        /** Keap would let two contacts have one address. */
        private Future<Void> free(Call call, Contact contact, @Nullable Value email) {
            return email == null || email.asText().isEmpty()
                    ? Future.succeededFuture()
                    : getContactId(call, email.asText())
                            .compose(found -> found.isEmpty()
                                            || contact.requireId()
                                                    .equals(found.get().id())
                                    ? Future.succeededFuture()
                                    : Future.failedFuture(
                                            CrmException.of(Kind.DUPLICATE, "another contact has this address", null)));
        }

        /** Whoever shares all calls with others costs nothing more: a hundred contacts with one tag go together, and those who share nothing are few. */
        @Override
        public List<Batch> together(List<Batch> due) {
            return Grouping.within(
                    MOST_CALLS,
                    due,
                    some -> KeapSharing.of(some).calls()
                            + some.stream().mapToLong(Opened::ownCalls).sum());
        }

        /** Beside those for tags. An address is looked for before it is given, the parts of a postal address are read before they are replaced. */
        private static int ownCalls(Batch batch) {
            Set<String> fields = batch.fields().keySet();
            if (batch.create() || batch.delete()) {
                return 1;
            }
            return (fields.isEmpty() ? 0 : 1)
                    + (fields.contains("email") ? 1 : 0)
                    + (fields.stream().anyMatch(KeapFields::isPartOfAddress) ? 1 : 0);
        }

        /** Tag by tag where that makes fewer calls; else each contact by itself. */
        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            Set<Long> shared =
                    KeapSharing.of(batches).together().stream().map(Batch::id).collect(Collectors.toSet());
            Grouping.Way alone = some -> Crm.super.deliver(call, some);
            return Grouping.deliver(
                    batches,
                    batch -> shared.contains(batch.id()),
                    together -> TagsTogether.deliver(
                            together, MOST_IN_DOUBT, alone, new KeapSharedTags(base, http, call)::change),
                    rest -> Grouping.each(rest, alone));
        }

        @Override
        public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
            Future<Void> applied = Future.succeededFuture();
            for (List<Long> some : numbers(tags)) {
                Request request = Request.post(base, V1_TAGS)
                        .asRepeatable()
                        .json(new JsonObject().put("tagIds", new JsonArray(some)));
                applied = applied.compose(done -> one(call, contact, request)).map(answer -> {
                    List<JsonObject> outcomes = Members.objects(answer).toList();
                    if (outcomes.isEmpty()) {
                        throw CrmException.unavailable("there is no word of what became of the tags", 200);
                    }
                    outcomes.forEach(outcome -> outcome.forEach(each -> KeapSharedTags.check(each.getValue())));
                    return null;
                });
            }
            return applied;
        }

        /** "Not found" may mean a tag, which the contact need not have had: its tags tell. */
        @Override
        public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
            Future<Void> removed = Future.succeededFuture();
            for (List<Long> some : numbers(tags)) {
                String ids = some.stream().map(String::valueOf).collect(Collectors.joining(","));
                removed = removed.compose(done ->
                                one(call, contact, Request.delete(base, V1_TAGS).query("ids", ids)))
                        .map(answer -> {
                            if (answer.status() != 204) {
                                throw CrmException.unavailable("the tags were not taken away", answer.status());
                            }
                            return null;
                        });
            }
            return removed.recover(failure -> CrmException.of(failure).kind() == Kind.NOT_FOUND
                    ? getTags(call, contact)
                            .compose(left -> left.stream().anyMatch(tag -> holds(tags, tag))
                                    ? Future.failedFuture(CrmException.unavailable("the tags were not taken away", 404))
                                    : Future.succeededFuture())
                    : Future.failedFuture(failure));
        }

        private static boolean holds(Set<Tag> tags, Tag other) {
            return tags.stream().anyMatch(tag -> tag.requireId().equals(other.id()));
        }

        private static List<List<Long>> numbers(Set<Tag> tags) {
            List<Long> ids =
                    tags.stream().map(tag -> Long.valueOf(tag.requireId())).toList();
            List<List<Long>> chunks = new ArrayList<>();
            for (int i = 0; i < ids.size(); i += MOST_TAGS) {
                chunks.add(ids.subList(i, Math.min(ids.size(), i + MOST_TAGS)));
            }
            return chunks;
        }

        /** What it answers to a name that is there already is not described: the list tells. */
        @Override
        public Future<Tag> addTag(Call call, String name) {
            return all(call, get("/v2/tags"), "tags")
                    .compose(tags -> tags.stream().anyMatch(tag -> name.equals(Json.text(tag, "name")))
                            ? Future.failedFuture(CrmException.of(Kind.DUPLICATE, "the tag is there already", null))
                            : send(call, Request.post(base, "/v2/tags").json(new JsonObject().put("name", name))))
                    .map(json -> Tag.of(Json.text(json, "id"), name));
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return one(call, contact, Request.delete(base, CONTACT)).mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return KeapWebhooks.read(notice, secret);
        }

        // ---- mapping

        private Request get(String template) {
            return Request.get(base, template);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }

        private Future<Answer> one(Call call, Contact contact, Request request) {
            return Members.number(contact).compose(id -> http.send(call, request.with("id", id.toString())));
        }

        private Future<List<JsonObject>> all(Call call, Request request, String key) {
            return page(call, request, key, null, new ArrayList<>());
        }

        private Future<List<JsonObject>> page(
                Call call, Request request, String key, @Nullable String token, List<JsonObject> found) {
            Request page = request.query("page_size", Integer.toString(PAGE));
            return send(call, token == null ? page : page.query("page_token", token))
                    .compose(json -> {
                        Json.objects(json, key).forEach(found::add);
                        String next = next(json);
                        return next == null ? Future.succeededFuture(found) : page(call, request, key, next, found);
                    });
        }

        /** What to ask for next: alone, or in a whole address as it used to be. */
        private static @Nullable String next(JsonObject json) {
            String next = Json.textOrNull(json, "next_page_token");
            if (next == null || next.isEmpty()) {
                return null;
            }
            Matcher token = TOKEN.matcher(next);
            return token.find() ? URLDecoder.decode(token.group(1), StandardCharsets.UTF_8) : next;
        }
    }
}
