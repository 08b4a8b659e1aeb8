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
import io.crmux.crm.Field;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Limit;
import io.crmux.crm.Lists;
import io.crmux.crm.Loaded;
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
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * EmailOctopus: API v2. Everything is within one list. In paths, a contact is its id or the MD5 of its address, so that whose address is known needs no look-up. One
 * call changes fields and tags of a contact, another those of many. Facts are from the vendor's description and its pages on limits and webhooks.
 *
 * <p>Assumed: that tags mind their case; that a hundred contacts go into one call; that the wait after a 429 is in seconds. A contact is added by the call that
 * refuses a known address, since the one that updates would subscribe again who has unsubscribed.
 */
public final class EmailOctopus implements Connector {

    private static final String LIST = "/lists/{list}";
    private static final String TAGS = LIST + "/tags";
    private static final String CONTACTS = LIST + "/contacts";
    private static final String CONTACT = LIST + "/contacts/{id}";
    private static final int PAGE = 100;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "emailoctopus",
            "EmailOctopus",
            List.of(
                    Setting.secret("key", "the API key, made after October 2024, from Account > API"),
                    Setting.required("list", Setting.Type.TEXT, "the id of the list that contacts are in"),
                    Setting.optional("url", Setting.Type.URL, "https://api.emailoctopus.com", "where the API is"),
                    WebhookSecret.setting("the secret of the webhook")),
            Authentication.bearer("key"),
            List.of(Limit.of(10, SECOND)),
            4,
            "a tag's name within one list; applying an unknown one creates it",
            EnumSet.complementOf(EnumSet.of(Operation.TRACK_EVENT)),
            Map.of(
                    "user_email", FieldTarget.text("email_address"),
                    "first_name", FieldTarget.text("FirstName"),
                    "last_name", FieldTarget.text("LastName")),
            Descriptor.Countries.NAME,
            "https://emailoctopus.com/api-documentation/v2");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /**
     * What is told are the tokens left of a hundred, of which a second brings ten. Our own calls never draw on more than those, so fewer than ten are left only
     * when others call, too: no more calls than that leave within the second in which the next ten come.
     */
    @Override
    public Verdict judge(Request request, Answer answer) {
        return verdict(answer)
                .telling(Allowance.read(answer, Limit.ORDINARY, null, SECOND, "x-ratelimiting-remaining", null));
    }

    /** A 404 that is no JSON comes from a wrong address: no contact is missing. */
    private static Verdict verdict(Answer answer) {
        int status = answer.status();
        String message = status < 300 ? "" : message(answer);
        if (status == 429) {
            return Verdict.failed(CrmException.of(CrmException.Kind.RATE_LIMITED, message, 429)
                    .waiting(pause(answer)));
        }
        return status == 404 && !Members.isObject(answer)
                ? Verdict.failed(CrmException.unavailable("the address answers, but not as EmailOctopus does", 404))
                : Verdict.byStatus(answer, message);
    }

    private static String message(Answer answer) {
        JsonObject first = Members.error(answer);
        return String.valueOf(first.getValue("detail", "")) + first.getValue("pointer", "");
    }

    private static @Nullable Long pause(Answer answer) {
        String told = answer.headers().get("x-ratelimit-retry-after");
        return told != null && told.matches("\\d{1,6}")
                ? Long.valueOf(Long.parseLong(told) * 1000)
                : RetryAfter.millis(answer);
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(settings.url("url"), settings.text("list"), WebhookSecret.of(settings), http);
    }

    private record Opened(String base, String list, WebhookSecret secret, Http http)
            implements CombinedChange, TagCreation, Lists, Deletion, Webhooks {

        private static final String EMAIL = "email_address";
        private static final String STATUS = "status";
        private static final List<String> STATUSES = List.of("subscribed", "unsubscribed", "pending");

        /** That a change may be shown late by some seconds is assumed: nothing is published. */
        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                false,
                Traits.Creation.BY_APPLYING,
                Traits.Add.REFUSES,
                Traits.Address.EITHER,
                Duration.ofSeconds(5),
                PAGE);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        /** A key may be good, and yet the list be another account's. */
        @Override
        public Future<Account> connect(Call call) {
            return send(call, get(LIST)).map(json -> new Account(Json.text(json, "name")));
        }

        @Override
        public Future<List<MailingList>> syncLists(Call call) {
            return all(
                    call,
                    Request.get(base, "/lists"),
                    each -> new MailingList(Json.text(each, "id"), Json.text(each, "name")));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return all(call, get(TAGS), each -> Tag.named(Json.text(each, "tag")));
        }

        private <T> Future<List<T>> all(Call call, Request request, Function<JsonObject, T> read) {
            return more(call, request, null, read, new ArrayList<>());
        }

        private <T> Future<List<T>> more(
                Call call, Request request, @Nullable String after, Function<JsonObject, T> read, List<T> all) {
            return send(call, after(request, PAGE, after)).compose(json -> {
                Json.objects(json, "data").map(read).forEach(all::add);
                String next = next(json);
                return next == null ? Future.succeededFuture(all) : more(call, request, next, read, all);
            });
        }

        private static Request after(Request request, int limit, @Nullable String after) {
            Request limited = request.query("limit", Integer.toString(limit));
            return after == null ? limited : limited.query("starting_after", after);
        }

        private static @Nullable String next(JsonObject json) {
            return json.getValue("paging") instanceof JsonObject paging
                            && paging.getValue("next") instanceof JsonObject next
                    ? Json.textOrNull(next, "starting_after")
                    : null;
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return send(call, get(LIST)).map(json -> {
                List<Field> fields = new ArrayList<>();
                fields.add(Field.of(EMAIL, "Email address", FieldType.TEXT, "Standard fields"));
                fields.add(new Field(STATUS, "Status", FieldType.TEXT, "Standard fields", STATUSES, true));
                Json.objects(json, "fields").map(Opened::field).forEach(fields::add);
                return fields;
            });
        }

        private static Field field(JsonObject field) {
            String tag = Json.text(field, "tag");
            String group = tag.equals("FirstName") || tag.equals("LastName") ? "Standard fields" : "Custom fields";
            FieldType type = switch (Json.text(field, "type")) {
                case "number" -> FieldType.NUMBER;
                case "date" -> FieldType.DATE;
                case "choice_multiple" -> FieldType.MULTISELECT;
                default -> FieldType.TEXT;
            };
            List<String> choices = field.containsKey("choices")
                    ? Members.texts(field, "choices").toList()
                    : List.of();
            return new Field(tag, Json.text(field, "label"), type, group, choices, true);
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return contact(call, new Contact(null, email))
                    .map(found -> email.trim().equalsIgnoreCase(Json.text(found, EMAIL))
                            ? Optional.of(contact(found))
                            : Optional.<Contact>empty())
                    .recover(Members::nobody);
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return contact(call, contact).map(found -> {
                Set<Tag> tags = new LinkedHashSet<>();
                Members.texts(found, "tags").map(Tag::named).forEach(tags::add);
                return tags;
            });
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return contact(call, contact).map(found -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                Json.object(found, "fields").forEach(field -> Members.put(fields, field.getKey(), field.getValue()));
                Members.put(fields, EMAIL, found.getValue(EMAIL));
                Members.put(fields, STATUS, found.getValue(STATUS));
                return new Loaded(contact(found), fields);
            });
        }

        private Future<JsonObject> contact(Call call, Contact contact) {
            return send(call, get(CONTACT).with("id", path(contact)));
        }

        private static Contact contact(JsonObject found) {
            return new Contact(Json.text(found, "id"), Json.text(found, EMAIL));
        }

        private static String path(Contact contact) {
            return contact.id() != null
                    ? contact.id()
                    : Addresses.md5(contact.requireEmail().trim());
        }

        /** Contacts are asked for by status, and those of all three are wanted: the cursor says which one, and where in it. */
        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            String[] place = cursor == null ? new String[] {STATUSES.get(0)} : cursor.split(":", 2);
            int status = STATUSES.indexOf(place[0]);
            if (status < 0) {
                return Members.foreignCursor();
            }
            Request request = get(CONTACTS).query("tag", tag.name()).query(STATUS, place[0]);
            return send(call, after(request, Math.min(PAGE, limit), place.length == 1 ? null : place[1]))
                    .map(json -> {
                        List<String> ids = Json.objects(json, "data")
                                .map(found -> Json.text(found, "id"))
                                .toList();
                        String next = next(json);
                        if (next != null) {
                            return new Page<>(ids, place[0] + ":" + next);
                        }
                        return new Page<>(ids, status + 1 < STATUSES.size() ? STATUSES.get(status + 1) : null);
                    });
        }

        // ---- writes

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            return send(call, of(Request.post(base, CONTACTS)).json(wire(fields)))
                    .map(json -> new Added(Json.text(json, "id"), Added.How.CREATED));
        }

        @Override
        public Future<Contact> change(
                Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            Request request = of(Request.put(base, CONTACT)).with("id", path(contact));
            return send(call, request.json(wire(fields, remove, apply))).map(Opened::contact);
        }

        /** Many changes are one call. An address that changes, and a field that is emptied, go by themselves: the call for many knows no null. */
        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            return Grouping.deliver(
                    batches,
                    Opened::fits,
                    together -> together(call, together),
                    alone -> CombinedChange.super.deliver(call, alone));
        }

        private static boolean fits(Batch batch) {
            return Grouping.isPlain(batch)
                    && batch.contact().id() != null
                    && !batch.fields().containsKey(EMAIL)
                    && batch.fields().values().stream().noneMatch(Value.Cleared.class::isInstance);
        }

        private Future<List<Outcome>> together(Call call, List<Batch> batches) {
            JsonArray contacts = new JsonArray();
            batches.forEach(batch -> contacts.add(wire(batch.fields(), batch.remove(), batch.apply())
                    .put("id", batch.contact().requireId())));
            Request request = of(Request.put(base, CONTACTS + "/batch"));
            return send(call, request.json(new JsonObject().put("contacts", contacts)))
                    .map(json -> {
                        Map<String, CrmException> failures = new HashMap<>();
                        Set<String> done = new LinkedHashSet<>();
                        Json.objects(json, "success")
                                .forEach(each -> done.add(Json.text(Json.object(each, "data"), "id")));
                        Json.objects(json, "errors")
                                .forEach(each -> failures.put(Json.text(each, "id"), failure(each)));
                        return batches.stream()
                                .map(batch -> outcome(batch, done, failures))
                                .toList();
                    });
        }

        /** A batch of which the answer says nothing may be done or not: it is sent again, which does no harm. */
        private static Outcome outcome(Batch batch, Set<String> done, Map<String, CrmException> failures) {
            String id = batch.contact().requireId();
            return done.contains(id)
                    ? new Outcome.Done(batch, batch.contact(), null)
                    : new Outcome.Failed(
                            batch,
                            failures.getOrDefault(
                                    id, CrmException.unavailable("the answer does not mention the contact", 200)));
        }

        private static CrmException failure(JsonObject error) {
            String words = String.valueOf(error.getValue("detail", error.getValue("title")));
            boolean missing = Integer.valueOf(404).equals(error.getValue(STATUS));
            return CrmException.of(missing ? CrmException.Kind.NOT_FOUND : CrmException.Kind.INVALID, words, 200);
        }

        @Override
        public Future<Tag> addTag(Call call, String name) {
            return send(call, of(Request.post(base, TAGS)).json(new JsonObject().put("tag", name)))
                    .map(json -> Tag.named(Json.text(json, "tag")));
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return http.send(call, of(Request.delete(base, CONTACT)).with("id", path(contact)))
                    .mapEmpty();
        }

        @Override
        public List<Changed> read(Notice notice) {
            return EmailOctopusWebhooks.read(notice, list, secret);
        }

        // ---- mapping

        private static JsonObject wire(Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            JsonObject contact = wire(fields);
            JsonObject tags = new JsonObject();
            remove.forEach(tag -> tags.put(tag.name(), false));
            apply.forEach(tag -> tags.put(tag.name(), true));
            return tags.isEmpty() ? contact : contact.put("tags", tags);
        }

        /** The status is sent where it is told, and never by itself: it would subscribe somebody again. */
        private static JsonObject wire(Map<String, Value> fields) {
            JsonObject contact = new JsonObject();
            JsonObject others = new JsonObject();
            fields.forEach((field, value) -> {
                if (field.equals(EMAIL) || field.equals(STATUS)) {
                    contact.put(field, value.asText());
                } else {
                    others.put(field, wire(value));
                }
            });
            return others.isEmpty() ? contact : contact.put("fields", others);
        }

        private static @Nullable Object wire(Value value) {
            if (value instanceof Value.Choices choices) {
                return new JsonArray(choices.chosen());
            }
            if (value instanceof Value.Num num) {
                return num.number();
            }
            return value instanceof Value.Cleared ? null : value.asText();
        }

        private Request get(String template) {
            return of(Request.get(base, template));
        }

        private Request of(Request request) {
            return request.with("list", list);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }
    }
}
