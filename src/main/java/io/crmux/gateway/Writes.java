package io.crmux.gateway;

import io.crmux.crm.Added;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deletion;
import io.crmux.crm.Events;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Traits.Creation;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.VisibleContacts;
import io.crmux.gateway.delivery.Deliveries;
import io.crmux.gateway.delivery.Outbox;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.gateway.load.Patience;
import io.crmux.gateway.tags.Resolution;
import io.crmux.gateway.tags.TagBook;
import io.crmux.gateway.tags.TagLists;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.NewChange;
import io.crmux.store.Store;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of a connection: a write is checked, committed to the store, published, and only then answered. Touched only on the connection's
 * loop.
 */
final class Writes {

    private static final long STORE_RETRY_MILLIS = 5_000;

    private final Loop loop;
    private final Crm crm;
    private final Store store;
    private final Contacts contacts;
    private final VisibleContacts visible;
    private final Reads reads;
    private final TagLists tagLists;
    private final FieldMap fieldMap;
    private final Deliveries deliveries;
    private final Outbox outbox;
    private final Fates fates;
    private final OperationIds operations = new OperationIds();
    private final InOrder<List<Change>> commits;
    private final Metrics metrics;
    private final String connection;

    Writes(
            Loop loop,
            Crm crm,
            Store store,
            Contacts contacts,
            VisibleContacts visible,
            Reads reads,
            TagLists tagLists,
            FieldMap fieldMap,
            Deliveries deliveries,
            Outbox outbox,
            Fates fates,
            Metrics metrics,
            String connection) {
        this.loop = loop;
        this.commits = new InOrder<>(loop);
        this.crm = crm;
        this.store = store;
        this.contacts = contacts;
        this.visible = visible;
        this.reads = reads;
        this.tagLists = tagLists;
        this.fieldMap = fieldMap;
        this.deliveries = deliveries;
        this.outbox = outbox;
        this.fates = fates;
        this.metrics = metrics;
        this.connection = connection;
    }

    Future<Written> changeTags(ContactRef contact, List<String> apply, List<String> remove, WriteOptions write) {
        return checkTags(apply, remove, write)
                .compose(checked -> accept(contact, new ChangeBody.Tags(apply, remove), List.of(), write));
    }

    Future<Written> updateContact(ContactRef contact, JsonObject fields, boolean map, WriteOptions write) {
        FieldMap.Mapped mapped = fieldMap.toCrm(fields, map);
        return mapped.problems().isEmpty()
                ? accept(contact, new ChangeBody.Update(fields, map), mapped.dropped(), write)
                : invalid(mapped.problems());
    }

    Future<Written> trackEvent(ContactRef contact, String name, JsonObject properties, WriteOptions write) {
        return crm instanceof Events
                ? accept(contact, new ChangeBody.Event(name, properties), List.of(), write)
                : Future.failedFuture(CrmException.unsupported(Operation.TRACK_EVENT));
    }

    Future<Written> deleteContact(ContactRef contact, WriteOptions write) {
        return crm instanceof Deletion
                ? accept(contact, new ChangeBody.Delete(), List.of(), write)
                : Future.failedFuture(CrmException.unsupported(Operation.DELETE_CONTACT));
    }

    Future<AddedContact> addContact(JsonObject fields, boolean map, List<String> tags, WriteOptions write) {
        FieldMap.Mapped mapped = fieldMap.toCrm(fields, map);
        FieldMap.Email email = fieldMap.email(mapped, map);
        List<InputProblem> problems = Stream.concat(mapped.problems().stream(), email.problems().stream())
                .distinct()
                .toList();
        Address address = email.address();
        if (!problems.isEmpty() || address == null) {
            return invalid(problems);
        }
        List<ChangeBody> bodies = new ArrayList<>();
        bodies.add(new ChangeBody.Create(fields, map));
        if (!tags.isEmpty()) {
            bodies.add(new ChangeBody.Tags(tags, List.of()));
        }
        return checkTags(tags, List.of(), write)
                .compose(checked -> commit(ContactRef.email(address), bodies))
                .compose(layers -> added(layers, mapped.dropped(), write));
    }

