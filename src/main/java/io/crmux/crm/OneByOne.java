package io.crmux.crm;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The delivery that every CRM can do: one batch after the other, each in the order creation or fields, removals, applications, events, deletion.
 * A step that fails ends its batch; how far the batch came is told by {@link Outcome.Failed#reached()}.
 */
final class OneByOne {

    private OneByOne() {}

    static Future<List<Outcome>> deliver(Crm crm, Call call, List<Batch> batches) {
        Future<List<Outcome>> outcomes = Future.succeededFuture(new ArrayList<>(batches.size()));
        for (Batch batch : batches) {
            outcomes = outcomes.compose(done -> deliver(crm, call, batch).map(outcome -> {
                done.add(outcome);
                return done;
            }));
        }
        return outcomes;
    }

    private static Future<Outcome> deliver(Crm crm, Call call, Batch batch) {
        Progress progress = new Progress(batch.contact());
        return steps(crm, call, batch, progress)
                .<Outcome>map(done -> new Outcome.Done(batch, progress.contact, progress.added))
                .otherwise(failure -> new Outcome.Failed(
                        batch, CrmException.of(failure), progress.added == null ? null : progress.contact));
    }

    private static Future<Void> steps(Crm crm, Call call, Batch batch, Progress progress) {
        if (batch.delete()) {
            return deleted(crm, call, batch.contact());
        }
        return created(crm, call, batch, progress)
                .compose(done -> change(crm, call, batch, progress))
                .compose(done -> events(crm, call, progress.contact, batch.events()));
    }

    static Future<Void> deleted(Crm crm, Call call, Contact contact) {
        return crm instanceof Deletion deletion
                ? deletion.deleteContact(call, contact)
                : Future.failedFuture(CrmException.unsupported(Operation.DELETE_CONTACT));
    }

    private static Future<Void> created(Crm crm, Call call, Batch batch, Progress progress) {
        if (!batch.create()) {
            return Future.succeededFuture();
        }
        return crm.addContact(call, batch.fields()).map(added -> {
            progress.contact = new Contact(added.id(), batch.contact().email());
            progress.added = added;
            return null;
        });
    }

    private static Future<Void> change(Crm crm, Call call, Batch batch, Progress progress) {
        Map<String, Value> fields = batch.create() ? Map.of() : batch.fields();
        if (fields.isEmpty() && batch.remove().isEmpty() && batch.apply().isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Contact> changed = crm instanceof CombinedChange combined
                ? combined.change(call, progress.contact, fields, batch.remove(), batch.apply())
                : stepwise(crm, call, progress.contact, fields, batch);
        return changed.map(contact -> {
            progress.contact = contact;
            return null;
        });
    }

    private static Future<Contact> stepwise(
            Crm crm, Call call, Contact contact, Map<String, Value> fields, Batch batch) {
        Future<Contact> updated =
                fields.isEmpty() ? Future.succeededFuture(contact) : crm.updateContact(call, contact, fields);
        return updated.compose(now -> (batch.remove().isEmpty()
                        ? Future.<Void>succeededFuture()
                        : crm.removeTags(call, now, batch.remove()))
                .compose(done -> batch.apply().isEmpty()
                        ? Future.<Void>succeededFuture()
                        : crm.applyTags(call, now, batch.apply()))
                .map(now));
    }

    static Future<Void> events(Crm crm, Call call, Contact contact, List<Event> all) {
        Future<Void> sent = Future.succeededFuture();
        for (Event event : all) {
            sent = sent.compose(done -> crm instanceof Events events
                    ? events.trackEvent(call, contact, event)
                    : Future.failedFuture(CrmException.unsupported(Operation.TRACK_EVENT)));
        }
        return sent;
    }

    private static final class Progress {
        private Contact contact;
        private @org.jspecify.annotations.Nullable Added added;

        Progress(Contact contact) {
            this.contact = contact;
        }
    }
}
