package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkUpdate;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deletion;
import io.crmux.crm.Field;
import io.crmux.crm.Json;
import io.crmux.crm.Loaded;
import io.crmux.crm.Request;
import io.crmux.crm.Value;
import io.crmux.crm.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Salesforce does with contacts, or with the records of another object that stand for them, whatever stands for a tag. */
abstract class SalesforceContacts implements Crm, BulkLookUp, BulkUpdate, Deletion, Webhooks {

    private static final String OBJECT = "/sobjects/{object}";
    private static final String RECORD = OBJECT + "/{id}";
    private static final String DESCRIPTION = OBJECT + "/describe";

    /** As many as fit into an address of 16 KB, unless most of them are very long: then the call is refused, and they are asked for in halves. */
    private static final int MOST_ADDRESSES = 100;

    /** The names of the fields that are asked for are part of the address. */
    private static final int LONGEST_NAMES = 12_000;

    /** What a record must have, whoever makes it. */
    private static final Map<String, Map<String, Value>> STAND_INS = Map.of(
            "Contact", Map.of("LastName", Value.text("unknown")),
            "Lead", Map.of("LastName", Value.text("unknown"), "Company", Value.text("-")));

    final SalesforceApi api;
    final SalesforceRecords records;
    private volatile @Nullable Map<String, JsonObject> described;

    SalesforceContacts(SalesforceApi api, SalesforceRecords records) {
        this.api = api;
        this.records = records;
    }

    private Request of(Request request) {
        return request.with("object", records.object());
    }

    private Request one(Request request, String id) {
        return of(request).with("id", id);
    }

    @Override
    public Future<Account> connect(Call call) {
        return api.send(call, of(api.get(OBJECT)))
                .map(json -> new Account("Salesforce " + Json.text(Json.object(json, "objectDescribe"), "name")));
    }

    /** Field-level security hides fields: those are not there. */
    @Override
    public Future<List<Field>> syncCrmFields(Call call) {
        return describe(call)
                .map(fields ->
                        fields.values().stream().map(SalesforceFields::field).toList());
    }

    /** The description is long, and is remembered until the fields are asked for anew or one of them is not there any more. */
    final Future<Map<String, JsonObject>> describe(Call call) {
        return api.send(call, of(api.get(DESCRIPTION))).map(json -> {
            Map<String, JsonObject> fields = SalesforceFields.described(json);
            described = fields;
            return fields;
        });
    }

    private Future<Map<String, JsonObject>> remembered(Call call) {
        Map<String, JsonObject> known = described;
        return known == null ? describe(call) : Future.succeededFuture(known);
    }

    // ---- looking up

    @Override
    public Future<Optional<Contact>> getContactId(Call call, String email) {
        return getContactIds(call, List.of(email)).map(found -> Optional.ofNullable(found.get(email)));
    }

    @Override
    public int mostAddresses() {
        return MOST_ADDRESSES;
    }

    /** Of several with one address the first by id is meant, always the same. */
    @Override
    public Future<Map<String, Contact>> getContactIds(Call call, List<String> emails) {
        return having(call, emails).map(byAddress -> {
            Map<String, Contact> contacts = new LinkedHashMap<>();
            emails.forEach(email -> byAddress.getOrDefault(key(email), List.of()).stream()
                    .findFirst()
                    .ifPresent(first -> contacts.put(email, first)));
            return contacts;
        });
    }

    /** All contacts that have one of these addresses, by {@link #key}. Salesforce compares ignoring case, too. */
    private Future<Map<String, List<Contact>>> having(Call call, List<String> emails) {
        String soql = "SELECT Id, " + records.lookUp() + " FROM " + records.object() + " WHERE " + records.lookUp()
                + " IN " + SalesforceApi.literals(emails) + " ORDER BY Id";
        return api.query(call, soql).map(found -> {
            Map<String, List<Contact>> byAddress = new HashMap<>();
            found.stream()
                    .map(this::contact)
                    .filter(each -> each.email() != null)
                    .forEach(each -> byAddress
                            .computeIfAbsent(key(each.requireEmail()), absent -> new ArrayList<>())
                            .add(each));
            return byAddress;
        });
    }

    private static String key(String email) {
        return email.toLowerCase(Locale.ROOT);
    }

    private Contact contact(JsonObject record) {
        return new Contact(id(record, "Id"), Json.textOrNull(record, records.lookUp()));
    }

