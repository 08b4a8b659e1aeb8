package io.crmux.connector;

import io.crmux.crm.Added;
import io.crmux.crm.Answer;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Outcome;
import io.crmux.crm.Request;
import io.crmux.crm.Steps;
import io.crmux.crm.Tag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of several contacts' changes to Keap, tag by tag: v2's calls for one tag and many contacts. Creations and fields come first, by themselves, then the
 * tags that are removed, then those that are applied.
 *
 * <p>What becomes of each contact is believed only where it is told. Applying may answer an outcome for each contact, removing says nothing of contacts that are
 * gone, so that whoever was not told of is read, all of them in one call. A contact that is not as it should be, or not shown yet, and those of a call that was
 * refused as a whole are changed once more by themselves: that tells. After a failure that time may heal, nothing more is tried. The shape of the outcomes is
 * described, their words and what stands for the contact are assumed to be those of v1.
 */
final class KeapSharedTags {

    private static final String APPLY = "/v2/tags/{tag}/contacts:applyTags";
    private static final String REMOVE = "/v2/tags/{tag}/contacts:removeTags";

    private final String base;
    private final Http http;
    private final Grouping.Way alone;
    private final Call call;
    private final List<Part> parts;

    private KeapSharedTags(String base, Http http, Grouping.Way alone, Call call, List<Batch> batches) {
        this.base = base;
        this.http = http;
        this.alone = alone;
        this.call = call;
        this.parts = batches.stream().map(Part::new).toList();
    }

    /**
     * Delivers batches of which {@link KeapSharing} says that they go together: a hundred at most, which is what a call is assumed to take.
     *
     * @param alone delivers a batch by itself
     */
    static Future<List<Outcome>> deliver(
            String base, Http http, Grouping.Way alone, Call call, List<Batch> batches) {
        return new KeapSharedTags(base, http, alone, call, batches).deliver();
    }

    /** An outcome that stands in a good answer: that does not mean that all was applied. */
    static void check(Object outcome) {
        switch (String.valueOf(outcome)) {
            case "SUCCESS", "DUPLICATE" -> {}
            case "CONTACT_NOT_FOUND" -> throw CrmException.notFound("there is no such contact");
            case "TAG_ID_NOT_FOUND" -> throw CrmException.of(Kind.INVALID, "there is no such tag", 200);
            case "NO_PERMISSION" -> throw CrmException.of(Kind.UNAUTHORIZED, "the key may not apply tags", 200);
            default -> throw CrmException.unavailable("a tag was not applied", 200);
        }
    }

    private Future<List<Outcome>> deliver() {
        return each(Part::hasMoreThanTags, this::begin)
                .compose(begun -> tags(Batch::remove, this::remove))
                .compose(removed -> tags(Batch::apply, this::apply))
                .compose(applied -> compare())
                .compose(compared -> each(part -> part.inDoubt, this::repeat))
                .map(done -> parts.stream().map(Part::outcome).toList());
    }

    /** All at once: the way out keeps the limits. */
    private Future<Void> each(Predicate<Part> wanted, Function<Part, Future<Void>> step) {
        return Future.join(parts.stream().filter(wanted).map(step).toList()).mapEmpty();
    }

    private Future<Void> begin(Part part) {
        Batch batch = part.batch;
        Batch begun = new Batch(
                batch.id(),
                batch.contact(),
                batch.create(),
                false,
                batch.fields(),
                Set.of(),
                Set.of(),
                List.of());
        return alone.apply(List.of(begun)).map(outcomes -> part.begun(outcomes.get(0)));
    }

    private Future<Void> repeat(Part part) {
        Batch batch = part.batch;
        Batch tags = new Batch(
                batch.id(), part.contact, false, false, Map.of(), batch.remove(), batch.apply(), List.of());
        return alone.apply(List.of(tags)).map(outcomes -> part.repeated(outcomes.get(0)));
    }

    private interface Change {
        Future<Void> of(String tag, List<Part> some);
    }

    private Future<Void> tags(Function<Batch, Set<Tag>> which, Change change) {
        Map<String, List<Part>> byTag = new LinkedHashMap<>();
        open().forEach(part -> which.apply(part.batch)
                .forEach(tag -> byTag.computeIfAbsent(tag.requireId(), absent -> new ArrayList<>())
                        .add(part)));
        Future<Void> changed = Future.succeededFuture();
        for (Map.Entry<String, List<Part>> entry : byTag.entrySet()) {
            changed = changed.compose(done -> {
                List<Part> some = entry.getValue().stream().filter(Part::isOpen).toList();
                return some.isEmpty()
                        ? Future.succeededFuture()
                        : change.of(entry.getKey(), some).otherwise(failure -> failing(some, failure));
            });
        }
        return changed;
    }

