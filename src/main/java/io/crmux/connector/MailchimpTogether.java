package io.crmux.connector;

import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Json;
import io.crmux.crm.Outcome;
import io.crmux.crm.Request;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes of several members, in as few calls as Mailchimp has for them: a tag that many lose is taken from all of them in one call; who loses tags that
 * hardly anybody else does has a call for their own; then one call sets the fields of all and gives them their tags.
 *
 * <p>That last call could also subscribe: no status is sent, so that nobody's consent changes and, as is assumed, nobody is made. Whom an answer does not
 * show as changed is done alone, since it is not described how it is told that somebody is unknown, had the tag already or had it never.
 */
final class MailchimpTogether {

    private static final String TAG = Mailchimp.LIST + "/segments/{segment}";

    private final Mailchimp.Opened audience;
    private final Call call;
    private final List<Batch> batches;
    /** The tags that are taken from all of their members in one call. */
    private final Set<Tag> common;

    private final Map<Batch, Outcome> outcomes = new HashMap<>();
    private final Set<Batch> unclear = new LinkedHashSet<>();

    private MailchimpTogether(Mailchimp.Opened audience, Call call, List<Batch> batches, Set<Tag> common) {
        this.audience = audience;
        this.call = call;
        this.batches = batches;
        this.common = common;
    }

    /** The calls take addresses: one that is not the member's any more would mean somebody else. */
    static boolean fits(Batch batch) {
        String email = batch.contact().email();
        String id = batch.contact().id();
        Value to = batch.fields().get(Mailchimp.EMAIL);
        return Grouping.isPlain(batch)
                && email != null
                && (id == null || id.equals(Addresses.md5(email)))
                && (to == null || to.asText().equalsIgnoreCase(email));
    }

    /** @param batches at most 500, all of which {@link #fits fit} */
    static Future<List<Outcome>> deliver(Mailchimp.Opened audience, Call call, List<Batch> batches) {
        return new MailchimpTogether(audience, call, batches, common(batches)).deliver();
    }

    // ---- which calls

    /** So many of the tags that most members lose as take the fewest calls. */
    private static Set<Tag> common(List<Batch> batches) {
        Map<Tag, Long> losers = batches.stream()
                .flatMap(batch -> batch.remove().stream())
                .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
        Set<Tag> best = Set.of();
        Set<Tag> more = new LinkedHashSet<>();
        for (Tag tag : byFrequency(losers)) {
            more.add(tag);
            if (calls(batches, more) < calls(batches, best)) {
                best = new LinkedHashSet<>(more);
            }
        }
        return best;
    }

