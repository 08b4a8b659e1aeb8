package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
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
import io.crmux.crm.Field;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Limit;
import io.crmux.crm.Loaded;
import io.crmux.crm.Operation;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.Request.Pair;
import io.crmux.crm.RetryAfter;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.crmux.crm.Verdict;
import io.crmux.crm.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Agile CRM: the REST API without version. A contact is a list of properties, some with a subtype: such a field's id is {@code name+subtype}. Tags are
 * names. "Not found" is a 204 without a body. Facts are from the vendor's description (2019) and from what public clients send.
 *
 * <p>Not documented, and so both ways are handled: adding a known address may make a second contact (the core looks first) or answer 400 (it is looked up
 * then); a change of an unknown id may answer 204 or 400 (it is read then); deleting one may succeed (it is read before). Assumed: two calls a second, that
 * a 503 asks to slow down, too, and that an empty value clears a property, since none can be deleted.
 */
public final class AgileCrm implements Connector {

    private static final String CONTACTS = "/dev/api/contacts";
    private static final String CONTACT = "/dev/api/contacts/{id}";
    private static final String BY_EMAIL = "/dev/api/contacts/search/email/{email}";
    private static final String BY_EMAILS = "/dev/api/contacts/search/email";
    /** Its limit is not published, and this is assumed. */
    private static final int MOST_ADDRESSES = 50;

