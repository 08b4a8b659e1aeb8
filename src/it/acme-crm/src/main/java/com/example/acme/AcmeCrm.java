package com.example.acme;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Call;
import io.crmux.crm.CombinedChange;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
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
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
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

/** Acme, a CRM that there is not: people have an id, fields (the address is one of them) and tags, and one call changes all of it. */
public final class AcmeCrm implements Connector {

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "acme",
            "Acme",
            List.of(
                    Setting.required("url", Setting.Type.URL, "where Acme is"),
                    Setting.secret("key", "the API key, from Settings > API")),
            Authentication.bearer("key"),
            List.of(Limit.of(10, Duration.ofSeconds(1))),
            4,
            "a tag's name; applying an unknown one creates it",
            EnumSet.complementOf(EnumSet.of(
                    Operation.ADD_TAG, Operation.SYNC_LISTS, Operation.TRACK_EVENT, Operation.DELETE_CONTACT)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("first_name"),
                    "last_name", FieldTarget.text("last_name")),
            Descriptor.Countries.NAME,
            "https://acme.example.com/api");

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** A refused address names who has it. All else is as HTTP has it. */
    @Override
    public Verdict judge(Request request, Answer answer) {
        JsonObject error = answer.status() < 400 ? new JsonObject() : error(answer);
        if (answer.status() == 409) {
            return Verdict.failed(CrmException.of(CrmException.Kind.DUPLICATE, message(error), 409)
                    .existing(error.getString("id")));
        }
        return Verdict.byStatus(answer, message(error));
    }

    private static String message(JsonObject error) {
        return error.getString("message", "");
    }

    /** What stands in front of Acme may answer HTML. */
    private static JsonObject error(Answer answer) {
        try {
            return answer.json();
        } catch (CrmException html) {
            return new JsonObject();
        }
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(settings.url("url"), http);
    }

    private record Opened(String base, Http http) implements CombinedChange {

        private static final int MOST = 100;

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
            return send(call, Request.get(base, "/me")).map(me -> new Account(Json.text(me, "name")));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return moreTags(call, 0, new ArrayList<>());
        }

        private Future<List<Tag>> moreTags(Call call, int from, List<Tag> tags) {
            return send(call, Request.get(base, "/tags").query("from", Integer.toString(from)))
                    .compose(page -> {
                        Json.array(page, "tags").forEach(name -> tags.add(Tag.named(name.toString())));
                        return page.getValue("next") == null
                                ? Future.succeededFuture(tags)
                                : moreTags(call, Json.integer(page, "next"), tags);
                    });
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return send(call, Request.get(base, "/fields"))
                    .map(json -> Json.array(json, "fields").stream()
                            .map(Object::toString)
                            .map(id -> Field.of(id, id, FieldType.TEXT, "Standard fields"))
                            .toList());
        }

        /** A search may find somebody who is like the one that was asked for. */
        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return send(call, Request.get(base, "/people").query("email", email))
                    .map(json -> Json.objects(json, "people")
                            .map(Opened::contact)
                            .filter(found -> email.equalsIgnoreCase(found.email()))
                            .findFirst());
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return person(call, contact).map(person -> {
                Set<Tag> tags = new LinkedHashSet<>();
                Json.array(person, "tags").forEach(name -> tags.add(Tag.named(name.toString())));
                return tags;
            });
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return person(call, contact).map(person -> {
                JsonObject held = Json.object(person, "fields");
                Map<String, Value> fields = new LinkedHashMap<>();
                held.fieldNames().forEach(field -> fields.put(field, Value.text(Json.text(held, field))));
                return new Loaded(contact(person), fields);
            });
        }

        private Future<JsonObject> person(Call call, Contact contact) {
            return send(call, Request.get(base, "/people/{id}").with("id", contact.requireId()));
        }

        private static Contact contact(JsonObject person) {
            return new Contact(Json.text(person, "id"), Json.text(Json.object(person, "fields"), "email"));
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, String cursor) {
            if (cursor != null && !cursor.matches("\\d{1,9}")) {
                return Future.failedFuture(CrmException.malformedCursor());
            }
            Request request = Request.get(base, "/people")
                    .query("tag", tag.name())
                    .query("limit", Integer.toString(Math.min(MOST, limit)))
                    .query("from", cursor == null ? "0" : cursor);
            return send(call, request)
                    .map(json -> new Page<>(
                            Json.objects(json, "people")
                                    .map(person -> Json.text(person, "id"))
                                    .toList(),
                            Json.textOrNull(json, "next")));
        }

        // ---- writes

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            JsonObject person = new JsonObject().put("fields", wire(fields));
            return send(call, Request.post(base, "/people").json(person))
                    .map(json -> new Added(Json.text(json, "id"), Added.How.CREATED));
        }

        @Override
        public Future<Contact> change(
                Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
            JsonObject change = new JsonObject()
                    .put("fields", wire(fields))
                    .put("remove", names(remove))
                    .put("apply", names(apply));
            Request request = Request.patch(base, "/people/{id}").with("id", contact.requireId());
            return send(call, request.json(change)).map(Opened::contact);
        }

        private static JsonObject wire(Map<String, Value> fields) {
            JsonObject wire = new JsonObject();
            fields.forEach((field, value) -> wire.put(field, value.asText()));
            return wire;
        }

        private static JsonArray names(Set<Tag> tags) {
            return new JsonArray(tags.stream().map(Tag::name).toList());
        }

        private Future<JsonObject> send(Call call, Request request) {
            return http.send(call, request).map(Answer::json);
        }
    }
}
