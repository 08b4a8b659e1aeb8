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
 * Mailchimp: Marketing API 3.0, one audience of an account. A contact's id is the MD5 of its lower-cased address, so that it can be told without a call
 * and changes with the address. Facts are from the vendor's description (3.0.55) and error glossary; what is assumed says so.
 *
 * <p>Deleting archives: the member stays readable, and counts as absent here. Adding brings it back.
 *
 * <p>Changes of several members whose addresses are known go together: see {@link MailchimpTogether}.
 */
public final class Mailchimp implements Connector {

    private static final int PAGE = 1_000;
    /**
     * The vendor takes five hundred members in a call. So many are surely changed within the ten seconds of a call, or done singly within a delivery's minute. More would
     * gain nothing: Mailchimp limits how many calls are under way, not how many are made, and one for more members is under way for longer.
     */
    private static final int BATCHES = 100;

    static final String LIST = "/3.0/lists/{list}";
    static final String EMAIL = "email_address";
    private static final String MEMBER = LIST + "/members/{id}";
    private static final String ARCHIVED = "archived";

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "mailchimp",
            "Mailchimp",
            List.of(
                    Setting.secret(
                            "key",
                            "an API key, from Account > Extras > API keys; it ends with the data centre, as in -us21"),
                    Setting.required(
                            "list",
                            Setting.Type.TEXT,
                            "the audience's id, from Audience > Settings > Audience name and defaults"),
                    Setting.optional(
                            "optin",
                            Setting.Type.FLAG,
                            "false",
                            "whether a new contact is first asked by mail to confirm (double opt-in)"),
                    WebhookSecret.setting(
                            "the signing secret of webhooks, or the word behind ?secret= in their address"),
                    Setting.optional(
                            "url",
                            Setting.Type.URL,
                            null,
                            "in place of https://<data centre of the key>.api.mailchimp.com")),
            Authentication.described("key as password (HTTP Basic)", Mailchimp::sign),
            List.of(),
            10,
            "a tag's name, unique ignoring case within the audience; applying an unknown one creates it",
            EnumSet.allOf(Operation.class),
            Map.of(
                    "user_email", FieldTarget.text(EMAIL),
                    "first_name", FieldTarget.text("FNAME"),
                    "last_name", FieldTarget.text("LNAME"),
                    "billing_phone", FieldTarget.text("PHONE"),
                    "billing_address_1", FieldTarget.text("ADDRESS+addr1"),
                    "billing_address_2", FieldTarget.text("ADDRESS+addr2"),
                    "billing_city", FieldTarget.text("ADDRESS+city"),
                    "billing_state", new FieldTarget("ADDRESS+state", FieldType.STATE),
                    "billing_postcode", FieldTarget.text("ADDRESS+zip"),
                    "billing_country", new FieldTarget("ADDRESS+country", FieldType.COUNTRY)),
            Descriptor.Countries.CODE,
            "https://mailchimp.com/developer/marketing/api/");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** Any user name goes with the key. */
    private static Request sign(Request request, Settings settings, long millis) {
        byte[] pair = ("crmux:" + settings.text("key")).getBytes(StandardCharsets.UTF_8);
        return request.header("authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    @Override
    public Set<String> domains() {
        return Set.of("mailchimp.com");
    }

    /** What its edge blocks is a 403 without JSON, and means "slow down"; a known address is a 400. */
    @Override
    public Verdict judge(Request request, Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.ok();
        }
        JsonObject problem = jsonOrNothing(answer);
        if (status == 403 && answer.body().toString().startsWith("<")) {
            return Verdict.failed(CrmException.of(CrmException.Kind.RATE_LIMITED, "blocked at the edge", 403));
        }
        String title = problem.getString("title", "");
        String message = (title + " " + problem.getString("detail", "") + " " + complaints(problem)).trim();
        return status == 400 && title.equals("Member Exists")
                ? Verdict.failed(CrmException.of(CrmException.Kind.DUPLICATE, message, 400))
                : Verdict.byStatus(answer, message);
    }

    private static String complaints(JsonObject problem) {
        StringBuilder complaints = new StringBuilder();
        if (problem.getValue("errors") instanceof JsonArray errors) {
            errors.stream()
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast)
                    .forEach(error -> complaints
                            .append(error.getString("field", ""))
                            .append(": ")
                            .append(error.getString("message", ""))
                            .append("; "));
        }
        return complaints.toString();
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
        String base = settings.find("url").map(url -> settings.url("url")).orElseGet(() -> home(settings.text("key")));
        return new Opened(
                base,
                settings.text("list"),
                settings.flag("optin") ? "pending" : "subscribed",
                WebhookSecret.of(settings),
                http);
    }

    /** A key without data centre is accepted nowhere; the first one will say so. */
    private static String home(String key) {
        String centre = key.substring(key.lastIndexOf('-') + 1);
        return "https://" + (centre.matches("[a-z]{2,4}\\d{1,3}") ? centre : "us1") + ".api.mailchimp.com";
    }

    /** One audience, and what is done in it for one member at a time. */
    record Opened(String base, String list, String statusOfNew, WebhookSecret secret, Http http)
            implements CombinedChange, TagCreation, Lists, Events, Deletion, Webhooks {

        /** That tags' names ignore case, and how long the list of a tag's members lags, is assumed: nothing is published. */
        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                true,
                Traits.Creation.BY_APPLYING,
                Traits.Add.UPSERTS,
                Traits.Address.EITHER,
                Duration.ofSeconds(5),
                BATCHES);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        /** The MD5 of the address in lower case. */
        @Override
        public boolean areIdsOfAddresses() {
            return true;
        }

        // ---- reads

        /** A wrong audience is a 404, as for a contact. */
        @Override
        public Future<Account> connect(Call call) {
            return send(call, get(LIST).query("fields", "id,name"))
                    .map(json -> new Account(Json.text(json, "name")))
                    .recover(failure -> Future.failedFuture(
                            failure instanceof CrmException crm && crm.kind() == CrmException.Kind.NOT_FOUND
                                    ? CrmException.of(CrmException.Kind.INVALID, "there is no audience " + list, 404)
                                    : failure));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return send(call, get(LIST + "/tag-search"))
                    .map(json -> Json.objects(json, "tags").map(Opened::tag).toList());
        }

        private static Tag tag(JsonObject tag) {
            return Tag.of(Json.text(tag, "id"), Json.text(tag, "name"));
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return mergeFields(call).map(merges -> {
                List<Field> fields = new ArrayList<>();
                fields.add(Field.of(EMAIL, "Email Address", FieldType.TEXT, "Standard fields"));
                merges.forEach(merge -> fields.addAll(MailchimpFields.described(merge)));
                return fields;
            });
        }

        Future<List<JsonObject>> mergeFields(Call call) {
            return all(call, get(LIST + "/merge-fields"), "merge_fields", 0, new ArrayList<>());
        }

        @Override
        public Future<List<MailingList>> syncLists(Call call) {
            return all(
                            call,
                            Request.get(base, "/3.0/lists").query("fields", "lists.id,lists.name"),
                            "lists",
                            0,
                            new ArrayList<>())
                    .map(lists -> lists.stream()
                            .map(each -> new MailingList(Json.text(each, "id"), Json.text(each, "name")))
                            .toList());
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            Request request = get(MEMBER).with("id", Addresses.md5(email)).query("fields", "id,email_address,status");
            return send(call, request)
                    .map(member -> email.equalsIgnoreCase(Json.text(member, EMAIL)) && !isArchived(member)
                            ? Optional.of(contact(member))
                            : Optional.<Contact>empty())
                    .recover(Opened::nobody);
        }

        private static Future<Optional<Contact>> nobody(Throwable failure) {
            return failure instanceof CrmException crm && crm.kind() == CrmException.Kind.NOT_FOUND
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure);
        }

        /** A member comes with at most 50 of its tags, and their number; only one who has more needs the longer way. */
        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return member(call, contact, "id,status,tags,tags_count").compose(member -> {
                List<JsonObject> first = Json.objects(member, "tags").toList();
                Future<List<JsonObject>> whole = Json.integer(member, "tags_count") <= first.size()
                        ? Future.succeededFuture(first)
                        : all(call, get(MEMBER + "/tags").with("id", id(contact)), "tags", 0, new ArrayList<>());
                return whole.map(tags -> {
                    Set<Tag> found = new LinkedHashSet<>();
                    tags.forEach(tag -> found.add(tag(tag)));
                    return found;
                });
            });
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return member(call, contact, "id,email_address,status,merge_fields").map(member -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                fields.put(EMAIL, Value.text(Json.text(member, EMAIL)));
                fields.putAll(MailchimpFields.read(Json.object(member, "merge_fields")));
                return new Loaded(contact(member), fields);
            });
        }

        private Future<JsonObject> member(Call call, Contact contact, String fields) {
            return send(call, get(MEMBER).with("id", id(contact)).query("fields", fields))
                    .map(Opened::present);
        }

        private static JsonObject present(JsonObject member) {
            if (isArchived(member)) {
                throw CrmException.notFound("the contact is archived");
            }
            return member;
        }

        static boolean isArchived(JsonObject member) {
            return Json.text(member, "status").equals(ARCHIVED);
        }

        static Contact contact(JsonObject member) {
            return new Contact(Json.text(member, "id"), Json.text(member, EMAIL));
        }

        /** Those who left keep their tags. The vendor warns that totals are not exact, so a short page is the end. */
        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            if (cursor != null && !cursor.matches("\\d{1,9}")) {
                return Members.foreignCursor();
            }
            int offset = cursor == null ? 0 : Integer.parseInt(cursor);
            int most = Math.min(PAGE, limit);
            return segment(call, tag).compose(id -> {
                Request request = get(LIST + "/segments/{segment}/members")
                        .with("segment", id)
                        .query("count", Integer.toString(most))
                        .query("offset", Integer.toString(offset))
                        .query("include_unsubscribed", "true")
                        .query("include_cleaned", "true")
                        .query("include_transactional", "true")
                        .query("fields", "members.id");
                return send(call, request).map(json -> {
                    List<String> ids = Json.objects(json, "members")
                            .map(member -> Json.text(member, "id"))
                            .toList();
                    return new Page<>(ids, ids.size() < most ? null : Integer.toString(offset + ids.size()));
                });
            });
        }

        /** The number behind a tag's name. */
        Future<String> segment(Call call, Tag tag) {
            return tag.id() != null
                    ? Future.succeededFuture(tag.id())
                    : find(call, tag.name())
                            .map(found -> found.map(Tag::requireId)
                                    .orElseThrow(() -> CrmException.of(
                                            CrmException.Kind.INVALID, "there is no tag " + tag.name(), null)));
        }

        /** The search finds whatever contains the name. */
        private Future<Optional<Tag>> find(Call call, String name) {
            return send(call, get(LIST + "/tag-search").query("name", name))
                    .map(json -> Json.objects(json, "tags")
                            .map(Opened::tag)
                            .filter(tag -> tag.name().equalsIgnoreCase(name))
                            .findFirst());
        }

        // ---- writes

        /**
         * Sets the status of new members only, since anything else would subscribe those again who left. An archived member keeps its status, as is
         * assumed, and so is brought back by a second call; the CRM refuses it for those who left by themselves.
         */
        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            String email =
                    Optional.ofNullable(fields.get(EMAIL)).map(Value::asText).orElse("");
            return wire(call, new Contact(null, email), fields)
                    .map(wire -> wire.put(EMAIL, email).put("status_if_new", statusOfNew))
                    .compose(wire -> put(call, email, wire)
                            .compose(member -> isArchived(member)
                                    ? put(call, email, wire.copy().put("status", statusOfNew))
                                    : Future.succeededFuture(member)))
                    .map(member -> new Added(Json.text(member, "id"), Added.How.CANNOT_TELL));
        }

        private Future<JsonObject> put(Call call, String email, JsonObject wire) {
            return send(
                    call,
                    Request.put(base, MEMBER)
                            .with("list", list)
                            .with("id", Addresses.md5(email))
                            .query("skip_merge_validation", "true")
                            .json(wire));
        }

        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            return wire(call, contact, fields)
                    .compose(wire -> send(
                            call,
                            Request.patch(base, MEMBER)
                                    .with("list", list)
                                    .with("id", id(contact))
                                    .query("skip_merge_validation", "true")
                                    .json(wire)))
                    .map(Opened::present)
                    .map(Opened::contact);
        }

        /** A day is written as its field's type wants it, so that the types are read. */
        private Future<JsonObject> wire(Call call, Contact contact, Map<String, Value> fields) {
            Future<List<JsonObject>> described =
                    MailchimpFields.hasDay(fields) ? mergeFields(call) : Future.succeededFuture(List.of());
            return described.compose(merges -> wire(call, contact, fields, merges));
        }

        /**
         * Fields of a member as they are sent. An address must be whole, so that its other parts are read.
         *
         * @param described all merge fields of the audience; may be empty where no field is a day
         */
        Future<JsonObject> wire(Call call, Contact contact, Map<String, Value> fields, List<JsonObject> described) {
            Future<JsonObject> before = MailchimpFields.hasAddress(fields)
                    ? send(call, get(MEMBER).with("id", id(contact)).query("fields", "merge_fields"))
                            .map(member -> Json.object(member, "merge_fields"))
                            .recover(failure -> failure instanceof CrmException crm
                                            && crm.kind() == CrmException.Kind.NOT_FOUND
                                            && contact.id() == null
                                    ? Future.succeededFuture(new JsonObject())
                                    : Future.failedFuture(failure))
                    : Future.succeededFuture(new JsonObject());
            return before.map(merges -> {
                JsonObject wire = new JsonObject();
                JsonObject changed = MailchimpFields.write(fields, merges, described);
                if (!changed.isEmpty()) {
                    wire.put("merge_fields", changed);
                }
                Value email = fields.get(EMAIL);
                return email == null ? wire : wire.put(EMAIL, email.asText());
            });
        }

        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            return Grouping.deliver(
                    batches,
                    MailchimpTogether::fits,
                    fitting -> MailchimpTogether.deliver(this, call, fitting),
                    rest -> alone(call, rest));
        }

        /** All at once: the way out keeps the limits. */
        Future<List<Outcome>> alone(Call call, List<Batch> batches) {
            return Grouping.each(batches, batch -> CombinedChange.super.deliver(call, batch));
        }

        /** Tags on and off are one call. */
        @Override
        public Future<Contact> change(
                Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            Future<Contact> updated = fields.isEmpty()
                    ? Future.succeededFuture(new Contact(id(contact), contact.email()))
                    : updateContact(call, contact, fields);
            return updated.compose(now -> remove.isEmpty() && apply.isEmpty()
                    ? Future.succeededFuture(now)
                    : changeTags(call, now.requireId(), remove, apply).map(now));
        }

        Future<Void> changeTags(Call call, String id, Set<Tag> remove, Set<Tag> apply) {
            JsonArray tags = new JsonArray();
            remove.forEach(
                    tag -> tags.add(new JsonObject().put("name", tag.name()).put("status", "inactive")));
            apply.forEach(
                    tag -> tags.add(new JsonObject().put("name", tag.name()).put("status", "active")));
            Request request =
                    Request.post(base, MEMBER + "/tags").with("list", list).with("id", id);
            return send(call, request.asRepeatable().json(new JsonObject().put("tags", tags)))
                    .mapEmpty();
        }

        /** What a second tag of the same name would answer is not described, so it is looked for first. */
        @Override
        public Future<Tag> addTag(Call call, String name) {
            return find(call, name).compose(found -> {
                if (found.isPresent()) {
                    return Future.failedFuture(
                            CrmException.of(CrmException.Kind.DUPLICATE, "there is a tag " + name, null));
                }
                JsonObject segment = new JsonObject().put("name", name).put("static_segment", new JsonArray());
                return send(
                                call,
                                Request.post(base, LIST + "/segments")
                                        .with("list", list)
                                        .json(segment))
                        .map(json -> Tag.of(Json.text(json, "id"), name));
            });
        }

        /** The properties of an event are texts, and its name has 2 to 30 characters. */
        @Override
        public Future<Void> trackEvent(Call call, Contact contact, Event event) {
            JsonObject properties = new JsonObject();
            event.properties().forEach(each -> properties.put(each.getKey(), String.valueOf(each.getValue())));
            JsonObject json = new JsonObject().put("name", event.name()).put("properties", properties);
            return send(
                            call,
                            Request.post(base, MEMBER + "/events")
                                    .with("list", list)
                                    .with("id", id(contact))
                                    .json(json))
                    .mapEmpty();
        }

        /** Archives, after a look at whether the member is archived already: what the CRM answers then is not described. */
        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return member(call, contact, "id,status")
                    .compose(present -> send(
                            call,
                            Request.delete(base, MEMBER).with("list", list).with("id", id(contact))))
                    .mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return MailchimpWebhooks.read(notice, secret);
        }

        // ---- mapping

        static String id(Contact contact) {
            return contact.id() != null ? contact.id() : Addresses.md5(contact.requireEmail());
        }

        private Request get(String template) {
            return Request.get(base, template).with("list", list);
        }

        Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }

        private Future<List<JsonObject>> all(
                Call call, Request request, String key, int offset, List<JsonObject> found) {
            return send(call, request.query("count", Integer.toString(PAGE)).query("offset", Integer.toString(offset)))
                    .compose(json -> {
                        List<JsonObject> page = Json.objects(json, key).toList();
                        found.addAll(page);
                        return page.size() < PAGE
                                ? Future.succeededFuture(found)
                                : all(call, request, key, offset + page.size(), found);
                    });
        }
    }
}