    private Future<Void> remove(String tag, List<Part> some) {
        return send(REMOVE, tag, some).map(answer -> {
            if (answer.status() != 204) {
                throw CrmException.unavailable("the tag was not taken away", answer.status());
            }
            return null;
        });
    }

    private Future<Void> apply(String tag, List<Part> some) {
        return send(APPLY, tag, some).map(answer -> {
            JsonObject results =
                    answer.json().getValue("results") instanceof JsonObject told ? told : new JsonObject();
            some.forEach(part -> part.told(results.getValue(part.id())));
            return null;
        });
    }

    private Future<Answer> send(String template, String tag, List<Part> some) {
        JsonArray ids = new JsonArray(some.stream().map(Part::id).distinct().toList());
        return http.send(
                call,
                Request.post(base, template)
                        .with("tag", tag)
                        .asRepeatable()
                        .json(new JsonObject().put("contact_ids", ids)));
    }

    private Future<Void> compare() {
        List<Part> untold = open().stream().filter(part -> part.isUntold).toList();
        if (untold.isEmpty()) {
            return Future.succeededFuture();
        }
        String ids = untold.stream().map(Part::id).distinct().collect(Collectors.joining(","));
        Request request = Request.get(base, "/v2/contacts")
                .query("filter", "ids==" + ids)
                .query("fields", "id,tag_ids")
                .query("page_size", "1000");
        return http.send(call, request)
                .<Void>map(answer -> {
                    Map<String, JsonObject> found = new HashMap<>();
                    Json.objects(answer.json(), "contacts").forEach(each -> found.put(Json.text(each, "id"), each));
                    untold.forEach(part -> part.compared(found.get(part.id())));
                    return null;
                })
                .otherwise(failure -> failing(untold, failure));
    }

    private List<Part> open() {
        return parts.stream().filter(Part::isOpen).toList();
    }

    private static @Nullable Void failing(List<Part> some, Throwable why) {
        CrmException failure = CrmException.of(why);
        some.forEach(part -> {
            if (failure.kind().retry()) {
                part.failed(failure, false);
            } else {
                part.inDoubt = true;
            }
        });
        return null;
    }

    /** One contact's batch, and how far it is. */
    private static final class Part {

        private final Batch batch;
        private Contact contact;
        private @Nullable Added added;
        private boolean isUntold;
        private boolean inDoubt;
        private Outcome.@Nullable Failed failed;

        Part(Batch batch) {
            this.batch = batch;
            this.contact = batch.contact();
            this.isUntold = !batch.remove().isEmpty();
        }

        boolean hasMoreThanTags() {
            return batch.create() || !batch.fields().isEmpty();
        }

        boolean isOpen() {
            return failed == null && !inDoubt;
        }

        String id() {
            return contact.requireId();
        }

        @Nullable
        Void begun(Outcome outcome) {
            if (outcome instanceof Outcome.Failed failure) {
                failed = new Outcome.Failed(batch, failure.failure(), failure.reached(), failure.done());
            } else if (outcome instanceof Outcome.Done done) {
                contact = done.contact();
                added = done.added();
            }
            return null;
        }

        void told(@Nullable Object outcome) {
            if (outcome == null) {
                isUntold = true;
                return;
            }
            try {
                check(outcome);
            } catch (CrmException failure) {
                failed(failure, false);
            }
        }

        /** Without tags it may have none. */
        void compared(@Nullable JsonObject found) {
            Set<String> has = found == null || found.getValue("tag_ids") == null
                    ? Set.of()
                    : Members.texts(found, "tag_ids").collect(Collectors.toSet());
            inDoubt = found == null
                    || batch.remove().stream().anyMatch(tag -> has.contains(tag.requireId()))
                    || !batch.apply().stream().allMatch(tag -> has.contains(tag.requireId()));
        }

        @Nullable
        Void repeated(Outcome outcome) {
            if (outcome instanceof Outcome.Failed failure) {
                failed(failure.failure(), failure.done().removals());
            }
            return null;
        }

        void failed(CrmException failure, boolean removed) {
            Contact reached = added == null && contact.equals(batch.contact()) ? null : contact;
            failed = new Outcome.Failed(batch, failure, reached, new Steps(added, true, removed, false, 0));
        }

        Outcome outcome() {
            return failed == null ? new Outcome.Done(batch, contact, added) : failed;
        }
    }
}
