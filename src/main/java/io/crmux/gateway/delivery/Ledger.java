package io.crmux.gateway.delivery;

import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.Loop;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.OwnChanges;
import io.crmux.gateway.contact.Renames;
import io.crmux.gateway.contact.VisibleContacts;
import io.crmux.gateway.tags.Resolution;
import io.crmux.gateway.tags.TagLists;
import io.crmux.store.Alias;
import io.crmux.store.ChangeBody;
import io.crmux.store.Learned;
import io.crmux.store.Origin;
import io.crmux.store.Progress;
import io.crmux.store.Rename;
import io.crmux.store.Store;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes what becomes of changes: with the contact, in what is visible, in the store. Whoever waits for a fate is told when it is written down.
 *
 * <p>A delivered change stays in the overlay until its settling time is past and no load is under way that began before: then it is settled.
 */
public final class Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final Loop loop;
    private final Store store;
    private final Contacts contacts;
    private final VisibleContacts visible;
    private final Renames renames;
    private final Queues queues;
    private final TagLists tags;
    private final Outbox outbox;
    private final Metrics metrics;
    private final String connection;
    private final long settling;
    private final String emailField;
    private final BiPredicate<ContactState, Long> isLoading;
    private Consumer<ContactState> whenChanged = changed -> {};
    private BiConsumer<String, String> whenInUseAgain = (id, others) -> {};
    private Consumer<ContactState> whenReached = reached -> {};
    private String lastReason = "";

    /**
     * The ledger of one connection.
     *
     * @param settling milliseconds
     * @param emailField the CRM's own field id of the address
     * @param isLoading whether a load of the contact is under way that began by that time
     */
    public Ledger(
            Loop loop,
            Store store,
            Contacts contacts,
            VisibleContacts visible,
            Renames renames,
            Queues queues,
            TagLists tags,
            Outbox outbox,
            Metrics metrics,
            String connection,
            long settling,
            String emailField,
            BiPredicate<ContactState, Long> isLoading) {
        this.loop = loop;
        this.store = store;
        this.contacts = contacts;
        this.visible = visible;
        this.renames = renames;
        this.queues = queues;
        this.tags = tags;
        this.outbox = outbox;
        this.metrics = metrics;
        this.connection = connection;
        this.settling = settling;
        this.emailField = emailField;
        this.isLoading = isLoading;
    }

    /** Who is told of an id that is another contact's by now, and by which id the one that had it before is known then. */
    public void whenInUseAgain(BiConsumer<String, String> listener) {
        whenInUseAgain = listener;
    }

    /** Who is told of a contact that a creation has reached, before it has another address. */
    public void whenReached(Consumer<ContactState> listener) {
        whenReached = listener;
    }

    /** Who is told when queues were joined, since another contact is due then. */
    void whenChanged(Consumer<ContactState> listener) {
        whenChanged = listener;
    }

    /** Learns from an answer that an address is a contact's: it is published, and queues join. */
    public void learn(Address address, String id) {
        visible.shown(address, id);
        join(address, id);
    }

    /** An address that is published already is a contact's: queues join, and the alias is kept with them. */
    public void join(Address address, String id) {
        ContactState state = contacts.learn(address, id);
        if (state != null) {
            List<Rename> found = foundAgain(state, id);
            visible.accepted(state);
            write(List.of(), new Learned(List.of(new Alias(address.key(), id, loop.millis())), found));
            whenChanged.accept(state);
        }
    }

    /**
     * Learns of a contact which address it has elsewhere and which id, since there it is about to lose that address: whatever waits here for the one or the
     * other is told, so that it is not taken for somebody else's who gets the address next.
     *
     * @param contact by the id that mirrored changes are given
     * @param ids all ids that it has had there
     * @param own what is its own of that which goes by the address
     * @param isDeletedHere whether it is deleted there, and that deletion is accepted here, too: when it is done already, nothing that waits without an
     *     address may follow it, since that would create the contact anew
     * @return succeeds when it is written down, if anybody waits for it
     */
    public Future<Void> introduced(Origin contact, Set<String> ids, OwnChanges own, boolean isDeletedHere) {
        List<Future<Void>> written = new ArrayList<>();
        ids.forEach(id -> written.add(addressed(new Origin(contact.connection(), id), own, isDeletedHere)));
        own.addresses().stream()
                .flatMap(address -> contacts.holding(address).stream())
                .distinct()
                .forEach(state -> written.add(numbered(contact, own, state)));
        return Future.all(written).mapEmpty();
    }

    private Future<Void> addressed(Origin origin, OwnChanges own, boolean isDeletedHere) {
        Address address = own.address();
        ContactState state = contacts.byOrigin(origin);
        ContactState namesake = contacts.byEmail(address.key());
        if (state == null || (isDeletedHere && !awaitsDeletion(state) && !awaitsDeletion(namesake))) {
            return Future.succeededFuture();
        }
        List<Layer> nameless = state.waiting().stream()
                .filter(layer -> layer.email() == null && origin.equals(layer.origin()))
                .toList();
        if (nameless.isEmpty()) {
            return Future.succeededFuture();
        }
        if (namesake != null && namesake != state && namesake.waiting().stream().noneMatch(own::have)) {
            contacts.leave(namesake, address);
        }
        ContactState known = queues.introduced(state, nameless.get(0), address);
        Address present = known.address();
        Address its = present == null ? address : present;
        visible.accepted(known);
        whenChanged.accept(known);
        return loop.bring(store.identify(connection, numbers(nameless), its.written(), null))
                .onSuccess(written -> nameless.forEach(layer -> layer.addressed(its.written())));
    }

    private Future<Void> numbered(Origin contact, OwnChanges own, ContactState state) {
        Origin unknown = new Origin(contact.connection(), null);
        List<Layer> unnumbered = state.waiting().stream()
                .filter(layer -> unknown.equals(layer.origin()) && own.have(layer))
                .toList();
        if (unnumbered.isEmpty()) {
            return Future.succeededFuture();
        }
        contacts.knownFrom(contact, state);
        return loop.bring(store.identify(connection, numbers(unnumbered), null, contact.contactId()))
                .onSuccess(written -> unnumbered.forEach(layer -> layer.from(contact)));
    }

    /**
     * An id of a contact elsewhere is another contact's by now: what waits here of the one that had it before is known by another of its ids.
     *
     * @param id the other id
     */
    public Future<Void> renamed(Origin former, String id) {
        ContactState state = contacts.byOrigin(former);
        if (state == null) {
            return Future.succeededFuture();
        }
        Origin contact = new Origin(former.connection(), id);
        List<Layer> layers = state.waiting().stream()
                .filter(layer -> former.equals(layer.origin()))
                .toList();
        contacts.notFrom(former, state);
        contacts.knownFrom(contact, state);
        layers.forEach(layer -> layer.from(contact));
        return loop.bring(store.identify(connection, numbers(layers), null, id));
    }

    private static List<Long> numbers(List<Layer> layers) {
        return layers.stream().map(Layer::seq).toList();
    }

    private static boolean awaitsDeletion(@Nullable ContactState state) {
        return state != null && state.waiting().stream().anyMatch(layer -> layer.body() instanceof ChangeBody.Delete);
    }

    private List<Rename> foundAgain(ContactState state, String id) {
        String lost = state.lostId();
        if (lost == null) {
            return List.of();
        }
        if (lost.equals(id)) {
            contacts.rename(state, id);
            return List.of();
        }
        return rename(state, lost, id);
    }

    /** Each of its former ids leads to the new one, without help of the ids between, any of which may be another contact's one day. */
    private List<Rename> rename(ContactState state, String formerId, String id) {
        renames.note(new Rename(formerId, id, loop.millis()));
        contacts.rename(state, id);
        visible.renamed(formerId, id);
        return renames.to(id);
    }

    /**
     * The id under which sites are to see a contact.
     *
     * @param id as an answer of the CRM names it
     * @param began when that was asked for, milliseconds since 1970
     */
    public String present(String id, long began) {
        if (renames.isInUseAgain(id, began, settling)) {
            write(List.of(), new Learned(List.of(), List.of(inUseAgain(id))));
        }
        return renames.present(id);
    }

    /** Mirrors know the contact that had the id before by another one from now on. */
    private Rename inUseAgain(String id) {
        String others = renames.present(id);
        Rename own = new Rename(id, id, loop.millis());
        renames.note(own);
        whenInUseAgain.accept(id, renames.first(others));
        return own;
    }

    /** The CRM does not know the contact by its id: it is to be looked up again. */
    void forgetId(ContactState contact) {
        visible.doubt(contact);
        contacts.forgetId(contact);
    }

    /**
     * The CRM has these changes.
     *
     * @param added what became of the creation, if one was sent
     * @param batch what was sent; null when only the creation in it succeeded
     */
    void delivered(
            ContactState sent, List<Layer> layers, Contact reached, @Nullable Added added, @Nullable Batch batch) {
        Learned learned = identify(sent, reached);
        ContactState contact = sent.current();
        long now = loop.millis();
        for (Layer layer : layers) {
            contact.deliver(layer, now);
            if (layer.body() instanceof ChangeBody.Create) {
                layer.added(added != null ? added : new Added(id(contact), Added.How.EXISTED));
                whenReached.accept(contact);
            } else if (contact.id() != null && settling > 0) {
                layer.reached(contact.id());
            }
        }
        if (batch != null && batch.delete()) {
            String id = contact.id();
            if (id != null) {
                visible.deleted(id, contact.address());
            }
            contacts.deleted(contact);
        } else {
            visible.delivered(contact, layers);
        }
        List<Layer> others = layers.stream()
                .flatMap(layer -> queues.takeOthers(contact, layer).stream())
                .toList();
        Address former = contact.address();
        if (batch != null) {
            batch.apply().forEach(this::nowExists);
            learned = moved(contact, batch.fields().get(emailField), queues.lastMove(layers), learned);
        }
        place(others);
        tellHeirs(contact, former, layers);
        outbox.decided(layers.size());
        metrics.batch(connection, "delivered", layers.size());
        write(progress(layers, settling == 0), learned).onComplete(written -> layers.forEach(Layer::tell));
        loop.after(settling + 1, () -> settle(contact.current()));
    }

    /** The CRM has created the contact, but has not done what was to follow. */
    void reached(ContactState contact, Contact reached) {
        write(List.of(), identify(contact, reached));
        whenReached.accept(contact.current());
    }

    private static String id(ContactState contact) {
        String id = contact.id();
        return id == null ? "" : id;
    }

    /** What the CRM's answer to a delivery tells of the contact's id: its queue, its overlay and what is cached are moved under that. */
    private Learned identify(ContactState contact, Contact reached) {
        String id = reached.id();
        if (id == null || id.equals(contact.id())) {
            return Learned.NOTHING;
        }
        List<Rename> changed = new ArrayList<>();
        if (renames.isFormer(id)) {
            changed.add(inUseAgain(id));
        }
        String former = contact.id() == null ? contact.lostId() : contact.id();
        if (former != null && !former.equals(id)) {
            changed.addAll(rename(contact, former, id));
        }
        Address address = contact.address();
        if (address == null) {
            return new Learned(List.of(), changed);
        }
        visible.shown(address, id);
        contacts.learn(address, id);
        visible.accepted(contact.current());
        return new Learned(List.of(new Alias(address.key(), id, loop.millis())), changed);
    }

    /** The CRM has given a contact an address before, and another id with it: the answer was lost. */
    void foundMoved(ContactState contact, Address address, String id) {
        Learned learned = identify(contact, new Contact(id, address.written()));
        write(List.of(), moved(contact.current(), Value.text(address.written()), 0, learned));
    }

    /**
     * The contact has another address now: nobody is to be found under the old one by memory alone, and what a restart remembers last is the new one,
     * also where the old one was learned by the same answer.
     *
     * @param change the number of the change that gives it that address; 0 where that is not delivered yet
     */
    private Learned moved(ContactState contact, @Nullable Value newEmail, long change, Learned learned) {
        Address old = contact.address();
        String id = contact.id();
        Address moved =
                newEmail == null ? null : Address.parse(newEmail.asText()).orElse(null);
        if (moved == null) {
            return learned;
        }
        readdress(contact, old, moved, change);
        if (moved.equals(old)) {
            return learned;
        }
        contacts.moved(contact, old, moved);
        if (id == null) {
            return learned;
        }
        visible.moved(old, moved, id);
        List<Alias> aliases = new ArrayList<>(learned.aliases());
        aliases.add(new Alias(moved.key(), id, loop.millis() + 1));
        return new Learned(aliases, learned.renames());
    }

    /** What waits under another address, which it had or had for a while, is not to be taken for changes of whoever gets that next. */
    private void readdress(ContactState contact, @Nullable Address old, Address moved, long change) {
        List<Layer> own = contact.waiting().stream()
                .filter(layer -> Queues.isBy(layer, old) || layer.seq() < change || Queues.isKnownElsewhere(layer))
                .filter(layer -> !Queues.isBy(layer, moved))
                .toList();
        if (!own.isEmpty()) {
            own.forEach(layer -> layer.addressed(moved.written()));
            loop.bring(store.identify(connection, numbers(own), moved.written(), null))
                    .onFailure(this::unwritten);
        }
    }

    /** Puts what is another contact's where it belongs. */
    void sortOut(ContactState contact) {
        place(queues.misplaced(contact));
    }

    /** Puts changes where they belong now. */
    private void place(List<Layer> layers) {
        for (Layer layer : layers) {
            ContactState state = queues.of(layer);
            state.await(layer);
            visible.accepted(state);
            whenChanged.accept(state);
        }
    }

    /** Who has waited for what was decided goes on. */
    private void tellHeirs(ContactState contact, @Nullable Address former, List<Layer> decided) {
        for (ContactState heir : queues.heirs(contact, former, decided)) {
            if (heir.failures() == 0) {
                heir.notBefore(0);
                whenChanged.accept(heir);
            }
        }
    }

    private void nowExists(Tag tag) {
        if (tags.book().resolve(tag.name()) instanceof Resolution.Unknown) {
            tags.join(tag);
        }
    }

    /**
     * The CRM has queued these changes.
     *
     * @param job to be polled; null where there is nothing to poll
     * @param until when they are done, or given up, in milliseconds since 1970
     */
    void accepted(List<Layer> layers, @Nullable String job, long until) {
        long now = loop.millis();
        layers.forEach(layer -> layer.accepted(job, until, now));
        metrics.batch(connection, "accepted", layers.size());
        write(progress(layers, false), Learned.NOTHING);
    }

    /** These changes wait, and for what: in an outage, a hundred thousand for the same, which is kept once. */
    void waiting(List<Layer> layers, String why) {
        long now = loop.millis();
        String reason = why.equals(lastReason) ? lastReason : why;
        lastReason = reason;
        layers.forEach(layer -> layer.waiting(reason, now));
        metrics.batch(connection, "again", layers.size());
        write(progress(layers, false), Learned.NOTHING);
    }

    /** The CRM will never take this change. */
    void dead(ContactState contact, Layer layer, JsonObject problem) {
        if (!contact.waiting().contains(layer)) {
            return;
        }
        contact.refuse(layer);
        place(queues.takeOthers(contact, layer));
        tellHeirs(contact, null, List.of(layer));
        layer.dead(problem, loop.millis());
        visible.doubt(contact);
        visible.accepted(contact);
        outbox.died();
        metrics.batch(connection, "dead", 1);
        LOG.warn("{}: operation {} is a dead letter: {}", connection, layer.operation(), problem.getString("type"));
        write(progress(List.of(layer), true), Learned.NOTHING).onComplete(written -> layer.tell());
    }

    /** Lets go of delivered changes that every load under way has seen. */
    public void settle(ContactState contact) {
        assert loop.isHere();
        if (!contact.delivered().isEmpty()) {
            settleDelivered(contact);
        }
        if (contact.formerId() != null
                && contact.delivered().stream().noneMatch(layer -> layer.body() instanceof ChangeBody.Delete)) {
            contacts.forgetFormerId(contact);
        }
        contacts.release(contact);
    }

    private void settleDelivered(ContactState contact) {
        long now = loop.millis();
        List<Layer> settled = contact.settle(layer -> {
            long seenAfter = layer.since() + settling;
            return now > seenAfter && !isLoading.test(contact, seenAfter);
        });
        if (settling > 0 && !settled.isEmpty()) {
            write(progress(settled, true), Learned.NOTHING);
        }
    }

    private static List<Progress> progress(List<Layer> layers, boolean settled) {
        return layers.stream().map(layer -> layer.progress(settled)).toList();
    }

    /** What could not be written down is repeated after a restart: a change is never lost by it, and at the worst delivered twice. */
    private Future<Void> write(List<Progress> progress, Learned learned) {
        assert loop.isHere();
        return loop.bring(store.record(connection, progress, learned))
                .onFailure(this::unwritten)
                .otherwiseEmpty();
    }

    private void unwritten(Throwable failure) {
        LOG.warn("{}: the store could not write down what became of changes", connection, failure);
    }
}
