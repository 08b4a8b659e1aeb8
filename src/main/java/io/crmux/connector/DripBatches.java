package io.crmux.connector;

import io.crmux.crm.Answer;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One tag for many of Drip's subscribers, by its call for batches. That answers before anything is done, names no job and drops in silence what it does not take; so who
 * has the tag is read afterwards. Only this can be read of many in a call: whatever else is changed goes subscriber by subscriber.
 *
 * <p>Assumed: that subscribers may be named by id here, too, as in the call for one. Where they may not, nothing is done, and all are changed one by one in the end.
 */
final class DripBatches {

    /** For calls that have a limit of their own. */
    static final String BUCKET = "batches";

    /** The vendor takes a thousand. All that are due are gone through for each call: of so many, that takes no time worth mentioning. */
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
                .max(Comparator.comparingInt(List::size))
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

    /** Also who seems to have the tag gets it: a tag that was just taken away may still be shown. */
    private Future<List<Outcome>> queue(Call call, List<Batch> batches) {
        String tag = tag(batches.get(0));
        return readable(call, tag)
                .compose(few -> send(call, tag, batches))
                .map(sent -> batches.stream()
                        .<Outcome>map(batch -> new Outcome.Accepted(batch, JOB + tag, DROPPED))
                        .toList());
    }

    /** Fails when so many have the tag that they cannot be read again and again. */
    private Future<Void> readable(Call call, String tag) {
        return page(call, tag, 1)
                .compose(json -> pages(json) <= MOST_PAGES
                        ? Future.succeededFuture()
                        : Future.failedFuture(CrmException.of(
                                CrmException.Kind.INVALID,
                                "too many have the tag for whoever gets it to be read",
                                null)));
    }

    private Future<Void> send(Call call, String tag, List<Batch> batches) {
        JsonArray subscribers = new JsonArray();
        batches.forEach(batch -> subscribers.add(
                new JsonObject().put("id", batch.contact().requireId()).put("tags", new JsonArray().add(tag))));
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
        return holders(call, job.substring(JOB.length()), 1).map(JobState.Reached::new);
    }

    private Future<Set<String>> holders(Call call, String tag, int number) {
        return page(call, tag, number).compose(json -> {
            Set<String> ids = Json.objects(json, "subscribers")
                    .map(found -> Json.text(found, "id"))
                    .collect(Collectors.toCollection(HashSet::new));
            return number >= Math.min(MOST_PAGES, pages(json))
                    ? Future.succeededFuture(ids)
                    : holders(call, tag, number + 1).map(more -> {
                        ids.addAll(more);
                        return ids;
                    });
        });
    }

    private Future<JsonObject> page(Call call, String tag, int number) {
        return http.send(call, Drip.holders(base, account, tag, Drip.PAGE, number))
                .map(Answer::json);
    }

    private static int pages(JsonObject json) {
        return Json.integer(Json.object(json, "meta"), "total_pages");
    }
}
