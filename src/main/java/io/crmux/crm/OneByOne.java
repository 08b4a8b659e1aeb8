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
                .otherwise(failure ->
                        new Outcome.Failed(batch, CrmException.of(failure), progress.reached(batch), progress.steps()));
    }

    private static Future<Void> steps(Crm crm, Call call, Batch batch, Progress progress) {
        if (batch.delete()) {
            return deleted(crm, call, batch.contact());
        }
        return created(crm, call, batch, progress)
                .compose(done -> change(crm, call, batch, progress))
                .compose(done -> events(crm, call, batch.events(), progress));
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
            progress.created(added);
            return null;
        });
    }

    private static Future<Void> change(Crm crm, Call call, Batch batch, Progress progress) {
        Map<String, Value> fields = batch.create() ? Map.of() : batch.fields();
        if (fields.isEmpty() && batch.remove().isEmpty() && batch.apply().isEmpty()) {
            return Future.succeededFuture();
        }
        return crm instanceof CombinedChange combined
                ? combined.change(call, progress.contact, fields, batch.remove(), batch.apply())
                        .map(progress::changed)
                : stepwise(crm, call, fields, batch, progress);
    }

    private static Future<Void> stepwise(
            Crm crm, Call call, Map<String, Value> fields, Batch batch, Progress progress) {
        Future<Contact> updated = fields.isEmpty()
                ? Future.succeededFuture(progress.contact)
                : crm.updateContact(call, progress.contact, fields);
        return updated.map(progress::updated)
                .compose(done -> batch.remove().isEmpty()
                        ? Future.succeededFuture()
                        : crm.removeTags(call, progress.contact, batch.remove()))
                .map(done -> progress.removals = true)
                .compose(done -> batch.apply().isEmpty()
                        ? Future.<Void>succeededFuture()
                        : crm.applyTags(call, progress.contact, batch.apply()))
                .map(done -> progress.applications = true)
                .mapEmpty();
    }

    static Future<Void> events(Crm crm, Call call, List<Event> all, Progress progress) {
        Future<Void> sent = Future.succeededFuture();
        for (Event event : all) {
            sent = sent.compose(done -> crm instanceof Events events
                            ? events.trackEvent(call, progress.contact, event)
                            : Future.failedFuture(CrmException.unsupported(Operation.TRACK_EVENT)))
                    .map(done -> {
                        progress.events++;
                        return null;
                    });
        }
        return sent;
    }
}
