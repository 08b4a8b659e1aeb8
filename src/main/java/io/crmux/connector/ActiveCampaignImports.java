package io.crmux.connector;

import io.crmux.crm.Answer;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Http;
import io.crmux.crm.JobState;
import io.crmux.crm.Json;
import io.crmux.crm.Outcome;
import io.crmux.crm.Request;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * ActiveCampaign's importer: tags and fields of up to 250 contacts in a call, which is queued. It only adds tags and sets fields, and knows contacts by their address.
 * Automations run as they do after single calls, no list is joined or left; webhooks, which single calls send, it does not send. Facts are from the vendor's pages
 * on bulk import and its status. That fields which are not named stay as they are is assumed.
 *
 * <p>It creates whoever it does not know. So the contacts are read by their ids first, a hundred in a call, and imported under the address that they have now; one that
 * is deleted, or moves to another address, between that and the import, is created anew. Creations are not imported, since nothing tells whose the new ids are.
 *
 * <p>It refuses contacts that single calls do not, such as those whose mails bounced or whose address is excluded: who is refused by it is to be sent alone.
 */
final class ActiveCampaignImports {

    /** The limit of its own. */
    static final String BUCKET = "imports";

    static final int MOST_CONTACTS = 250;

    /** Whose imports were too many is to try again in a minute. */
    static final long PAUSE_MILLIS = 60_000;

    static final String IMPORT = "/api/3/import/bulk_import";

    /**
     * The vendor names ten as the least. An import is a read for each hundred contacts, the call, two or three calls to ask for it, and some seconds in a queue; 25
     * contacts are 25 to 50 single calls, which are 5 to 10 seconds of all that the account may do: from there on an import is fewer calls, and sooner done.
     */
    private static final int LEAST_CONTACTS = 25;

    /** Without the address: 250 of them are less than the 399,999 bytes that an import takes. */
    private static final int MOST_BYTES_OF_ONE = 1_200;

    private static final int IDS = 100;

    /** Each is looked up, within the time of a poll. */
    private static final int MOST_REFUSED = 20;

    /** An import takes seconds as a rule. It is given up for lost late, since one that is carried out after later changes would undo these. */
    private static final Duration LOST = Duration.ofHours(24);

    /** What the importer takes is less than what there is: one address that it does not take fails all. */
    private static final String ADDRESS = "[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}";

    private final String base;
    private final Http http;

    ActiveCampaignImports(String base, Http http) {
        this.base = base;
        this.http = http;
    }

    /** Those that go into an import, if they are enough, or else the first one. */
    static List<Batch> together(List<Batch> due) {
        List<Batch> fitting = due.stream().filter(ActiveCampaignImports::fits).toList();
        return fitting.size() < LEAST_CONTACTS ? due.subList(0, 1) : fitting;
    }

    private static boolean fits(Batch batch) {
        return Grouping.isPlain(batch)
                && batch.remove().isEmpty()
                && !(batch.apply().isEmpty() && batch.fields().isEmpty())
                && batch.fields().entrySet().stream()
                        .allMatch(field -> ActiveCampaignFields.isImported(field.getKey(), field.getValue()))
                && wire("", batch).toBuffer().length() <= MOST_BYTES_OF_ONE;
    }

    private static JsonObject wire(String email, Batch batch) {
        return ActiveCampaignFields.imported(email, batch.fields(), batch.apply());
    }

    /**
     * Delivers batches: those that fit by an import, if they are enough.
     *
     * @param alone for the rest
     */
    Future<List<Outcome>> deliver(Call call, List<Batch> batches, Grouping.Way alone) {
        boolean enough = batches.stream().filter(ActiveCampaignImports::fits).count() >= LEAST_CONTACTS;
        return Grouping.deliver(batches, batch -> enough && fits(batch), some -> queue(call, some), alone);
    }

