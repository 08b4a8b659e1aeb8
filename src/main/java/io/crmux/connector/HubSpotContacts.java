package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Answer;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkUpdate;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deletion;
import io.crmux.crm.Event;
import io.crmux.crm.Events;
import io.crmux.crm.Field;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Loaded;
import io.crmux.crm.Request;
import io.crmux.crm.Value;
import io.crmux.crm.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What HubSpot does with contacts, whatever stands for a tag. */
abstract class HubSpotContacts implements Crm, BulkLookUp, BulkUpdate, Events, Deletion, Webhooks {

    private static final int MOST = 100;
    private static final String CONTACTS = "/crm/v3/objects/contacts";
    private static final String CONTACT = CONTACTS + "/{id}";
    private static final String OTHER_EMAILS = "hs_additional_emails";

    private final String base;
    private final WebhookSecret secret;
    private final Http http;

    HubSpotContacts(String base, WebhookSecret secret, Http http) {
        this.base = base;
        this.secret = secret;
        this.http = http;
    }

    final Request get(String template) {
        return Request.get(base, template);
    }

    final Request post(String template) {
        return Request.post(base, template);
    }

    final Request put(String template) {
        return Request.put(base, template);
    }

    final Request patch(String template) {
        return Request.patch(base, template);
    }

    final Future<JsonObject> send(Call call, Request request) {
        return http.send(call, request).map(Answer::json);
    }

    @Override
    public Future<Account> connect(Call call) {
        return send(call, get("/account-info/v3/details"))
                .map(json -> new Account("HubSpot " + Json.text(json, "portalId")));
    }

    @Override
    public Future<List<Field>> syncCrmFields(Call call) {
        return properties(call).map(all -> all.map(HubSpotFields::described).toList());
    }

    private Future<Stream<JsonObject>> properties(Call call) {
        return send(call, get("/crm/v3/properties/contacts"))
                .map(json -> Json.objects(json, "results").filter(property -> !property.getBoolean("hidden", false)));
    }

    // ---- looking up

