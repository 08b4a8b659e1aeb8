package io.crmux.gateway;

import io.crmux.crm.Added;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deletion;
import io.crmux.crm.Events;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.TagCreation;
import io.crmux.gateway.contact.CommonTags;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.VisibleContacts;
import io.crmux.gateway.delivery.Deliveries;
import io.crmux.gateway.delivery.Outbox;
import io.crmux.gateway.delivery.Queues;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.gateway.load.Patience;
import io.crmux.gateway.tags.TagLists;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.NewChange;
import io.crmux.store.Remembered;
import io.crmux.store.Replay;
import io.crmux.store.Store;
import io.crmux.store.SupersededException;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing half of a connection: a write is checked, committed to the store, published, and only then answered. Touched only on the connection's
 * loop.
 */
final class Writes {

    private static final Logger LOG = LoggerFactory.getLogger(Writes.class);
    private static final String STAGED_ID = "staging-";

    private final Loop loop;
    private final Crm crm;
    private final Store store;
    private final Contacts contacts;
    private final VisibleContacts visible;
    private final Reads reads;
    private final TagLists tagLists;
    private final TagRules tagRules;
    private final FieldMap fieldMap;
    private final Deliveries deliveries;
    private final Outbox outbox;
    private final Fates fates;
    private final Requests requests;
    private final Mirrors mirrors;
    private final Queues queues;
    private final boolean staging;
    private final OperationIds operations = new OperationIds();
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
            TagRules tagRules,
            FieldMap fieldMap,
            Deliveries deliveries,
            Outbox outbox,
            Fates fates,
            Requests requests,
            Mirrors mirrors,
            Queues queues,
            boolean staging,
            Metrics metrics,
            String connection) {
        this.loop = loop;
        this.crm = crm;
        this.store = store;
        this.contacts = contacts;
        this.visible = visible;
        this.reads = reads;
        this.tagLists = tagLists;
        this.tagRules = tagRules;
        this.fieldMap = fieldMap;
        this.deliveries = deliveries;
        this.outbox = outbox;
        this.fates = fates;
        this.requests = requests;
        this.mirrors = mirrors;
        this.queues = queues;
        this.staging = staging;
        this.metrics = metrics;
        this.connection = connection;
    }

    Future<Written> changeTags(ContactRef contact, List<String> apply, List<String> remove, WriteOptions write) {
        return requests.once(
                write,
                () -> tagRules.check(apply, remove, write.trace())
                        .compose(checked -> accept(contact, CommonTags.of(apply, remove), List.of(), write)),
                request -> writtenBefore(request, List.of(), write));
    }

    Future<Written> updateContact(ContactRef contact, JsonObject fields, boolean map, WriteOptions write) {
        FieldMap.Mapped mapped = fieldMap.toCrm(fields, map);
        return requests.once(
                write,
                () -> mapped.problems().isEmpty()
                        ? accept(contact, new ChangeBody.Update(fields, map), mapped.dropped(), write)
                        : invalid(mapped.problems()),
                request -> writtenBefore(request, mapped.dropped(), write));
    }

    Future<Written> trackEvent(ContactRef contact, String name, JsonObject properties, WriteOptions write) {
        return crm instanceof Events
                ? once(contact, new ChangeBody.Event(name, properties), write)
                : Future.failedFuture(CrmException.unsupported(Operation.TRACK_EVENT));
    }

    Future<Written> deleteContact(ContactRef contact, WriteOptions write) {
        return crm instanceof Deletion
                ? once(contact, new ChangeBody.Delete(), write)
                : Future.failedFuture(CrmException.unsupported(Operation.DELETE_CONTACT));
    }

    private Future<Written> once(ContactRef contact, ChangeBody body, WriteOptions write) {
        return requests.once(
                write,
                () -> accept(contact, body, List.of(), write),
                request -> writtenBefore(request, List.of(), write));
    }

    Future<AddedContact> addContact(JsonObject fields, boolean map, List<String> tags, WriteOptions write) {
        FieldMap.Mapped mapped = fieldMap.toCrm(fields, map);
        return requests.once(
                write,
                () -> add(mapped, fields, map, tags, write),
                request -> addedBefore(request, mapped.dropped(), write));
    }

    private Future<AddedContact> add(
            FieldMap.Mapped mapped, JsonObject fields, boolean map, List<String> tags, WriteOptions write) {
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
            bodies.add(CommonTags.of(tags, List.of()));
        }
        return tagRules.check(tags, List.of(), write.trace())
                .compose(checked -> commit(ContactRef.email(address), bodies, write))
                .compose(accepted -> added(accepted, mapped.dropped(), write));
    }

    Future<AddedTag> addTag(String name, WriteOptions write) {
        return crm instanceof TagCreation
                ? requests.once(
                        write,
                        () -> staging ? stageTag(name, write) : createTag(name, write),
                        request -> Future.succeededFuture(tagBefore(name, request)))
                : Future.failedFuture(CrmException.unsupported(Operation.ADD_TAG));
    }

    private Future<AddedTag> createTag(String name, WriteOptions write) {
        return Patience.within(loop, Patience.VISITOR_MILLIS, tagLists.create(name, Lane.VISITOR, write.trace()))
                .compose(tag -> requests.answered(
                                write, new JsonObject().put("id", tag.id()).put("name", tag.name()))
                        .map(new AddedTag(tag.id(), tag.name(), null)));
    }

    private Future<AddedTag> stageTag(String name, WriteOptions write) {
        UUID operation = operations.next(loop.millis());
        ChangeBody creation = new ChangeBody.AddTag(name);
        List<NewChange> change = List.of(new NewChange(operation, connection, null, null, creation, loop.millis()));
        return stage(change, operation, write).map(staged -> stagedTag(name, operation));
    }

    private static AddedTag stagedTag(String name, UUID operation) {
        return new AddedTag(STAGED_ID + operation, name, operation.toString());
    }

    private static AddedTag tagBefore(String name, Remembered request) {
        UUID staged = request.operation();
        if (staged != null) {
            return stagedTag(name, staged);
        }
        JsonObject said = Objects.requireNonNull(request.answer());
        return new AddedTag(said.getString("id"), said.getString("name"), null);
    }

    private static <T> Future<T> invalid(List<InputProblem> problems) {
        return Future.failedFuture(new Refusal(Refusal.Reason.INVALID, "some fields cannot be taken", problems, null));
    }

    // ---- accepting

    /** A write that is on disk, and the mirrors that do not get it. */
    private record Accepted(List<Layer> layers, List<String> notMirrored) {

        String operation() {
            return layers.get(0).operation().toString();
        }
    }

    private Future<Written> accept(ContactRef contact, ChangeBody body, List<String> dropped, WriteOptions write) {
        if (reads.isKnownAbsent(contact)) {
            return Future.failedFuture(Refusal.of(Refusal.Reason.CONTACT_NOT_FOUND, "the CRM has no such contact"));
        }
        return commit(contact, List.of(body), write).compose(accepted -> written(accepted, dropped, write));
    }

    /** Commit to the store, publish: in this order. */
    private Future<Accepted> commit(ContactRef contact, List<ChangeBody> bodies, WriteOptions write) {
        UUID operation = operations.next(loop.millis());
        ContactState state = contacts.find(contact);
        Address address = addressAtAcceptance(contact, state);
        String id = contact instanceof ContactRef.ById byId
                ? byId.id()
                : address == null || queues.isAnothers(address, bodies.get(0) instanceof ChangeBody.Create)
                        ? null
                        : idAtAcceptance(state, address);
        String email = address == null ? null : address.written();
        List<NewChange> changes = new ArrayList<>(bodies.size());
        for (ChangeBody body : bodies) {
            changes.add(new NewChange(operation, connection, id, email, body, loop.millis()));
        }
        if (staging) {
            return stage(changes, operation, write);
        }
        Address soon = id == null ? null : queues.soon(id);
        return accept(changes, mirrors.of(changes, soon == null ? email : soon.written()), operation, write);
    }

    private Future<Accepted> accept(List<NewChange> changes, Mirrors.Share share, UUID operation, WriteOptions write) {
        List<NewChange> all = new ArrayList<>(changes);
        all.addAll(share.changes());
        List<String> notMirrored = new CopyOnWriteArrayList<>(share.leftOut());
        return enter(publish -> store.accept(all, requests.of(write, operation), accepted -> {
                    notMirrored.addAll(mirrors.tell(share, accepted.subList(changes.size(), accepted.size())));
                    publish.accept(accepted.subList(0, changes.size()));
                }))
                .onSuccess(done -> requests.accepted(write))
                .map(layers -> new Accepted(layers, List.copyOf(notMirrored)));
    }

    private Future<Accepted> stage(List<NewChange> changes, UUID operation, WriteOptions write) {
        return loop.bring(store.stage(changes, requests.of(write, operation)))
                .recover(Writes::refused)
                .onSuccess(done -> requests.accepted(write))
                .map(staged -> new Accepted(staged.stream().map(Layer::staged).toList(), List.of()));
    }

    /** Enters changes in the place of dead ones. */
    Future<List<Layer>> replay(Replay replay) {
        return enter(publish -> store.replay(connection, replay, publish)).onSuccess(this::wakeEach);
    }

    /** Publishes changes of this connection that another one has handed to the store. */
    void take(List<Change> accepted) {
        wakeEach(publish(accepted));
    }

    /** A call of the store, which is given whom to tell of what it accepts. */
    private interface Acceptance {
        Future<List<Change>> by(Consumer<List<Change>> publish);
    }

    /** Changes are published in the order in which the store has accepted them, whichever connection they came through. */
    private Future<List<Layer>> enter(Acceptance acceptance) {
        assert loop.isHere();
        Promise<List<Layer>> published = Promise.promise();
        Future<List<Change>> accepted = acceptance.by(changes -> loop.run(
                () -> Future.succeededFuture(changes).map(this::publish).onComplete(published)));
        accepted.onFailure(
                failure -> loop.run(() -> Writes.<Void>refused(failure).onFailure(published::fail)));
        return published.future();
    }

    private static <T> Future<T> refused(Throwable failure) {
        return Future.failedFuture(
                failure instanceof SupersededException
                        ? failure
                        : Refusal.storeUnavailable("the store takes no changes at the moment"));
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
        assert loop.isHere();
        readdress(layer);
        ContactState state = queues.of(layer);
        state.await(layer);
        visible.accepted(state);
        outbox.accepted(layer);
        metrics.accepted(connection, layer.body().kind());
    }

    /** While a change was committed, its contact may have got another address: who gets the former one next is somebody else. */
    private void readdress(Layer layer) {
        String id = layer.contactId();
        Address said = layer.address();
        if (id == null || said == null || id.equals(idAtAcceptance(contacts.byEmail(said.key()), said))) {
            return;
        }
        Address now = addressAtAcceptance(ContactRef.id(id), contacts.byId(id));
        if (now != null && !now.equals(said)) {
            layer.addressed(now.written());
            store.identify(connection, List.of(layer.seq()), now.written(), null)
                    .onFailure(failure -> LOG.warn(
                            "{}: the store could not write down the address of a contact", connection, failure));
        }
    }

    /**
     * Lays a change on that was accepted before the process ended.
     *
     * @return its contact
     */
    ContactState recover(Layer layer) {
        assert loop.isHere();
        if (layer.state() == ChangeState.DELIVERED) {
            ContactState state = queues.ofDelivered(layer);
            state.recover(layer);
            return state;
        }
        ContactState state = queues.of(layer);
        state.await(layer);
        return state;
    }

    /** So many dead letters were replayed or given up. */
    void deadLettersEnded(int changes) {
        outbox.undead(changes);
    }

    // ---- answering

    private Future<Written> written(Accepted accepted, List<String> dropped, WriteOptions write) {
        Written undecided = new Written(accepted.operation(), dropped, accepted.notMirrored(), false, null);
        return decided(accepted.layers(), write)
                .map(fate -> fate == null
                        ? undecided
                        : new Written(accepted.operation(), dropped, accepted.notMirrored(), false, fate));
    }

    private Future<Written> writtenBefore(Remembered request, List<String> dropped, WriteOptions write) {
        return layers(request)
                .compose(layers -> decided(layers, write)
                        .map(fate -> new Written(
                                String.valueOf(request.operation()),
                                dropped,
                                notMirrored(layers),
                                true,
                                fate == null ? fates.of(layers) : fate)));
    }

    /** The tags that follow a creation have a fate of their own: only the creation is waited for. */
    private Future<AddedContact> added(Accepted accepted, List<String> dropped, WriteOptions write) {
        Layer creation = accepted.layers().get(0);
        return decided(List.of(creation), write)
                .map(fate -> added(creation, accepted.operation(), dropped, accepted.notMirrored(), fate));
    }

    /** Who repeats an addition that the CRM has refused is told so, waiting or not: to be told that it goes on would have him repeat it for ever. */
    private Future<AddedContact> addedBefore(Remembered request, List<String> dropped, WriteOptions write) {
        return layers(request).compose(layers -> {
            List<Layer> creation = layers.subList(0, 1);
            return decided(creation, write)
                    .map(fate -> added(
                            layers.get(0),
                            String.valueOf(request.operation()),
                            dropped,
                            notMirrored(layers),
                            layers.get(0).state().isEnd() ? fates.of(creation) : fate));
        });
    }

    /** Of what is staged, no mirror is told. */
    private List<String> notMirrored(List<Layer> layers) {
        return layers.get(0).state() == ChangeState.STAGED
                ? List.of()
                : mirrors.leftOut(layers.stream().map(Layer::body).toList());
    }

    private AddedContact added(
            Layer creation, String operation, List<String> dropped, List<String> notMirrored, @Nullable Fate fate) {
        if (creation.state() == ChangeState.STAGED) {
            return new AddedContact(operation, STAGED_ID + operation, true, dropped, notMirrored, fate);
        }
        Added how = creation.added();
        return new AddedContact(
                operation,
                how == null ? null : how.id(),
                how != null && how.how() == Added.How.CREATED,
                dropped,
                notMirrored,
                fate);
    }

    private Future<List<Layer>> layers(Remembered request) {
        UUID operation = request.operation();
        return operation == null
                ? Future.failedFuture(new IllegalStateException("a write is remembered without its operation"))
                : fates.layers(operation);
    }

    /** The fate of a write whose caller waits for it; null when it does not wait, or not so long. */
    private Future<@Nullable Fate> decided(List<Layer> layers, WriteOptions write) {
        if (write.waitMillis() <= 0) {
            wake(layers);
            return Future.succeededFuture(null);
        }
        Future<Void> all =
                Future.all(layers.stream().map(Layer::decided).toList()).mapEmpty();
        hurry(layers);
        return Patience.within(loop, write.waitMillis(), all)
                .<@Nullable Fate>map(done -> fates.of(layers))
                .otherwiseEmpty();
    }

    private void wakeEach(List<Layer> layers) {
        layers.forEach(layer -> wake(List.of(layer)));
    }

    private void hurry(List<Layer> layers) {
        if (!layers.get(0).state().isEnd()) {
            queues.of(layers.get(0)).urgentUpTo(layers.get(layers.size() - 1).seq());
            wake(layers);
        }
    }

    private void wake(List<Layer> layers) {
        if (!layers.get(0).state().isEnd()) {
            deliveries.wake(queues.of(layers.get(0)));
        }
    }
}