    private static <T> Future<T> invalid(List<InputProblem> problems) {
        return Future.failedFuture(new Refusal(Refusal.Reason.INVALID, "some fields cannot be taken", problems, null));
    }

    // ---- checking

    /** With no list to be had, the write is accepted and judged at delivery. */
    private Future<Void> checkTags(List<String> apply, List<String> remove, WriteOptions write) {
        if (allKnown(apply) && allKnown(remove)) {
            return judgeTags(apply, remove);
        }
        boolean creatable = crm.traits().creation() != Creation.NONE;
        if (creatable && tagLists.isKnown()) {
            return judgeTags(apply, remove);
        }
        if (crm.traits().creation() == Creation.BY_APPLYING) {
            tagLists.recent(Lane.BULK, write.trace());
            return Future.succeededFuture();
        }
        return tagLists.recent(Lane.VISITOR, write.trace())
                .compose(
                        book -> judgeTags(apply, remove),
                        failure -> tagLists.isKnown() ? judgeTags(apply, remove) : Future.succeededFuture());
    }

    private boolean allKnown(List<String> words) {
        TagBook book = tagLists.book();
        return words.stream().allMatch(word -> book.resolve(word) instanceof Resolution.Known);
    }

    private Future<Void> judgeTags(List<String> apply, List<String> remove) {
        return Stream.concat(apply.stream(), remove.stream())
                .map(this::refusal)
                .filter(refusal -> refusal != null)
                .findFirst()
                .<Future<Void>>map(Future::failedFuture)
                .orElseGet(() -> contradiction(apply, remove));
    }

    private @Nullable Refusal refusal(String word) {
        TagBook book = tagLists.book();
        Resolution resolution = book.resolve(word);
        if (resolution instanceof Resolution.Ambiguous) {
            return Refusal.of(Refusal.Reason.TAG_AMBIGUOUS, "several tags have the name " + word + ": use an id");
        }
        if (resolution instanceof Resolution.Known known && !known.tag().writable()) {
            return Refusal.of(Refusal.Reason.TAG_READ_ONLY, "the tag " + word + " cannot be applied or removed");
        }
        if (resolution instanceof Resolution.Unknown && crm.traits().creation() == Creation.NONE) {
            return Refusal.of(
                    Refusal.Reason.TAG_UNKNOWN,
                    "there is no tag " + word + "; the nearest are " + String.join(", ", book.nearest(word)));
        }
        return null;
    }

    /** Two different words may mean one tag: only the tag list tells. */
    private Future<Void> contradiction(List<String> apply, List<String> remove) {
        TagBook book = tagLists.book();
        List<String> removed = remove.stream().map(book::key).toList();
        return apply.stream()
                .filter(word -> removed.contains(book.key(word)))
                .findFirst()
                .<Future<Void>>map(word -> Future.failedFuture(new Refusal(
                        Refusal.Reason.INVALID,
                        "the tag " + word + " is to be applied and removed",
                        List.of(new InputProblem("/apply", word + " is in remove, too")),
                        null)))
                .orElseGet(Future::succeededFuture);
    }

    // ---- accepting

    private Future<Written> accept(ContactRef contact, ChangeBody body, List<String> dropped, WriteOptions write) {
        if (reads.isKnownAbsent(contact)) {
            return Future.failedFuture(Refusal.of(Refusal.Reason.CONTACT_NOT_FOUND, "the CRM has no such contact"));
        }
        return commit(contact, List.of(body)).compose(layers -> fate(layers, dropped, write));
    }