    private Future<List<Outcome>> queue(Call call, List<Batch> batches) {
        return addresses(call, batches).compose(addresses -> {
            JsonArray contacts = new JsonArray();
            batches.forEach(batch -> {
                String address = addresses.get(batch.contact().requireId());
                if (address != null) {
                    contacts.add(wire(address, batch));
                }
            });
            return contacts.size() < LEAST_CONTACTS
                    ? Future.succeededFuture(batches.stream()
                            .map(ActiveCampaignImports::notShown)
                            .toList())
                    : send(call, contacts)
                            .map(job -> batches.stream()
                                    .map(batch -> addresses.containsKey(
                                                    batch.contact().requireId())
                                            ? new Outcome.Accepted(batch, job, LOST)
                                            : notShown(batch))
                                    .toList());
        });
    }

    /** It may be there all the same: the single call tells. */
    private static Outcome notShown(Batch batch) {
        return new Outcome.Failed(
                batch, CrmException.of(CrmException.Kind.INVALID, "not shown with an address that imports take", null));
    }

    /** An import that was queued twice adds and sets the same. */
    private Future<String> send(Call call, JsonArray contacts) {
        Request request = Request.post(base, IMPORT).bucket(BUCKET).asRepeatable();
        return http.send(call, request.json(new JsonObject().put("contacts", contacts)))
                .map(answer -> Json.text(answer.json(), "batchId"));
    }

    /** The addresses that contacts have now, by id, as far as imports take them. */
    private Future<Map<String, String>> addresses(Call call, List<Batch> batches) {
        Future<Map<String, String>> all = Future.succeededFuture(new LinkedHashMap<>());
        for (int from = 0; from < batches.size(); from += IDS) {
            Request request = Request.get(base, "/api/3/contacts")
                    .query("limit", Integer.toString(IDS))
                    .query("status", "-1");
            for (Batch batch : batches.subList(from, Math.min(batches.size(), from + IDS))) {
                request = request.query("ids[]", batch.contact().requireId());
            }
            Request page = request;
            all = all.compose(known -> http.send(call, page).map(answer -> {
                Json.objects(answer.json(), "contacts").forEach(contact -> {
                    String email = Json.textOrNull(contact, "email");
                    if (email != null && isTaken(email)) {
                        known.put(Json.text(contact, "id"), email);
                    }
                });
                return known;
            }));
        }
        return all;
    }

    private static boolean isTaken(String email) {
        return email.matches(ADDRESS) && !email.matches(ActiveCampaign.DELETED);
    }

    /**
     * How far an import is. Just after it was queued, its status is {@code false}. Who was refused is told by address; an import that has failed, or refused a great
     * many, counts as one that has refused everybody.
     *
     * @param lookUp finds a contact by its address
     */
    Future<JobState> poll(Call call, String job, Function<String, Future<Optional<Contact>>> lookUp) {
        return http.send(call, Request.get(base, "/api/3/import/info").query("batchId", job))
                .map(Answer::json)
                .recover(ActiveCampaignImports::unknown)
                .compose(json -> switch (String.valueOf(json.getValue("status"))) {
                    case "completed" -> ended(Members.texts(json, "failure").toList(), lookUp);
                    case "failed", "interrupted" -> Future.succeededFuture(new JobState.Failed(refusal()));
                    default -> Future.succeededFuture(new JobState.Running());
                });
    }

    /** There is a status for every import that there is. */
    private static Future<JsonObject> unknown(Throwable failure) {
        return CrmException.of(failure).kind() == CrmException.Kind.INVALID
                ? Future.failedFuture(CrmException.notFound("there is no such import"))
                : Future.failedFuture(failure);
    }

    private static Future<JobState> ended(List<String> refused, Function<String, Future<Optional<Contact>>> lookUp) {
        if (refused.size() > MOST_REFUSED) {
            return Future.succeededFuture(new JobState.Failed(refusal()));
        }
        Future<List<JobState.Refused>> all = Future.succeededFuture(new ArrayList<>());
        for (String email : refused) {
            all = all.compose(known -> lookUp.apply(email).map(found -> {
                known.add(new JobState.Refused(found.orElse(new Contact(null, email)), refusal()));
                return known;
            }));
        }
        return all.map(JobState.Ended::new);
    }

    private static CrmException refusal() {
        return CrmException.of(CrmException.Kind.INVALID, "the import has not taken the contact", null);
    }
}
