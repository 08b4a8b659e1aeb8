package io.crmux.gateway.delivery;

import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Outcome;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits;
import io.crmux.gateway.Address;
import io.crmux.gateway.BatchOptions;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.gateway.tags.TagLists;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings accepted changes to the CRM. Lives on the connection's loop.
 *
 * <p>A contact is due a little while after its first waiting change, when nothing of it is under way. Due contacts are started as places become free,
 * and only then are their changes merged: the longer the wait, the fewer the calls. A start has up to three steps: the address is looked up where the
 * CRM wants an id; missing tags are made; the batch is sent. Whatever happens, the contact's state decides what is next, so that a start which fails
 * at any step is simply made again when its time has come.
 */
public final class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final long CALL_MILLIS = 60_000;
    private static final long RESTART_SPREAD_MILLIS = 5_000;
    private static final String HELD = "another contact, which still has the address that this one is to get";
    private static final long HELD_MILLIS = 1_000;
    private static final int SLICE = 200;
    /** Whoever starts has more to do at first, and nobody waits for what has waited over a restart. */
    private static final long RESUME_MILLIS = 500;

    private final Loop loop;
    private final Crm crm;
    private final Traits traits;
    private final BatchOptions options;
    private final int concurrent;
    private final Contacts contacts;
    private final BatchBuilder batches;
    private final Identification.LookUp lookUp;
    private final Identification identification;
    private final Ledger ledger;
    private final Queues queues;
    private final AcceptedBatches acceptedBatches;
    private final FailedBatches failedBatches;
    private final RandomGenerator random;
    private final DueContacts dueContacts;
    private final Outage outage;
    private final String connection;
    private int sending;
    private boolean starting;
    private @Nullable Promise<Void> drained;

    /**
     * The deliveries of one connection.
     *
     * @param concurrent how many may be under way at once
     */
    public Deliveries(
            Loop loop,
            Crm crm,
            BatchOptions options,
            int concurrent,
            Contacts contacts,
            TagLists tags,
            FieldMap fields,
            Identification.LookUp lookUp,
            Identification.Others others,
            Ledger ledger,
            Queues queues,
            RandomGenerator random,
            String connection) {
        this.loop = loop;
        this.crm = crm;
        this.traits = crm.traits();
        this.options = options;
        this.concurrent = concurrent;
        this.contacts = contacts;
        this.batches = new BatchBuilder(tags, fields, traits.creation());
        this.lookUp = lookUp;
        this.ledger = ledger;
        this.queues = queues;
        this.random = random;
        this.connection = connection;
        this.identification = new Identification(loop, crm, contacts, queues, batches, lookUp, others, ledger);
        this.dueContacts = new DueContacts(loop, crm, options.linger(), this::start);
        this.outage = new Outage(loop, this::start);
        this.failedBatches = new FailedBatches(
                loop, traits, options.keep(), identification, lookUp, ledger, outage, random, connection, this::end);
        this.acceptedBatches = new AcceptedBatches(loop, crm, connection, this::ended);
        ledger.whenChanged(this::wake);
    }

    /** Something about a contact has changed: says anew when it is due. */
    public void wake(ContactState contact) {
        assert loop.isHere();
        if (contact.isBusy() || contact.waiting().isEmpty()) {
            dueContacts.strike(contact);
            contacts.release(contact);
            return;
        }
        dueContacts.note(contact);
        start();
    }

    /** Makes due everything that is not backing off; the future succeeds when nothing is left of it. */
    public Future<Void> drain() {
        dueContacts.hurry();
        if (drained == null) {
            drained = Promise.promise();
            contacts.all().forEach(this::wake);
            endDrain();
        }
        return drained.future();
    }

    private void endDrain() {
        if (drained != null && sending == 0 && dueContacts.isEmpty()) {
            drained.tryComplete();
        }
    }

    /** Fills the free places. Called from within itself when a start ends at once: the outer call goes on then. */
    private void start() {
        if (starting || outage.isPaused()) {
            return;
        }
        starting = true;
        List<ContactState> due;
        do {
            due = sending < places() ? dueContacts.take(mostTogether()) : List.of();
            if (!due.isEmpty()) {
                start(due);
            }
        } while (!due.isEmpty());
        starting = false;
        endDrain();
    }

    private int places() {
        return outage.isOn() ? 1 : concurrent;
    }

    private int mostTogether() {
        return outage.isOn() ? 1 : traits.batchesPerCall();
    }

    /** Those who do not go together are due again at once, as if they had not been taken. */
    private void start(List<ContactState> due) {
        sending++;
        Trace trace = trace();
        List<Future<Optional<Prepared>>> preparing =
                due.stream().map(contact -> prepare(contact, trace)).toList();
        Future.join(preparing).onComplete(joined -> {
            Set<Long> together = dueContacts.together(preparing.stream()
                    .map(Future::result)
                    .flatMap(Optional::stream)
                    .map(Prepared::batch)
                    .toList());
            List<Prepared> ready = new ArrayList<>();
            List<ContactState> taken = new ArrayList<>();
            List<ContactState> later = new ArrayList<>();
            for (int i = 0; i < due.size(); i++) {
                Optional<Prepared> prepared = preparing.get(i).result();
                boolean waits = prepared.isPresent()
                        && !together.contains(prepared.get().batch().id());
                (waits ? later : taken).add(due.get(i));
                if (!waits) {
                    prepared.ifPresent(ready::add);
                }
            }
            send(ready, trace).onComplete(sent -> {
                sending--;
                end(taken);
            });
            end(later);
        });
    }

    /** They are all due before the next are taken, so that those which go together are not taken one by one. */
    private void end(List<ContactState> started) {
        boolean isStarting = starting;
        starting = true;
        started.forEach(this::end);
        starting = isStarting;
        start();
    }

    private void end(ContactState started) {
        ContactState contact = started.current();
        contact.busy(false);
        contacts.release(contact);
        wake(contact);
    }

    /** Never fails: what goes wrong is noted with the contact, and there is nothing to send then. */
    private Future<Optional<Prepared>> prepare(ContactState due, Trace trace) {
        ContactState contact = queues.settled(due);
        ledger.sortOut(contact);
        List<Layer> layers = next(contact);
        if (layers.isEmpty()) {
            hold(contact);
            return Future.succeededFuture(Optional.empty());
        }
        return identification
                .of(contact, layers, trace)
                .compose(known -> batches.makeTags(layers, trace))
                .map(made -> build(contact.current(), layers))
                .recover(failure -> {
                    failedBatches.failed(contact.current(), layers, CrmException.of(failure));
                    return Future.succeededFuture(Optional.empty());
                });
    }

    private void hold(ContactState contact) {
        contact.notBefore(loop.millis() + HELD_MILLIS);
        contact.waiting().stream()
                .limit(1)
                .filter(first -> !HELD.equals(first.waitingFor()))
                .forEach(first -> ledger.waiting(List.of(first), HELD));
    }

    private List<Layer> next(ContactState contact) {
        return queues.own(contact, Merger.next(contact.waiting(), batches.book(), contact.aloneUpTo()));
    }

    /** Merges anew: while the address was looked up, changes may have come, or another queue may have joined. */
    private Optional<Prepared> build(ContactState contact, List<Layer> identified) {
        assert loop.isHere();
        List<Layer> layers = identification.introduced(next(contact), identified);
        if (layers.isEmpty() || contact.isBusyTwice()) {
            return Optional.empty();
        }
        BatchBuilder.Built built =
                batches.build(contact, layers, contact.id() == null && Identification.mayCreate(layers));
        built.culprits().forEach(culprit -> ledger.dead(contact, culprit.layer(), culprit.problem()));
        return Optional.ofNullable(built.prepared());
    }

    private Future<Void> send(List<Prepared> ready, Trace trace) {
        if (ready.isEmpty()) {
            return Future.succeededFuture();
        }
        ready.forEach(prepared -> prepared.layers().forEach(Layer::sending));
        Call call = new Call(
                Lane.WRITE, Deadline.in(loop, CALL_MILLIS), ready.get(0).operation(), trace);
        List<Batch> sent = ready.stream().map(Prepared::batch).toList();
        return loop.bring(deliver(call, sent))
                .otherwise(failure -> sent.stream()
                        .<Outcome>map(batch -> new Outcome.Failed(batch, CrmException.of(failure)))
                        .toList())
                .map(outcomes -> {
                    for (int i = 0; i < ready.size(); i++) {
                        settle(ready.get(i), outcomes.get(i), ready.size() > 1);
                    }
                    return null;
                });
    }

    /** A connector that throws has failed like one whose future fails. */
    private Future<List<Outcome>> deliver(Call call, List<Batch> sent) {
        return Future.succeededFuture().compose(now -> crm.deliver(call, sent));
    }

    private void settle(Prepared prepared, Outcome outcome, boolean inCompany) {
        ContactState contact = prepared.contact().current();
        if (outcome instanceof Outcome.Done done) {
            delivered(contact, prepared, done);
        } else if (outcome instanceof Outcome.Failed failed) {
            failedBatches.failed(contact, prepared, failed, inCompany);
        } else if (outcome instanceof Outcome.Accepted accepted) {
            accepted(contact, prepared, accepted);
        }
    }

    /** The contact stays closed until the CRM has done what it has queued. */
    private void accepted(ContactState contact, Prepared prepared, Outcome.Accepted accepted) {
        Duration wait = accepted.settles() == null ? options.keep() : accepted.settles();
        long until = loop.millis() + wait.toMillis();
        contact.busy(true);
        ledger.accepted(prepared.layers(), accepted.job(), until);
        acceptedBatches.watch(prepared, accepted.job(), until);
        succeeded();
    }

    private void ended(Prepared prepared, @Nullable CrmException failure, boolean inCompany) {
        Batch batch = prepared.batch();
        Future<Contact> reached = failure == null ? created(prepared) : Future.failedFuture(failure);
        reached.onComplete(known -> {
            ContactState contact = prepared.contact().current();
            if (known.succeeded()) {
                delivered(contact, prepared, new Outcome.Done(batch, known.result(), null));
            } else {
                failedBatches.failed(
                        contact, prepared, new Outcome.Failed(batch, CrmException.of(known.cause())), inCompany);
            }
            end(prepared.contact());
        });
    }

    /** The id of a contact that the CRM has created behind a job is looked up. */
    private Future<Contact> created(Prepared prepared) {
        Contact contact = prepared.batch().contact();
        Address address = prepared.contact().current().address();
        if (!prepared.batch().create() || contact.id() != null || address == null) {
            return Future.succeededFuture(contact);
        }
        prepared.contact().current().lookedUpFirst(true);
        return loop.bring(lookUp.find(address, trace()))
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(new Contact(found.get(), contact.email()))
                        : Future.failedFuture(CrmException.unavailable(
                                "the CRM has created the contact and does not show it yet", null)));
    }

    /**
     * Goes on with contacts as they were when the process ended: at once with what the CRM had queued, so that nothing overtakes it, and with what waits
     * after a moment, in slices, since so many may wait that the loop would be blocked.
     *
     * @param begun all contacts that have such changes, and any others
     */
    public void resume(Collection<ContactState> begun) {
        for (ContactState contact : begun) {
            List<Layer> queued = accepted(contact.waiting());
            if (!queued.isEmpty()) {
                contact.busy(true);
                Layer first = queued.get(0);
                acceptedBatches.watch(
                        batches.rebuild(contact, queued, contact.id() == null && Identification.mayCreate(queued)),
                        first.job(),
                        first.until());
            }
        }
        loop.after(RESUME_MILLIS, () -> inSlices(contacts.all().iterator(), this::wake));
    }

    /** A contact's creation may have been under way when the process ended: it waits for the time in which the CRM may not show it. */
    public void hide(ContactState contact) {
        if (traits.add() != Traits.Add.UPSERTS) {
            contact.hiddenUntil(loop.millis() + traits.settling().toMillis());
            contact.notBefore(contact.hiddenUntil());
        }
    }

    /** A loop and no stream: a hundred thousand may be gone through before anybody is answered. */
    private static List<Layer> accepted(List<Layer> waiting) {
        List<Layer> accepted = List.of();
        for (Layer layer : waiting) {
            if (layer.state() == ChangeState.ACCEPTED) {
                accepted = accepted.isEmpty() ? new ArrayList<>() : accepted;
                accepted.add(layer);
            }
        }
        return accepted;
    }

    private Trace trace() {
        return new Trace("delivery-" + connection);
    }

    private void delivered(ContactState contact, Prepared prepared, Outcome.Done done) {
        contact.failures(0);
        contact.notBefore(0);
        contact.lookedUpFirst(false);
        contact.wasLost(false);
        ledger.delivered(contact, prepared.layers(), done.contact(), done.added(), prepared.batch());
        succeeded();
    }

    /** The first success after an outage makes waiting contacts due, spread so that they do not come all at once. */
    private void succeeded() {
        if (outage.succeeded()) {
            LOG.info("{}: the CRM takes changes again", connection);
            inSlices(contacts.all().iterator(), this::hurry);
        }
    }

    private void hurry(ContactState contact) {
        long now = loop.millis();
        if (contact.notBefore() > now) {
            long soon = Math.min(contact.notBefore(), now + random.nextLong(RESTART_SPREAD_MILLIS));
            contact.notBefore(Math.max(soon, contact.hiddenUntil()));
            wake(contact);
        }
    }

    /** So many contacts may wait that the loop takes them in slices. */
    private void inSlices(Iterator<ContactState> contacts, Consumer<ContactState> work) {
        for (int i = 0; i < SLICE && contacts.hasNext(); i++) {
            work.accept(contacts.next().current());
        }
        if (contacts.hasNext()) {
            loop.after(1, () -> inSlices(contacts, work));
        }
    }
}