    private static final String FILTER = "/dev/api/filters/filter/dynamic-filter";
    private static final int PAGE = 1000;

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "agilecrm",
            "Agile CRM",
            List.of(
                    Setting.required(
                            "domain", Setting.Type.TEXT, "the account's sub-domain: acme of acme.agilecrm.com"),
                    Setting.required("user_email", Setting.Type.TEXT, "the address of the user whose key it is"),
                    Setting.secret("key", "the REST API key, from Admin Settings > Developers & API"),
                    Setting.optional("url", Setting.Type.URL, null, "in place of https://<domain>.agilecrm.com"),
                    WebhookSecret.setting("the word behind ?secret= in the address of webhooks")),
            Authentication.described("user_email and key as user and password (HTTP Basic)", AgileCrm::sign),
            List.of(Limit.of(2, Duration.ofSeconds(1))),
            2,
            "a tag's name: letters, digits, blanks and underscores; applying an unknown one creates it",
            EnumSet.complementOf(EnumSet.of(Operation.ADD_TAG, Operation.SYNC_LISTS, Operation.TRACK_EVENT)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name"),
                    "billing_phone", FieldTarget.text("phone"),
                    "billing_company", FieldTarget.text("company"),
                    "billing_address_1", FieldTarget.text("address+address"),
                    "billing_city", FieldTarget.text("address+city"),
                    "billing_state", new FieldTarget("address+state", FieldType.STATE),
                    "billing_postcode", FieldTarget.text("address+zip"),
                    "billing_country", new FieldTarget("address+country", FieldType.COUNTRY)),
            Descriptor.Countries.CODE,
            "https://github.com/agilecrm/rest-api");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** Without being asked for JSON it answers XML. */
    private static Request sign(Request request, Settings settings, long millis) {
        return Authentication.basic("user_email", "key")
                .sign(request, settings, millis)
                .header("accept", "application/json");
    }

    /** Failures have a status and at best some text. */
    @Override
    public Set<String> domains() {
        return Set.of("agilecrm.com");
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        int status = answer.status();
        if (status == 429 || status == 503) {
            return Verdict.failed(
                    CrmException.of(Kind.RATE_LIMITED, "too many calls", status).waiting(RetryAfter.millis(answer)));
        }
        if (status == 406) {
            return Verdict.failed(CrmException.of(Kind.INVALID, "the account's limit of contacts is used up", 406));
        }
        if (status < 300 && answer.body().length() == 0 && isAboutOne(request)) {
            return Verdict.failed(CrmException.of(Kind.NOT_FOUND, "there is no such contact", status));
        }
        return Verdict.byStatus(answer, words(answer));
    }

    private static boolean isAboutOne(Request request) {
        return switch (request.method().name()) {
            case "GET" ->
                request.template().equals(CONTACT) || request.template().equals(BY_EMAIL);
            case "PUT" -> true;
            default -> false;
        };
    }

    private static String words(Answer answer) {
        String text = answer.body().toString();
        return text.startsWith("<") || text.length() > 200 ? "" : text;
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(
                settings.find("url")
                        .map(url -> settings.url("url"))
                        .orElseGet(() -> "https://" + settings.text("domain") + ".agilecrm.com"),
                WebhookSecret.of(settings),
                http);
    }

    private record Opened(String base, WebhookSecret secret, Http http) implements Crm, BulkLookUp, Deletion, Webhooks {

        private static final List<String> STANDARD = List.of(
                "email",
                "first_name",
                "last_name",
                "company",
                "title",
                "phone",
                "email+work",
                "email+personal",
                "phone+work",
                "phone+home",
                "phone+mobile",
                "phone+main",
                "website+URL",
                "website+FACEBOOK",
                "website+TWITTER",
                "website+GOOGLE-PLUS",
                "address+address",
                "address+city",
                "address+state",
                "address+zip",
                "address+country");

        private static final Set<String> SYSTEM =
                Set.of("email", "first_name", "last_name", "company", "title", "phone", "website", "address");
        private static final String ADDRESS = "address+";
        private static final Pattern TAG = Pattern.compile("\\p{L}[\\p{L}\\p{N}_ ]*");
        private static final int TIME_LENGTH = 19;
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("MM/dd/yyyy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

        /** That reads may lag by some seconds is assumed: nothing is published. */
        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                false,
                Traits.Creation.BY_APPLYING,
                Traits.Add.DUPLICATES,
                Traits.Address.ID,
                Duration.ofSeconds(5),
                1);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        @Override
        public Future<Account> connect(Call call) {
            return send(call, get("/dev/api/users/current-user")).map(user -> new Account(Json.text(user, "email")));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return http.send(call, get("/dev/api/tags"))
                    .map(answer -> rows(answer)
                            .map(tag -> Tag.named(Json.text(tag, "tag")))
                            .toList());
        }

        /** No call tells the custom fields: those that some of a thousand contacts have filled are found. */
        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            Request request = get("/dev/api/search/")
                    .query("q", "%")
                    .query("page_size", Integer.toString(PAGE))
                    .query("type", "PERSON");
            return http.send(call, request).map(answer -> {
                Set<String> custom = new LinkedHashSet<>();
                rows(answer)
                        .flatMap(contact -> Json.objects(contact, "properties"))
                        .filter(property -> "CUSTOM".equals(Json.textOrNull(property, "type")))
                        .forEach(property -> custom.add(Json.text(property, "name")));
                List<Field> fields = new ArrayList<>();
                STANDARD.forEach(id -> fields.add(Field.of(id, id, FieldType.TEXT, "Standard fields")));
                custom.forEach(id -> fields.add(Field.of(id, id, FieldType.TEXT, "Custom fields")));
                return fields;
            });
        }

        /** The look-up minds the case: addresses are added in lower case, and others may have been typed in. */
        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            String lower = email.toLowerCase(Locale.ROOT);
            return lookUp(call, lower)
                    .compose(found -> found.isPresent() || lower.equals(email)
                            ? Future.succeededFuture(found)
                            : lookUp(call, email));
        }

        private Future<Optional<Contact>> lookUp(Call call, String email) {
            return send(call, get(BY_EMAIL).with("email", email))
                    .map(found -> Optional.of(found)
                            .filter(contact -> has(contact, email))
                            .map(Opened::contact))
                    .recover(Members::nobody);
        }

        @Override
        public int mostAddresses() {
            return MOST_ADDRESSES;
        }

        /** An empty object is answered for an address that nobody has, so that an answer that ends too early can be told from one that has found nobody. */
        @Override
        public Future<Map<String, Contact>> getContactIds(Call call, List<String> emails) {
            JsonArray spellings = Addresses.spellings(emails);
            Request request = Request.post(base, BY_EMAILS)
                    .asRepeatable()
                    .form(List.of(new Pair("email_ids", spellings.encode())));
            return http.send(call, request).map(answer -> {
                List<JsonObject> found = Members.objects(answer).toList();
                if (found.size() < spellings.size()) {
                    throw CrmException.of(Kind.INVALID, "Agile CRM does not look up so many addresses at once", 200);
                }
                return Addresses.owners(
                        emails,
                        email -> found.stream()
                                .filter(each -> !each.isEmpty() && has(each, email))
                                .findFirst()
                                .map(Opened::contact));
            });
        }

        private static boolean has(JsonObject contact, String email) {
            return "PERSON".equals(Json.text(contact, "type"))
                    && Json.objects(contact, "properties")
                            .filter(property -> "email".equals(Json.text(property, "name")))
                            .anyMatch(property -> email.equalsIgnoreCase(Json.textOrNull(property, "value")));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return read(call, contact).map(found -> {
                Set<Tag> tags = new LinkedHashSet<>();
                Members.texts(found, "tags").map(Tag::named).forEach(tags::add);
                return tags;
            });
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return read(call, contact).map(found -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                Json.objects(found, "properties").forEach(property -> put(fields, property));
                Members.put(fields, "email", value(mainEmail(found)));
                return new Loaded(contact(found), fields);
            });
        }

        private static void put(Map<String, Value> fields, JsonObject property) {
            String name = Json.text(property, "name");
            if (name.equals("address")) {
                address(property).forEach(part -> Members.put(fields, ADDRESS + part.getKey(), part.getValue()));
                return;
            }
            String field = subtype(property).isEmpty() ? name : name + "+" + subtype(property);
            String text = value(property);
            Members.put(fields, field, text);
            if (text != null && text.length() == TIME_LENGTH) {
                time(text).ifPresent(time -> fields.put(field, time));
            }
        }

        private static Optional<Value.Time> time(String text) {
            try {
                return Optional.of(
                        new Value.Time(LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC)));
            } catch (DateTimeException otherText) {
                return Optional.empty();
            }
        }

        private static String subtype(JsonObject property) {
            String subtype = Json.textOrNull(property, "subtype");
            return subtype == null ? "" : subtype;
        }

        private static JsonObject address(@Nullable JsonObject property) {
            String text = property == null ? null : value(property);
            try {
                return text == null || text.isEmpty() ? new JsonObject() : new JsonObject(text);
            } catch (DecodeException e) {
                return new JsonObject().put("address", text);
            }
        }

        private static @Nullable String value(@Nullable JsonObject property) {
            return property == null ? null : Json.textOrNull(property, "value");
        }

        /** Without a subtype, else of work, else any. */
        private static @Nullable JsonObject mainEmail(JsonObject contact) {
            List<JsonObject> emails = Json.objects(contact, "properties")
                    .filter(property -> "email".equals(Json.text(property, "name")))
                    .toList();
            return Stream.of("", "work")
                    .flatMap(subtype -> emails.stream().filter(email -> subtype.equals(subtype(email))))
                    .findFirst()
                    .orElse(emails.isEmpty() ? null : emails.get(0));
        }

        private static Contact contact(JsonObject found) {
            return new Contact(Json.text(found, "id"), value(mainEmail(found)));
        }

        private Future<JsonObject> read(Call call, Contact contact) {
            return send(call, get(CONTACT).with("id", contact.requireId()));
        }

        /** The cursor is a member of a page's last contact. */
        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            JsonObject rule = new JsonObject()
                    .put("LHS", "tags")
                    .put("CONDITION", "EQUALS")
                    .put("RHS", tag.name());
            JsonObject filter =
                    new JsonObject().put("rules", new JsonArray().add(rule)).put("contact_type", "PERSON");
            List<Pair> form = new ArrayList<>(List.of(
                    new Pair("page_size", Integer.toString(Math.min(PAGE, limit))),
                    new Pair("global_sort_key", "-created_time"),
                    new Pair("filterJson", filter.encode())));
            if (cursor != null) {
                form.add(new Pair("cursor", cursor));
            }
            return http.send(call, Request.post(base, FILTER).asRepeatable().form(form))
                    .map(answer -> {
                        List<JsonObject> found = rows(answer).toList();
                        return new Page<>(
                                found.stream()
                                        .map(contact -> Json.text(contact, "id"))
                                        .toList(),
                                found.isEmpty() ? null : Json.textOrNull(found.get(found.size() - 1), "cursor"));
                    });
        }

        // ---- writes

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            JsonObject contact = new JsonObject()
                    .put("type", "PERSON")
                    .put("properties", properties(fields, new JsonObject().put("properties", new JsonArray())));
            return send(call, Request.post(base, CONTACTS).json(contact))
                    .map(added -> new Added(Json.text(added, "id"), Added.How.CREATED))
                    .recover(failure -> known(call, fields.get("email"), failure));
        }

        private Future<Added> known(Call call, @Nullable Value email, Throwable failure) {
            return email == null || CrmException.of(failure).kind() != Kind.INVALID
                    ? Future.failedFuture(failure)
                    : getContactId(call, email.asText())
                            .compose(found -> Future.failedFuture(
                                    found.isEmpty()
                                            ? failure
                                            : CrmException.of(Kind.DUPLICATE, "the address is known", 400)
                                                    .existing(found.get().id())));
        }

        /** The parts of a postal address are one property, and an address keeps its subtype: for these the contact is read first. */
        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            boolean reads =
                    fields.keySet().stream().anyMatch(field -> field.equals("email") || field.startsWith(ADDRESS));
            Future<JsonObject> before = reads
                    ? free(call, contact, fields.get("email")).compose(free -> read(call, contact))
                    : Future.succeededFuture(new JsonObject().put("properties", new JsonArray()));
            return before.compose(found -> {
                        JsonArray changed = properties(fields, found);
                        return changed.isEmpty()
                                ? Future.succeededFuture()
                                : change(call, "edit-properties", contact, "properties", changed);
                    })
                    .map(contact);
        }

        /** Whether another contact's address is refused is not documented: it is looked up. */
        private Future<Void> free(Call call, Contact contact, @Nullable Value email) {
            return email == null
                    ? Future.succeededFuture()
                    : getContactId(call, email.asText())
                            .compose(found -> found.isEmpty()
                                            || contact.requireId()
                                                    .equals(found.get().id())
                                    ? Future.succeededFuture()
                                    : Future.failedFuture(
                                            CrmException.of(Kind.DUPLICATE, "another contact has this address", null)));
        }

        @Override
        public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
            return tags.stream().allMatch(tag -> TAG.matcher(tag.name()).matches())
                    ? change(call, "edit/tags", contact, "tags", names(tags)).mapEmpty()
                    : Future.failedFuture(CrmException.of(
                            Kind.INVALID,
                            "a tag must begin with a letter and hold nothing but letters, digits, blanks and underscores",
                            null));
        }

        @Override
        public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
            return change(call, "delete/tags", contact, "tags", names(tags)).mapEmpty();
        }

        private static JsonArray names(Set<Tag> tags) {
            return new JsonArray(tags.stream().map(Tag::name).toList());
        }

        /** What is refused may be refused because there is nobody: that is told by reading. */
        private Future<JsonObject> change(Call call, String action, Contact contact, String key, JsonArray change) {
            JsonObject body = new JsonObject().put("id", contact.requireId()).put(key, change);
            return send(call, Request.put(base, CONTACTS + "/" + action).json(body))
                    .map(changed -> {
                        Json.text(changed, "id");
                        return changed;
                    })
                    .recover(failure -> CrmException.of(failure).kind() != Kind.INVALID
                            ? Future.failedFuture(failure)
                            : read(call, contact).compose(there -> Future.failedFuture(failure)));
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return read(call, contact)
                    .compose(there ->
                            http.send(call, Request.delete(base, CONTACT).with("id", contact.requireId())))
                    .mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return AgileCrmWebhooks.read(notice, secret);
        }

        // ---- mapping

        /** @param contact as it is, for what is changed in part */
        private static JsonArray properties(Map<String, Value> fields, JsonObject contact) {
            JsonArray properties = new JsonArray();
            JsonObject address = new JsonObject();
            fields.forEach((field, value) -> {
                if (field.startsWith(ADDRESS)) {
                    address.put(field.substring(ADDRESS.length()), text(value));
                } else if (field.equals("email")) {
                    email(contact, value).forEach(properties::add);
                } else {
                    properties.add(property(field, text(value)));
                }
            });
            if (!address.isEmpty()) {
                JsonObject had = address(Json.objects(contact, "properties")
                        .filter(property -> "address".equals(Json.text(property, "name")))
                        .findFirst()
                        .orElse(null));
                properties.add(property("address", had.mergeIn(address).encode()));
            }
            return properties;
        }

        private static Stream<JsonObject> email(JsonObject contact, Value value) {
            String email = value.asText().toLowerCase(Locale.ROOT);
            JsonObject had = mainEmail(contact);
            if (email.equalsIgnoreCase(value(had))) {
                return Stream.empty();
            }
            JsonObject property = property("email", email);
            return Stream.of(had == null ? property : property.put("subtype", subtype(had)));
        }

        private static JsonObject property(String field, String value) {
            String[] parts = field.split("\\+", 2);
            if (!SYSTEM.contains(parts[0])) {
                return new JsonObject().put("type", "CUSTOM").put("name", field).put("value", value);
            }
            JsonObject property = new JsonObject().put("type", "SYSTEM").put("name", parts[0]);
            return (parts.length == 1 ? property : property.put("subtype", parts[1])).put("value", value);
        }

        /** A day is sent as its noon, since the account's time zone would show midnight as the day before. */
        private static String text(Value value) {
            if (value instanceof Value.Flag flag) {
                return flag.on() ? "on" : "off";
            }
            if (value instanceof Value.Day day) {
                return TIME.format(day.day().atTime(LocalTime.NOON));
            }
            return value instanceof Value.Time time ? TIME.format(time.instant()) : value.asText();
        }

        private static Stream<JsonObject> rows(Answer answer) {
            return answer.status() == 204 ? Stream.empty() : Members.objects(answer);
        }

        private Request get(String template) {
            return Request.get(base, template);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }
    }
}