    private static List<Tag> byFrequency(Map<Tag, Long> losers) {
        return losers.entrySet().stream()
                .filter(tag -> tag.getValue() > 1)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static long calls(List<Batch> batches, Set<Tag> common) {
        long looked = common.stream().filter(tag -> tag.id() == null).count();
        long single =
                batches.stream().filter(batch -> losesOthers(batch, common)).count();
        boolean update = batches.stream().anyMatch(batch -> isUpdated(batch, common));
        return common.size() + looked + single + (update ? 1 : 0);
    }

    /** Has a call for all its tags, those that are applied included. */
    private static boolean losesOthers(Batch batch, Set<Tag> common) {
        return !common.containsAll(batch.remove());
    }

    private static boolean isUpdated(Batch batch, Set<Tag> common) {
        return !batch.fields().isEmpty() || !batch.apply().isEmpty() && !losesOthers(batch, common);
    }

    // ---- the calls

    private Future<List<Outcome>> deliver() {
        Future<Void> taken = Future.succeededFuture();
        for (Tag tag : common) {
            taken = taken.compose(done -> take(tag));
        }
        return taken.compose(done -> changeTags())
                .compose(done -> update())
                .compose(done -> audience.alone(call, List.copyOf(unclear)))
                .map(alone -> {
                    alone.forEach(outcome -> outcomes.put(outcome.batch(), outcome));
                    return batches.stream().map(this::outcome).toList();
                });
    }

    private Outcome outcome(Batch batch) {
        return outcomes.getOrDefault(
                batch,
                new Outcome.Done(batch, new Contact(id(batch), batch.contact().email()), null));
    }

    private Future<Void> take(Tag tag) {
        List<Batch> losing = open(batch -> batch.remove().contains(tag) && !losesOthers(batch, common));
        JsonArray emails = new JsonArray(
                losing.stream().map(batch -> batch.contact().requireEmail()).toList());
        return audience.segment(call, tag)
                .compose(segment -> audience.send(
                        call,
                        Request.post(audience.base(), TAG)
                                .with("list", audience.list())
                                .with("segment", segment)
                                .asRepeatable()
                                .json(new JsonObject().put("members_to_remove", emails))))
                .<Void>map(json -> {
                    Set<String> lost = byId(json, "members_removed").keySet();
                    losing.stream().filter(batch -> !lost.contains(id(batch))).forEach(unclear::add);
                    return null;
                })
                .otherwise(failure -> failedTogether(losing, failure));
    }

    private Future<Void> changeTags() {
        return each(
                        open(batch -> losesOthers(batch, common)),
                        batch -> audience.changeTags(call, id(batch), batch.remove(), batch.apply()))
                .mapEmpty();
    }

    private Future<Void> update() {
        List<Batch> updated = open(batch -> isUpdated(batch, common));
        boolean hasDay = updated.stream().anyMatch(batch -> MailchimpFields.hasDay(batch.fields()));
        Future<List<JsonObject>> described = hasDay ? audience.mergeFields(call) : Future.succeededFuture(List.of());
        return described
                .compose(fields -> each(updated, batch -> audience.wire(call, batch.contact(), batch.fields(), fields)))
                .compose(this::update)
                .otherwise(failure -> failedTogether(updated, failure));
    }

    private Future<Void> update(Map<Batch, JsonObject> wires) {
        if (wires.isEmpty()) {
            return Future.succeededFuture();
        }
        JsonArray members = new JsonArray();
        wires.forEach((batch, wire) -> {
            if (!wire.containsKey(Mailchimp.EMAIL)) {
                wire.put(Mailchimp.EMAIL, batch.contact().requireEmail());
            }
            if (!batch.apply().isEmpty()) {
                wire.put(
                        "tags",
                        new JsonArray(batch.apply().stream().map(Tag::name).toList()));
            }
            members.add(wire);
        });
        JsonObject body = new JsonObject()
                .put("members", members)
                .put("update_existing", true)
                .put("sync_tags", false);
        Request request = Request.post(audience.base(), Mailchimp.LIST)
                .with("list", audience.list())
                .query("skip_merge_validation", "true");
        return audience.send(call, request.asRepeatable().json(body))
                .<Void>map(json -> {
                    Map<String, JsonObject> changed = byId(json, "updated_members");
                    wires.keySet().forEach(batch -> updated(batch, changed.get(id(batch))));
                    return null;
                })
                .otherwise(failure -> failedTogether(wires.keySet(), failure));
    }

    private void updated(Batch batch, @Nullable JsonObject member) {
        if (member == null || Mailchimp.Opened.isArchived(member) || !hasAll(member, batch.apply())) {
            unclear.add(batch);
        } else {
            outcomes.put(batch, new Outcome.Done(batch, Mailchimp.Opened.contact(member), null));
        }
    }

    private static boolean hasAll(JsonObject member, Set<Tag> given) {
        return given.isEmpty()
                || member.getValue("tags") instanceof JsonArray tags
                        && given.stream().allMatch(tag -> tags.stream().anyMatch(has -> isNamed(has, tag.name())));
    }

    private static boolean isNamed(Object tag, String name) {
        return tag instanceof JsonObject json && name.equalsIgnoreCase(Json.textOrNull(json, "name"));
    }

    // ---- what became of it

    private List<Batch> open(Predicate<Batch> wanted) {
        return batches.stream()
                .filter(batch -> !outcomes.containsKey(batch) && !unclear.contains(batch))
                .filter(wanted)
                .toList();
    }

    /** Something for each batch, all at once; what comes of it for those that do not fail. */
    private <T> Future<Map<Batch, T>> each(List<Batch> some, Function<Batch, Future<T>> step) {
        List<Future<T>> steps = new ArrayList<>();
        some.forEach(batch -> steps.add(step.apply(batch)));
        return Future.join(steps).transform(joined -> {
            Map<Batch, T> results = new LinkedHashMap<>();
            for (int i = 0; i < steps.size(); i++) {
                Batch batch = some.get(i);
                if (steps.get(i).succeeded()) {
                    results.put(batch, steps.get(i).result());
                } else {
                    fail(batch, steps.get(i).cause());
                }
            }
            return Future.succeededFuture(results);
        });
    }

    private void fail(Batch batch, Throwable failure) {
        outcomes.put(batch, new Outcome.Failed(batch, CrmException.of(failure)));
    }

    /** What is refused may be refused for the sake of one of them. */
    private @Nullable Void failedTogether(Collection<Batch> some, Throwable failure) {
        if (CrmException.of(failure).kind().retry()) {
            some.forEach(batch -> fail(batch, failure));
        } else {
            unclear.addAll(some);
        }
        return null;
    }

    private static Map<String, JsonObject> byId(JsonObject json, String key) {
        return Json.objects(json, key)
                .collect(Collectors.toMap(
                        member -> Json.text(member, "id"), Function.identity(), (one, other) -> other));
    }

    private static String id(Batch batch) {
        return Mailchimp.Opened.id(batch.contact());
    }
}
