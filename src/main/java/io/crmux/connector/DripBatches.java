package io.crmux.connector;

import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Http;
import io.crmux.crm.JobState;
import io.crmux.crm.Json;
import io.crmux.crm.Outcome;
import io.crmux.crm.Request;
import io.crmux.crm.Tag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One tag for many of Drip's subscribers, by its call for batches. That answers before anything is done, names no job and drops in silence what it does not take; so who
 * has the tag is read, before and afterwards. Only this can be read of many in a call: whatever else is changed goes subscriber by subscriber.
 *
 * <p>Assumed: that subscribers may be named by id here, too, as in the call for one. Where they may not, nothing is done, and all are changed one by one in the end.
 */
final class DripBatches {

    /** For calls that have a limit of their own. */
    static final String BUCKET = "batches";

    /**
     * The vendor takes a thousand. All that are due are gone through for each call: of so many, that takes no time worth mentioning.
     */
    static final int MOST = 250;

    /** From here on, reading who has the tag, for as long as it may last, takes no more calls than a call for each. */
    private static final int LEAST = 25;

    /** Pages of those who have the tag, which all are read at every look. */
    private static final int MOST_PAGES = 2;

    /** Some minutes are assumed: nothing is published. */
    private static final Duration DROPPED = Duration.ofMinutes(5);

    private static final String JOB = "tagged ";

    private final String base;
    private final String account;
    private final Http http;

    DripBatches(String base, String account, Http http) {
        this.base = base;
        this.account = account;
        this.http = http;
    }

    /** Those who get the tag that most get, if they are enough, or else the first one. */
    static List<Batch> together(List<Batch> due) {
        Map<String, List<Batch>> byTag = due.stream()
                .filter(DripBatches::fits)
                .collect(Collectors.groupingBy(DripBatches::tag, LinkedHashMap::new, Collectors.toList()));
        return byTag.values().stream()
                .filter(some -> some.size() >= LEAST)
                .max((one, other) -> Integer.compare(one.size(), other.size()))
                .orElse(due.subList(0, 1));
    }

    private static boolean fits(Batch batch) {
        return Grouping.isPlain(batch)
                && batch.fields().isEmpty()
                && batch.remove().isEmpty()
                && batch.apply().size() == 1
                && !tag(batch).contains(",");
    }

    private static String tag(Batch batch) {
        return batch.apply().stream().map(Tag::name).findFirst().orElse("");
    }

    /**
     * Delivers batches: those of {@link #together} by one call, if they are enough.
     *
     * @param alone for the rest
     */
    Future<List<Outcome>> deliver(Call call, List<Batch> batches, Grouping.Way alone) {
        Set<Batch> chosen = Set.copyOf(together(batches));
        boolean enough = chosen.size() >= LEAST;
        return Grouping.deliver(
                batches,
                batch -> enough && chosen.contains(batch),
                some -> queue(call, some),
                rest -> Grouping.each(rest, alone));
    }

    private Future<List<Outcome>> queue(Call call, List<Batch> batches) {
        String tag = tag(batches.get(0));
        return holders(call, tag, 1, true).compose(before -> {
            List<String> ids = batches.stream()
                    .map(DripBatches::id)
                    .filter(id -> !before.contains(id))
                    .toList();
            return ids.isEmpty()
                    ? Future.succeededFuture(
                            batches.stream().map(DripBatches::done).toList())
                    : send(call, tag, ids)
                            .map(sent -> batches.stream()
                                    .map(batch -> before.contains(id(batch))
                                            ? done(batch)
                                            : new Outcome.Accepted(batch, JOB + tag, DROPPED))
                                    .toList());
        });
    }

    private static String id(Batch batch) {
        return batch.contact().requireId();
    }

    private static Outcome done(Batch batch) {
        return new Outcome.Done(batch, new Contact(id(batch), batch.contact().email()), null);
    }

    private Future<Void> send(Call call, String tag, List<String> ids) {
        JsonArray subscribers = new JsonArray();
        ids.forEach(id -> subscribers.add(new JsonObject().put("id", id).put("tags", new JsonArray().add(tag))));
        JsonObject batch = new JsonObject().put("subscribers", subscribers);
        Request request = Request.post(base, "/v2/{account}/subscribers/batches")
                .with("account", account)
                .bucket(BUCKET)
                .asRepeatable();
        return http.send(call, request.json(new JsonObject().put("batches", new JsonArray().add(batch))))
                .mapEmpty();
    }

    /** Who has the tag by now. */
    Future<JobState> poll(Call call, String job) {
        return holders(call, job.substring(JOB.length()), 1, false).map(JobState.Reached::new);
    }

    /** @param all whether to fail when they are too many to be read again and again; or else those are told that are */
    private Future<Set<String>> holders(Call call, String tag, int page, boolean all) {
        return http.send(call, Drip.holders(base, account, tag, Drip.PAGE, page))
                .compose(answer -> {
                    JsonObject json = answer.json();
                    Set<String> ids = Json.objects(json, "subscribers")
                            .map(found -> Json.text(found, "id"))
                            .collect(Collectors.toSet());
                    int pages = Json.integer(Json.object(json, "meta"), "total_pages");
                    if (all && pages > MOST_PAGES) {
                        return Future.failedFuture(CrmException.of(
                                CrmException.Kind.INVALID,
                                "too many have the tag for whoever gets it to be read",
                                null));
                    }
                    return page >= Math.min(MOST_PAGES, pages)
                            ? Future.succeededFuture(ids)
                            : holders(call, tag, page + 1, all)
                                    .map(more -> Stream.concat(ids.stream(), more.stream())
                                            .collect(Collectors.toSet()));
                });
    }
}
