package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Call;
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
import io.crmux.crm.InMemory;
import io.crmux.crm.Limit;
import io.crmux.crm.Lists;
import io.crmux.crm.Loaded;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.crmux.crm.Transport;
import io.crmux.crm.Value;
import io.crmux.crm.Verdict;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CRM in memory, with a settable number of contacts, latency, rate limit and failure rate: what a new user meets first, and the measure of the gateway's
 * own cost. Its wire format is its own; {@link SandboxCrm} is the other end of it.
 */
public final class Sandbox implements InMemory {

    static final String BASE = "memory:sandbox";

    private static final Map<String, FieldTarget> FIELDS = Map.ofEntries(
            Map.entry("user_email", FieldTarget.text("email")),
            Map.entry("first_name", FieldTarget.text("first_name")),
            Map.entry("last_name", FieldTarget.text("last_name")),
            Map.entry("billing_phone", FieldTarget.text("phone")),
            Map.entry("billing_company", FieldTarget.text("company")),
            Map.entry("billing_address_1", FieldTarget.text("address")),
            Map.entry("billing_city", FieldTarget.text("city")),
            Map.entry("billing_postcode", FieldTarget.text("postcode")),
            Map.entry("billing_state", new FieldTarget("state", FieldType.STATE)),
            Map.entry("billing_country", new FieldTarget("country", FieldType.COUNTRY)),
            Map.entry("user_url", FieldTarget.text("website")),
            Map.entry("user_registered", new FieldTarget("registered", FieldType.DATE)));

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "sandbox",
            "Sandbox",
            List.of(
                    Setting.optional(
                            "contacts", Setting.Type.INTEGER, "5000", "how many contacts there are at the start"),
                    Setting.optional("tags_per_contact", Setting.Type.INTEGER, "4", "how many tags each of them has"),
                    Setting.optional("latency", Setting.Type.DURATION, "0ms", "how long each call takes"),
                    Setting.optional("rate_limit", Setting.Type.RATE, null, "how many calls it takes; left out: any"),
                    Setting.optional(
                            "failure_rate", Setting.Type.FRACTION, "0.0", "which part of the calls fails with a 500")),
            Authentication.none(),
            List.of(),
            64,
            "a name; applying an unknown one creates it",
            EnumSet.allOf(Operation.class),
            FIELDS,
            Descriptor.Countries.NAME,
            "this documentation");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public List<Limit> limits(Settings settings) {
        return settings.rate("rate_limit").map(List::of).orElse(List.of());
    }

    @Override
    public Transport transport(Settings settings, Loop loop) {
        return new SandboxCrm(settings, loop);
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        Verdict verdict = Verdict.byStatus(answer, message(answer));
        CrmException failure = verdict.failure();
        return failure != null && failure.kind() == CrmException.Kind.DUPLICATE
                ? Verdict.failed(failure.existing(answer.json().getString("id")))
                : verdict;
    }

    private static String message(Answer answer) {
        return answer.status() < 400 ? "" : answer.json().getString("message", "");
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(http);
    }

    private record Opened(Http http) implements Crm, TagCreation, Lists, Events, Deletion {

        private static final Traits TRAITS = new Traits(
                Traits.Canonical.NAME,
                false,
                Traits.Creation.BY_APPLYING,
                Traits.Add.REFUSES,
                Traits.Address.ID,
                Duration.ZERO,
                1);

        @Override
        public Traits traits() {
            return TRAITS;
        }

        // ---- reads

        @Override
        public Future<Account> connect(Call call) {
            return send(call, get("/account")).map(json -> new Account(json.getString("name")));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return send(call, get("/tags"))
                    .map(json -> objects(json, "tags")
                            .map(tag -> Tag.of(tag.getString("id"), tag.getString("name")))
                            .toList());
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return Future.succeededFuture(FIELDS.values().stream()
                    .map(target -> Field.of(target.field(), target.field(), target.type(), "Standard fields"))
                    .toList());
        }

        @Override
        public Future<List<MailingList>> syncLists(Call call) {
            return send(call, get("/lists"))
                    .map(json -> objects(json, "lists")
                            .map(list -> new MailingList(list.getString("id"), list.getString("name")))
                            .toList());
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return send(call, get("/contacts").query("email", email))
                    .map(json -> Optional.ofNullable(json.getString("id")).map(id -> new Contact(id, email)));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return send(call, get("/contacts/{id}/tags").with("id", contact.requireId()))
                    .map(json -> {
                        Set<Tag> tags = new LinkedHashSet<>();
                        json.getJsonArray("tags").forEach(tag -> tags.add(Tag.named(tag.toString())));
                        return tags;
                    });
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return send(call, get("/contacts/{id}").with("id", contact.requireId()))
                    .map(json -> {
                        Map<String, Value> fields = new LinkedHashMap<>();
                        json.getJsonObject("fields")
                                .forEach(field -> fields.put(field.getKey(), value(field.getValue())));
                        return new Loaded(
                                new Contact(
                                        json.getString("id"),
                                        json.getJsonObject("fields").getString("email")),
                                fields);
                    });
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            if (cursor != null && !cursor.matches("\\d{1,18}")) {
                return Members.foreignCursor();
            }
            Request request = get("/contacts").query("tag", tag.name()).query("limit", Integer.toString(limit));
            return send(call, cursor == null ? request : request.query("cursor", cursor))
                    .map(json -> new Page<>(
                            json.getJsonArray("contacts").stream()
                                    .map(Object::toString)
                                    .toList(),
                            json.getString("cursor")));
        }

        // ---- writes

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            return send(call, Request.post(BASE, "/contacts").json(json(fields)))
                    .map(json -> new Added(json.getString("id"), Added.How.CREATED));
        }

        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            Request request = Request.patch(BASE, "/contacts/{id}").with("id", contact.requireId());
            return send(call, request.json(json(fields))).map(contact);
        }

        @Override
        public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
            return changeTags(call, contact, "apply", tags);
        }

        @Override
        public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
            return changeTags(call, contact, "remove", tags);
        }

        private Future<Void> changeTags(Call call, Contact contact, String how, Set<Tag> tags) {
            Request request = Request.put(BASE, "/contacts/{id}/tags").with("id", contact.requireId());
            JsonArray names =
                    new JsonArray(new ArrayList<>(tags.stream().map(Tag::name).toList()));
            return send(call, request.json(new JsonObject().put(how, names))).mapEmpty();
        }

        @Override
        public Future<Tag> addTag(Call call, String name) {
            return send(call, Request.post(BASE, "/tags").json(new JsonObject().put("name", name)))
                    .map(json -> Tag.of(json.getString("id"), name));
        }

        @Override
        public Future<Void> trackEvent(Call call, Contact contact, Event event) {
            Request request = Request.post(BASE, "/contacts/{id}/events").with("id", contact.requireId());
            JsonObject json = new JsonObject().put("name", event.name()).put("properties", event.properties());
            return send(call, request.json(json)).mapEmpty();
        }

        @Override
        public Future<Void> deleteContact(Call call, Contact contact) {
            return send(call, Request.delete(BASE, "/contacts/{id}").with("id", contact.requireId()))
                    .mapEmpty();
        }

        // ---- mapping

        private static Request get(String template) {
            return Request.get(BASE, template);
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }

        private static java.util.stream.Stream<JsonObject> objects(JsonObject json, String key) {
            return json.getJsonArray(key).stream().map(JsonObject.class::cast);
        }

        private static JsonObject json(Map<String, Value> fields) {
            JsonObject json = new JsonObject();
            fields.forEach((field, value) -> json.put(field, wire(value)));
            return new JsonObject().put("fields", json);
        }

        private static @Nullable Object wire(Value value) {
            if (value instanceof Value.Cleared) {
                return null;
            }
            if (value instanceof Value.Choices choices) {
                return new JsonArray(new ArrayList<>(choices.chosen()));
            }
            if (value instanceof Value.Num number) {
                return number.number();
            }
            return value instanceof Value.Flag flag ? flag.on() : value.asText();
        }

        private static Value value(Object wire) {
            if (wire instanceof JsonArray array) {
                return new Value.Choices(array.stream().map(Object::toString).toList());
            }
            if (wire instanceof Boolean on) {
                return new Value.Flag(on);
            }
            return wire instanceof Number number
                    ? new Value.Num(new java.math.BigDecimal(number.toString()))
                    : Value.text(wire.toString());
        }
    }
}