    /** An id in an answer, in its long form. */
    static String id(JsonObject record, String field) {
        return SalesforceId.full(Json.text(record, field))
                .orElseThrow(() -> CrmException.unavailable("the answer has no id where one was expected", 200));
    }

    /** Those of the ids that no record has: rows that belong to a record, and are not there, do not tell. */
    final Future<Set<String>> missing(Call call, Collection<String> ids) {
        Set<String> missing = new LinkedHashSet<>(ids);
        Future<Void> asked = Future.succeededFuture();
        for (List<String> some : SalesforceApi.portions(ids, SalesforceApi.MOST_RECORDS)) {
            String soql = "SELECT Id FROM " + records.object() + " WHERE Id IN " + SalesforceApi.literals(some);
            asked = asked.compose(done -> api.query(call, soql)).map(found -> {
                found.forEach(each -> missing.remove(id(each, "Id")));
                return null;
            });
        }
        return asked.map(missing);
    }

    static CrmException nobody() {
        return CrmException.notFound("Salesforce has no such record");
    }

    /** Some of a record's fields. */
    final Future<JsonObject> record(Call call, Contact contact, String fields) {
        return SalesforceId.of(contact)
                .compose(id -> api.send(call, one(api.get(RECORD), id).query("fields", fields)));
    }

    /** A field that is gone since the description was read is refused: the description is read once more. */
    @Override
    public Future<Loaded> loadContact(Call call, Contact contact) {
        boolean old = described != null;
        return SalesforceId.of(contact)
                .compose(id -> remembered(call)
                        .compose(fields -> load(call, id, fields))
                        .recover(failure -> old && CrmException.of(failure).kind() == Kind.INVALID
                                ? describe(call).compose(fields -> load(call, id, fields))
                                : Future.failedFuture(failure)));
    }

    /** Fields are named, since all of them are many, unless their names are too long for an address. */
    private Future<Loaded> load(Call call, String id, Map<String, JsonObject> fields) {
        String names = String.join(",", fields.keySet());
        Request request = one(api.get(RECORD), id);
        return api.send(call, names.length() > LONGEST_NAMES ? request : request.query("fields", names))
                .map(record -> new Loaded(contact(record), SalesforceFields.read(record, fields)));
    }

    // ---- writing

    /**
     * Salesforce makes a second contact of one address, unless a rule of the account forbids it. Such a rule may find others alike, by their name for instance: that
     * is no contact of this address. Fields without which there is no record are filled with words that stand for nothing.
     */
    @Override
    public Future<Added> addContact(Call call, Map<String, Value> fields) {
        return create(call, filled(fields))
                .recover(failure ->
                        lacking(failure) ? filledAsDescribed(call, fields, failure) : Future.failedFuture(failure))
                .recover(failure -> existing(call, fields.get(records.lookUp()), failure))
                .map(json -> new Added(id(json, "id"), Added.How.CREATED));
    }

    private Future<JsonObject> create(Call call, Map<String, Value> fields) {
        return api.send(call, of(api.post(OBJECT)).json(SalesforceFields.write(fields)));
    }

    private Map<String, Value> filled(Map<String, Value> fields) {
        Map<String, Value> filled = new LinkedHashMap<>(records.defaults());
        filled.putAll(STAND_INS.getOrDefault(records.object(), Map.of()));
        Map<String, JsonObject> known = described == null ? Map.of() : described;
        known.forEach((name, field) -> {
            if (SalesforceFields.isRequiredText(field)) {
                filled.putIfAbsent(name, Value.text("-"));
            }
        });
        filled.putAll(fields);
        return filled;
    }

    private static boolean lacking(Throwable failure) {
        return CrmException.of(failure).words().startsWith(SalesforceError.MISSING_FIELD);
    }

    private Future<JsonObject> filledAsDescribed(Call call, Map<String, Value> fields, Throwable failure) {
        Map<String, Value> before = filled(fields);
        return describe(call).compose(known -> {
            Map<String, Value> more = filled(fields);
            return more.equals(before) ? Future.failedFuture(failure) : create(call, more);
        });
    }

    private Future<JsonObject> existing(Call call, @Nullable Value email, Throwable failure) {
        CrmException refusal = CrmException.of(failure);
        if (refusal.kind() != Kind.DUPLICATE) {
            return Future.failedFuture(failure);
        }
        CrmException alike = CrmException.of(Kind.INVALID, refusal.words(), refusal.crmStatus());
        return email == null
                ? Future.failedFuture(alike)
                : getContactId(call, email.asText())
                        .compose(found -> Future.failedFuture(
                                found.isEmpty()
                                        ? alike
                                        : refusal.existing(found.get().id())));
    }

