package io.crmux.connector;

import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Event;
import io.crmux.crm.Outcome;
import io.crmux.crm.Steps;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of several contacts' batches whose tags, and nothing else, go together: creations and fields first, each by itself, then the tags, then events, each by
 * itself. A batch that has failed takes no part in later steps. Contacts of which the CRM did not tell what became of their tags are in doubt: their tags are
 * changed once more, each by itself, and that tells. Where so many are in doubt that the delivery would have no time for it, they fail, so that the core sends each alone.
 */
final class TagsTogether {

    private final int mostInDoubt;
    private final Grouping.Way alone;
    private final List<Part> parts;

    private TagsTogether(int mostInDoubt, Grouping.Way alone, List<Batch> batches) {
        this.mostInDoubt = mostInDoubt;
        this.alone = alone;
        this.parts = batches.stream().map(Part::new).toList();
    }

    /**
     * Delivers batches.
     *
     * @param mostInDoubt of how many contacts in doubt the tags are changed once more
     * @param alone delivers a batch by itself
     * @param tags changes the tags of contacts that are there by now, and notes with each if it has failed or is in doubt
     */
    static Future<List<Outcome>> deliver(
            List<Batch> batches, int mostInDoubt, Grouping.Way alone, Function<List<Part>, Future<Void>> tags) {
        return new TagsTogether(mostInDoubt, alone, batches).deliver(tags);
    }

    /** Whether there are tags in it, and a contact that it can be done for. */
    static boolean fits(Batch batch) {
        return !batch.delete()
                && !(batch.remove().isEmpty() && batch.apply().isEmpty())
                && (batch.create() || Members.isNumber(batch.contact()));
    }

    /** What has become of contacts whose call has failed: they are in doubt, unless time may heal it, so that to ask again at once is of no use. */
    static @Nullable Void failing(List<Part> some, Throwable why) {
        CrmException failure = CrmException.of(why);
        some.forEach(part -> {
            if (failure.kind().retry()) {
                part.fail(failure);
            } else {
                part.doubt();
            }
        });
        return null;
    }

    private Future<List<Outcome>> deliver(Function<List<Part>, Future<Void>> tags) {
        return each(Part::hasFields, Part::begin, Part::begun)
                .compose(begun -> tags.apply(parts.stream().filter(Part::isOpen).toList()))
                .map(tagged -> failingIfMany(
                        parts.stream().filter(part -> part.inDoubt).toList()))
                .compose(few -> each(part -> part.inDoubt, Part::tagsAlone, Part::repeated))
                .compose(sure -> each(Part::hasEvents, Part::eventsAlone, Part::sent))
                .map(done -> parts.stream().map(Part::outcome).toList());
    }

    private @Nullable Void failingIfMany(List<Part> inDoubt) {
        if (inDoubt.size() > mostInDoubt) {
            CrmException failure =
                    CrmException.of(CrmException.Kind.INVALID, "too many are in doubt to be tried again at once", null);
            inDoubt.forEach(part -> part.fail(failure));
        }
        return null;
    }

    private interface Ending {
        void end(Part part, Outcome outcome);
    }

    /** All at once: the way out keeps the limits. */
    private Future<Void> each(Predicate<Part> wanted, Function<Part, Batch> step, Ending ending) {
        return Future.join(parts.stream()
                        .filter(wanted)
                        .map(part -> alone.apply(List.of(step.apply(part))).map(outcomes -> {
                            ending.end(part, outcomes.get(0));
                            return null;
                        }))
                        .toList())
                .mapEmpty();
    }

    /** One contact's batch, and how far it is. */
    static final class Part {

        private final Batch batch;
        private Contact contact;
        private @Nullable Added added;
        private boolean inDoubt;
        private Outcome.@Nullable Failed failed;

        private Part(Batch batch) {
            this.batch = batch;
            this.contact = batch.contact();
        }

        Batch batch() {
            return batch;
        }

        /** With its id, which a creation may just have told. */
        Contact contact() {
            return contact;
        }

        String id() {
            return contact.requireId();
        }

        boolean isOpen() {
            return failed == null && !inDoubt;
        }

        void doubt() {
            inDoubt = true;
        }

        /** The fields are set, and the tags may be changed or not: to do it again does no harm. */
        void fail(CrmException failure) {
            fail(failure, false, false, 0);
        }

        private void fail(CrmException failure, boolean removed, boolean applied, int events) {
            Contact reached = added == null && contact.equals(batch.contact()) ? null : contact;
            inDoubt = false;
            failed = new Outcome.Failed(batch, failure, reached, new Steps(added, true, removed, applied, events));
        }

        private boolean hasFields() {
            return batch.create() || !batch.fields().isEmpty();
        }

        private boolean hasEvents() {
            return isOpen() && !batch.events().isEmpty();
        }

        private Batch begin() {
            return step(batch.create(), batch.fields(), Set.of(), Set.of(), List.of());
        }

        private Batch tagsAlone() {
            return step(false, Map.of(), batch.remove(), batch.apply(), List.of());
        }

        private Batch eventsAlone() {
            return step(false, Map.of(), Set.of(), Set.of(), batch.events());
        }

        private Batch step(
                boolean create, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply, List<Event> events) {
            return new Batch(batch.id(), contact, create, false, fields, remove, apply, events);
        }

        private void begun(Outcome outcome) {
            if (outcome instanceof Outcome.Failed failure) {
                failed = new Outcome.Failed(batch, failure.failure(), failure.reached(), failure.done());
            } else if (outcome instanceof Outcome.Done done) {
                contact = done.contact();
                added = done.added();
            }
        }

        private void repeated(Outcome outcome) {
            inDoubt = false;
            if (outcome instanceof Outcome.Failed failure) {
                fail(failure.failure(), failure.done().removals(), false, 0);
            }
        }

        private void sent(Outcome outcome) {
            if (outcome instanceof Outcome.Failed failure) {
                fail(failure.failure(), true, true, failure.done().events());
            }
        }

        private Outcome outcome() {
            return failed == null ? new Outcome.Done(batch, contact, added) : failed;
        }
    }
}