    /** Commit to the store, publish: in this order. */
    private Future<List<Layer>> commit(ContactRef contact, List<ChangeBody> bodies) {
        String operation = operations.next(loop.millis());
        ContactState state = contacts.find(contact);
        Address address = addressAtAcceptance(contact, state);
        String id = contact instanceof ContactRef.ById byId
                ? byId.id()
                : address == null ? null : idAtAcceptance(state, address);
        List<NewChange> changes = bodies.stream()
                .map(body -> new NewChange(
                        operation, connection, id, address == null ? null : address.written(), body, loop.millis()))
                .toList();
        return commits.after(store.accept(changes))
                .recover(failure -> Future.failedFuture(new Refusal(
                        Refusal.Reason.STORE_UNAVAILABLE,
                        "the store takes no changes at the moment",
                        List.of(),
                        STORE_RETRY_MILLIS)))
                .map(this::publish);
    }

    private @Nullable Address addressAtAcceptance(ContactRef contact, @Nullable ContactState state) {
        if (contact instanceof ContactRef.ByEmail byEmail) {
            return byEmail.address();
        }
        return state != null && state.address() != null
                ? state.address()
                : visible.addressOf(((ContactRef.ById) contact).id());
    }

    private @Nullable String idAtAcceptance(@Nullable ContactState state, Address address) {
        return state != null && state.id() != null ? state.id() : reads.knownId(address);
    }

    private List<Layer> publish(List<Change> changes) {
        List<Layer> layers = changes.stream().map(Layer::new).toList();
        layers.forEach(this::lay);
        return layers;
    }

    private void lay(Layer layer) {
        ContactState state = stateOf(layer);
        state.waiting().add(layer);
        state.waiting().sort(Comparator.comparingLong(Layer::seq));
        visible.accepted(state);
        outbox.accepted(layer);
        metrics.accepted(connection, layer.body().getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }

    private ContactState stateOf(Layer layer) {
        NewChange accepted = layer.change().accepted();
        Address address = accepted.email() == null
                ? null
                : Address.parse(accepted.email()).orElse(null);
        return contacts.obtain(accepted.contactId(), address);
    }

    /** Lays a change on that was accepted before the process ended. */
    void recover(Layer layer) {
        ContactState state = stateOf(layer);
        if (layer.state() == ChangeState.DELIVERED) {
            state.delivered().add(layer);
        } else {
            state.waiting().add(layer);
            outbox.accepted(layer);
        }
    }

    // ---- answering

    private Future<Written> fate(List<Layer> layers, List<String> dropped, WriteOptions write) {
        String operation = layers.get(0).change().accepted().operation();
        Written accepted = new Written(operation, dropped, null);
        if (write.waitMillis() <= 0) {
            wake(layers);
            return Future.succeededFuture(accepted);
        }
        return decided(layers, write.waitMillis())
                .map(done -> new Written(operation, dropped, fates.of(layers)))
                .otherwise(accepted);
    }

    /** The tags that follow a creation have a fate of their own: only the creation is waited for. */
    private Future<AddedContact> added(List<Layer> layers, List<String> dropped, WriteOptions write) {
        Layer creation = layers.get(0);
        String operation = creation.change().accepted().operation();
        AddedContact accepted = new AddedContact(operation, null, false, dropped, null);
        if (write.waitMillis() <= 0) {
            wake(layers);
            return Future.succeededFuture(accepted);
        }
        return decided(List.of(creation), write.waitMillis())
                .map(done -> {
                    Added how = creation.added();
                    return new AddedContact(
                            operation,
                            how == null ? null : how.id(),
                            how != null && how.how() == Added.How.CREATED,
                            dropped,
                            fates.of(List.of(creation)));
                })
                .otherwise(accepted);
    }

    private Future<Void> decided(List<Layer> layers, long waitMillis) {
        Future<Void> all =
                Future.all(layers.stream().map(Layer::decided).toList()).mapEmpty();
        wake(layers);
        return Patience.within(loop, waitMillis, all);
    }

    private void wake(List<Layer> layers) {
        deliveries.wake(stateOf(layers.get(0)));
    }
}