    /** The read by address, and not the search, which lags by half a minute. An address may be one of the further ones that a contact has. */
    @Override
    public Future<Optional<Contact>> getContactId(Call call, String email) {
        Request request = get(CONTACT)
                .with("id", email)
                .query("idProperty", "email")
                .query("properties", "email," + OTHER_EMAILS);
        return send(call, request)
                .map(found -> has(found, email) ? Optional.of(contact(found)) : Optional.<Contact>empty())
                .recover(failure ->
                        isNotFound(failure) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }

    @Override
    public int mostAddresses() {
        return MOST;
    }

    /** Those that are not found are errors of a 207, and left out of its results. Where it has other errors, too, nobody can tell whose they are. */
    @Override
    public Future<Map<String, Contact>> getContactIds(Call call, List<String> emails) {
        return batchRead(call, "email", List.of("email", OTHER_EMAILS), emails).map(answer -> {
            if (!missesOnly(answer)) {
                throw CrmException.of(CrmException.Kind.INVALID, "HubSpot cannot look up all of the addresses", 207);
            }
            List<JsonObject> found = Json.objects(answer, "results").toList();
            Map<String, Contact> contacts = new LinkedHashMap<>();
            emails.forEach(email -> found.stream()
                    .filter(each -> has(each, email))
                    .findFirst()
                    .ifPresent(each -> contacts.put(email, contact(each))));
            return contacts;
        });
    }

    /** Whether all that is wrong with some of a batch is that they are not there. */
    private static boolean missesOnly(JsonObject answer) {
        return !answer.containsKey("errors")
                || Json.objects(answer, "errors")
                        .allMatch(error -> "OBJECT_NOT_FOUND".equals(error.getString("category")));
    }

    /** Reads contacts by their ids, or by another property that is unique. */
    final Future<List<JsonObject>> read(Call call, String by, List<String> properties, List<String> which) {
        return batchRead(call, by, properties, which)
                .map(answer -> Json.objects(answer, "results").toList());
    }

    private Future<JsonObject> batchRead(Call call, String by, List<String> properties, List<String> which) {
        JsonArray inputs = new JsonArray();
        which.forEach(each -> inputs.add(new JsonObject().put("id", each)));
        JsonObject json =
                new JsonObject().put("properties", new JsonArray(properties)).put("inputs", inputs);
        return send(
                call,
                post(CONTACTS + "/batch/read")
                        .asRepeatable()
                        .json(by.equals("id") ? json : json.put("idProperty", by)));
    }

    private static boolean has(JsonObject found, String email) {
        JsonObject properties = Json.object(found, "properties");
        String others = Json.textOrNull(properties, OTHER_EMAILS);
        return email.equalsIgnoreCase(Json.textOrNull(properties, "email"))
                || (others != null && Arrays.stream(others.split(";")).anyMatch(email::equalsIgnoreCase));
    }

    static Contact contact(JsonObject found) {
        return new Contact(Json.text(found, "id"), Json.textOrNull(Json.object(found, "properties"), "email"));
    }

    static boolean isNotFound(Throwable failure) {
        return failure instanceof CrmException crm && crm.kind() == CrmException.Kind.NOT_FOUND;
    }

    /** One contact with some of its properties. */
    final Future<JsonObject> contact(Call call, Contact contact, String properties) {
        return send(call, get(CONTACT).with("id", contact.requireId()).query("properties", properties));
    }

    /** Only properties that are asked for are answered, and there may be too many for a query. */
    @Override
    public Future<Loaded> loadContact(Call call, Contact contact) {
        return properties(call).compose(stream -> {
            Map<String, JsonObject> described = stream.collect(Collectors.toMap(
                    property -> Json.text(property, "name"), property -> property, (a, b) -> a, LinkedHashMap::new));
            described.putIfAbsent("email", new JsonObject());
            return read(call, "id", List.copyOf(described.keySet()), List.of(contact.requireId()))
                    .map(found -> found.stream()
                            .findFirst()
                            .map(each -> new Loaded(
                                    contact(each), HubSpotFields.read(Json.object(each, "properties"), described)))
                            .orElseThrow(() -> CrmException.notFound("HubSpot has no such contact")));
        });
    }

    // ---- writing

    @Override
    public Future<Added> addContact(Call call, Map<String, Value> fields) {
        return send(call, post(CONTACTS).json(properties(fields)))
                .map(json -> new Added(Json.text(json, "id"), Added.How.CREATED));
    }

    @Override
    public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
        return send(call, patch(CONTACT).with("id", contact.requireId()).json(properties(fields)))
                .map(HubSpotContacts::contact);
    }

    private static JsonObject properties(Map<String, Value> fields) {
        return new JsonObject().put("properties", HubSpotFields.write(fields));
    }

    @Override
    public int mostUpdates() {
        return MOST;
    }

    /** What is not among the results was not updated. An answer of 200 has all of them. */
    @Override
    public Future<Map<String, CrmException>> updateContacts(Call call, Map<String, Map<String, Value>> fields) {
        JsonArray inputs = new JsonArray();
        fields.forEach((id, values) -> inputs.add(properties(values).put("id", id)));
        return send(call, post(CONTACTS + "/batch/update").asRepeatable().json(new JsonObject().put("inputs", inputs)))
                .map(json -> {
                    CrmException failure = missesOnly(json)
                            ? CrmException.notFound("HubSpot has no such contact")
                            : CrmException.of(CrmException.Kind.INVALID, "HubSpot cannot update all contacts", 207);
                    Map<String, CrmException> failures = new HashMap<>();
                    fields.keySet().forEach(id -> failures.put(id, failure));
                    Json.objects(json, "results").forEach(each -> failures.remove(Json.text(each, "id")));
                    return failures;
                });
    }

    /** Events must be defined in the account before, under the name that is sent. */
    @Override
    public Future<Void> trackEvent(Call call, Contact contact, Event event) {
        JsonObject json = new JsonObject()
                .put("eventName", event.name())
                .put("objectId", contact.requireId())
                .put("properties", event.properties());
        return send(call, post("/events/v3/send").json(json)).mapEmpty();
    }

    /** Whether deleting tells that there was nobody is not described, so it is asked before. */
    @Override
    public Future<Void> deleteContact(Call call, Contact contact) {
        return contact(call, contact, "email")
                .compose(there -> send(call, Request.delete(base, CONTACT).with("id", contact.requireId())))
                .mapEmpty();
    }

    @Override
    public List<Changed> read(Notice notice) {
        return HubSpotWebhooks.read(notice, secret);
    }
}
