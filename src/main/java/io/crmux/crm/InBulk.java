package io.crmux.crm;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of several contacts' batches to a CRM that tags in bulk. Step by step for all of them, in the order of {@link OneByOne}: creations and deletions,
 * fields, then each tag that is removed and each tag that is applied in a call for all its contacts, then events. A batch that has failed takes no part in later
 * steps.
 */
final class InBulk {

    private final Crm crm;
    private final BulkTagging tagging;
    private final Call call;
    private final List<Part> parts;

    private InBulk(Crm crm, BulkTagging tagging, Call call, List<Batch> batches) {
        this.crm = crm;
        this.tagging = tagging;
        this.call = call;
        this.parts = batches.stream().map(Part::new).toList();
    }

    static Future<List<Outcome>> deliver(Crm crm, BulkTagging tagging, Call call, List<Batch> batches) {
        return new InBulk(crm, tagging, call, batches).deliver();
    }

    private Future<List<Outcome>> deliver() {
        return each(part -> part.batch.create() || part.batch.delete(), this::whole)
                .compose(done -> fields())
                .map(done -> wellDone(part -> part.progress.updated(part.progress.contact)))
                .compose(done -> tags(Batch::remove, tagging::removeTag))
                .map(done -> wellDone(part -> part.progress.removals = true))
                .compose(done -> tags(Batch::apply, tagging::applyTag))
                .map(done -> wellDone(part -> part.progress.applications = true))
                .compose(done -> each(part -> !part.batch.events().isEmpty(), this::events))
                .map(done -> parts.stream().map(Part::outcome).toList());
    }

    /** Notes with every part that has not failed how far it is. */
    private @Nullable Void wellDone(Consumer<Part> note) {
        parts.stream().filter(Part::isWell).forEach(note);
        return null;
    }

    /** Parts whose batch is as said, all at once: the way out keeps the limits. */
    private Future<Void> each(Predicate<Part> wanted, Function<Part, Future<Void>> step) {
        List<Future<Void>> steps = parts.stream()
                .filter(Part::isWell)
                .filter(wanted)
                .map(part -> step.apply(part).otherwise(failure -> part.fail(failure)))
                .toList();
        return Future.join(steps).mapEmpty();
    }

    private Future<Void> whole(Part part) {
        if (part.batch.delete()) {
            return OneByOne.deleted(crm, call, part.progress.contact);
        }
        return crm.addContact(call, part.batch.fields()).map(added -> {
            part.progress.created(added);
            return null;
        });
    }

    private Future<Void> fields() {
        List<Part> updates = parts.stream()
                .filter(Part::isWell)
                .filter(part -> !part.batch.create() && !part.batch.fields().isEmpty())
                .toList();
        if (!(crm instanceof BulkUpdate bulk) || updates.size() < 2) {
            return each(
                    updates::contains,
                    part -> crm.updateContact(call, part.progress.contact, part.batch.fields())
                            .map(part.progress::updated));
        }
        Future<Void> updated = Future.succeededFuture();
        for (List<Part> some : chunks(updates, bulk.mostUpdates())) {
            Map<String, Map<String, Value>> fields = new LinkedHashMap<>();
            some.forEach(part -> fields.put(part.id(), part.batch.fields()));
            updated = updated.compose(done -> bulk.updateContacts(call, fields)
                    .map(failures -> failing(some, failures))
                    .otherwise(failure -> failing(some, failure)));
        }
        return updated;
    }

    private Future<Void> tags(Function<Batch, Set<Tag>> which, Tagging step) {
        Map<Tag, List<Part>> byTag = new LinkedHashMap<>();
        parts.stream()
                .filter(Part::isWell)
                .forEach(part -> which.apply(part.batch)
                        .forEach(tag -> byTag.computeIfAbsent(tag, absent -> new ArrayList<>())
                                .add(part)));
        Future<Void> tagged = Future.succeededFuture();
        for (Map.Entry<Tag, List<Part>> entry : byTag.entrySet()) {
            for (List<Part> some : chunks(entry.getValue(), tagging.mostContacts())) {
                tagged = tagged.compose(done -> tag(entry.getKey(), some, step));
            }
        }
        return tagged;
    }

    private Future<Void> tag(Tag tag, List<Part> having, Tagging step) {
        List<Part> some = having.stream().filter(Part::isWell).toList();
        if (some.isEmpty()) {
            return Future.succeededFuture();
        }
        return step.change(call, tag, some.stream().map(Part::id).toList())
                .<Void>map(missing -> {
                    some.stream()
                            .filter(part -> missing.contains(part.id()))
                            .forEach(part -> part.fail(CrmException.notFound("the CRM has no contact of this id")));
                    return null;
                })
                .otherwise(failure -> failing(some, failure));
    }

    private interface Tagging {
        Future<Set<String>> change(Call call, Tag tag, List<String> ids);
    }

    private Future<Void> events(Part part) {
        return OneByOne.events(crm, call, part.batch.events(), part.progress);
    }

    private static @Nullable Void failing(List<Part> some, Throwable failure) {
        some.forEach(part -> part.fail(failure));
        return null;
    }

    private static @Nullable Void failing(List<Part> some, Map<String, CrmException> failures) {
        some.forEach(part -> {
            CrmException failure = failures.get(part.id());
            if (failure != null) {
                part.fail(failure);
            }
        });
        return null;
    }

    private static List<List<Part>> chunks(List<Part> all, int most) {
        List<List<Part>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += most) {
            chunks.add(all.subList(from, Math.min(all.size(), from + most)));
        }
        return chunks;
    }

    /** How far one batch has come. */
    private static final class Part {
        private final Batch batch;
        private final Progress progress;
        private @Nullable CrmException failure;

        Part(Batch batch) {
            this.batch = batch;
            this.progress = new Progress(batch.contact());
        }

        boolean isWell() {
            return failure == null;
        }

        String id() {
            return progress.contact.requireId();
        }

        @Nullable
        Void fail(Throwable why) {
            failure = CrmException.of(why);
            return null;
        }

        Outcome outcome() {
            return failure == null
                    ? new Outcome.Done(batch, progress.contact, progress.added)
                    : new Outcome.Failed(batch, failure, progress.reached(batch), progress.steps());
        }
    }
}