    @Override
    public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
        return SalesforceId.of(contact)
                .compose(id -> taken(call, Map.of(id, fields))
                        .compose(taken -> taken.isEmpty()
                                ? api.send(call, one(api.patch(RECORD), id).json(SalesforceFields.write(fields)))
                                        .map(new Contact(id, contact.email()))
                                : Future.failedFuture(taken())));
    }

    private static CrmException taken() {
        return CrmException.of(Kind.DUPLICATE, "another contact has this address", null);
    }

    /** Those of the contacts that would get an address that only another has, which Salesforce would let happen. */
    private Future<Set<String>> taken(Call call, Map<String, Map<String, Value>> fields) {
        Map<String, String> wanted = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        fields.forEach((id, values) -> {
            Value address = values.get(records.lookUp());
            if (address != null
                    && !address.asText().isEmpty()
                    && wanted.putIfAbsent(key(address.asText()), id) != null) {
                taken.add(id);
            }
        });
        Future<Set<String>> asked = Future.succeededFuture(taken);
        for (List<String> some : SalesforceApi.portions(wanted.keySet(), MOST_ADDRESSES)) {
            asked = asked.compose(before -> having(call, some)).map(found -> {
                found.forEach((address, owners) -> {
                    String id = wanted.getOrDefault(address, "");
                    if (owners.stream().noneMatch(owner -> id.equals(owner.id()))) {
                        taken.add(id);
                    }
                });
                return taken;
            });
        }
        return asked;
    }

    @Override
    public int mostUpdates() {
        return SalesforceApi.MOST_RECORDS;
    }

    @Override
    public Future<Map<String, CrmException>> updateContacts(Call call, Map<String, Map<String, Value>> fields) {
        Map<String, CrmException> failures = new HashMap<>();
        fields.keySet().forEach(id -> failures.put(id, nobody()));
        Map<String, String> given = SalesforceId.byFull(fields.keySet());
        given.values().forEach(failures::remove);
        Map<String, Map<String, Value>> byFull = new LinkedHashMap<>();
        given.forEach((full, id) -> byFull.put(full, fields.getOrDefault(id, Map.of())));
        return taken(call, byFull).compose(taken -> {
            taken.forEach(id -> failures.put(given.getOrDefault(id, id), taken()));
            byFull.keySet().removeAll(taken);
            return update(call, byFull).map(refused -> {
                refused.forEach((id, failure) -> failures.put(given.getOrDefault(id, id), failure));
                return failures;
            });
        });
    }

    private Future<Map<String, CrmException>> update(Call call, Map<String, Map<String, Value>> fields) {
        if (fields.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        List<JsonObject> rows = new ArrayList<>();
        fields.forEach((id, values) -> rows.add(SalesforceFields.write(values)
                .put("attributes", SalesforceApi.type(records.object()))
                .put("id", id)));
        return api.update(call, rows).compose(outcomes -> failures(call, List.copyOf(fields.keySet()), outcomes));
    }

    /**
     * What went wrong, by contact. Where something is pointed to that is not there, it is not told whether that is the contact: it is looked for.
     *
     * @param owners the contact of each outcome
     */
    final Future<Map<String, CrmException>> failures(
            Call call, List<String> owners, List<Optional<SalesforceError>> outcomes) {
        Map<String, SalesforceError> errors = new LinkedHashMap<>();
        for (int i = 0; i < owners.size(); i++) {
            String owner = owners.get(i);
            outcomes.get(i).ifPresent(error -> errors.putIfAbsent(owner, error));
        }
        List<String> doubtful = errors.entrySet().stream()
                .filter(error -> error.getValue().isOfReference())
                .map(Map.Entry::getKey)
                .toList();
        return missing(call, doubtful).map(missing -> {
            Map<String, CrmException> failures = new HashMap<>();
            errors.forEach(
                    (owner, error) -> failures.put(owner, missing.contains(owner) ? nobody() : error.ofRecord()));
            return failures;
        });
    }

    @Override
    public Future<Void> deleteContact(Call call, Contact contact) {
        return SalesforceId.of(contact)
                .compose(id -> api.send(call, one(api.delete(RECORD), id)))
                .mapEmpty();
    }

    @Override
    public List<Changed> read(Notice notice) {
        return SalesforceWebhooks.read(notice, records);
    }
}
