package io.crmux.gateway;

import io.crmux.crm.Account;
import io.crmux.crm.Call;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Deletion;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Field;
import io.crmux.crm.Lane;
import io.crmux.crm.Lists;
import io.crmux.crm.Lists.MailingList;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Page;
import io.crmux.crm.Trace;
import io.crmux.gateway.contact.Backlog;
import io.crmux.gateway.contact.ContactMemory;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.OwnChanges;
import io.crmux.gateway.contact.Renames;
import io.crmux.gateway.contact.VisibleContacts;
import io.crmux.gateway.delivery.Deliveries;
import io.crmux.gateway.delivery.Identification;
import io.crmux.gateway.delivery.Ledger;
import io.crmux.gateway.delivery.Outbox;
import io.crmux.gateway.delivery.Queues;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.gateway.load.Ages;
import io.crmux.gateway.load.Patience;
import io.crmux.gateway.tags.TagLists;
import io.crmux.store.Alias;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.Origin;
import io.crmux.store.Recovery;
import io.crmux.store.Rename;
import io.crmux.store.Store;
import io.crmux.store.StoredChanges;
import io.crmux.store.TagList;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection at work. All its state lives on one loop: every call but {@link #peekTags} hops there, so that nothing needs a lock and everything
 * happens in one order.
 */
final class LiveConnection implements Connection, Mirrors.Mirror, Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(LiveConnection.class);

    private static final long CONNECT_MILLIS = 10_000;
    private static final long PAGE_MILLIS = 30_000;

    private final ConnectionOptions options;
    private final Descriptor descriptor;
    private final Crm crm;
    private final OtherSettings other;
    private final Store store;
    private final Loop loop;
    private final ContactMemory memory;
    private final FieldMap fieldMap;
    private final Contacts contacts;
    private final VisibleContacts visible;
    private final TagLists tagLists;
    private final TagRules tagRules;
    private final Ledger ledger;
    private final Outbox outbox;
    private final Reads reads;
    private final Writes writes;
    private final Deliveries deliveries;
    private final Fates fates;
    private final DeadLetters deadLetters;
    private final Mirrors mirrors;
    private final Renames renames = new Renames();
    private final Queues queues;

    /**
     * The contacts of changes that do more than wait: that were delivered, or queued by the CRM, or that delete. Of a hundred thousand that wait at a
     * start, most are others.
     */
    private final Set<ContactState> begun = new HashSet<>();

    /** What other connections have added while this one was recovering. */
    private final List<List<Change>> early = new ArrayList<>();

    private final Promise<Void> recovered = Promise.promise();
    private volatile boolean isRecovered;
    private long lastRecovered;
    private Map<String, Connection> others = Map.of();

    LiveConnection(
            ConnectionOptions options,
            Descriptor descriptor,
            Crm crm,
            OtherSettings other,
            Store store,
            Loop loop,
            Metrics metrics,
            RandomGenerator random) {
        this.options = options;
        this.descriptor = descriptor;
        this.crm = crm;
        this.other = other;
        this.store = store;
        this.loop = loop;
        String name = options.name();
        Ages ages = new Ages(options.cache());
        long settling = crm.traits().settling().toMillis();
        this.memory = new ContactMemory(options.cacheBytes());
        this.fieldMap = new FieldMap(descriptor.fields(), options.fields(), descriptor.countries());
        this.contacts = new Contacts(key -> knownId(key));
        this.queues = new Queues(contacts, renames, fieldMap);
        this.tagLists = new TagLists(loop, ages, crm, store, name, metrics, this::tagListChanged);
        this.tagRules = new TagRules(tagLists, crm.traits().creation());
        this.visible = new VisibleContacts(loop, memory, contacts, renames, tagLists::book, settling);
        this.outbox = new Outbox(loop, metrics, name);
        this.ledger = new Ledger(
                loop,
                store,
                contacts,
                visible,
                renames,
                queues,
                tagLists,
                outbox,
                metrics,
                name,
                settling,
                fieldMap.emailField(),
                this::isLoading);
        this.reads = new Reads(
                loop,
                ages,
                crm,
                new LookUps(loop, crm, options.concurrent(), metrics, name),
                contacts,
                visible,
                memory,
                tagLists,
                fieldMap,
                ledger::present,
                ledger::join,
                ledger::learn,
                ledger::settle,
                metrics,
                name,
                options.waiting());
        this.deliveries = new Deliveries(
                loop,
                crm,
                options.batch(),
                options.concurrent(),
                contacts,
                tagLists,
                fieldMap,
                reads::find,
                new Elsewhere(),
                ledger,
                queues,
                random,
                name);
        this.fates = new Fates(loop, store, contacts, renames, name);
        this.mirrors = new Mirrors(tagLists::book, renames::first, metrics, name);
        ledger.whenInUseAgain(mirrors::rename);
        ledger.whenReached(this::tellMirrors);
        this.writes = new Writes(
                loop,
                crm,
                store,
                contacts,
                visible,
                reads,
                tagLists,
                tagRules,
                fieldMap,
                deliveries,
                outbox,
                fates,
                new Requests(loop, store, name),
                mirrors,
                queues,
                isStaging(),
                metrics,
                name);
        this.deadLetters =
                new DeadLetters(loop, store, fates, writes, tagLists, fieldMap, renames, reads::knownId, name);
    }

    /** Gets to know the other connections, by name: some of them are its mirrors, of some of them it is one. */
    void meet(Map<String, Connection> all) {
        others = all;
        mirrors.are(options.mirrors().stream()
                .map(all::get)
                .filter(LiveConnection.class::isInstance)
                .map(LiveConnection.class::cast)
                .toList());
    }

    @Override
    public boolean isStaging() {
        return options.mode() == ConnectionOptions.Mode.STAGING;
    }

    @Override
    public void enter(List<Change> accepted) {
        loop.run(() -> {
            if (isRecovered) {
                writes.take(accepted);
            } else {
                early.add(accepted);
            }
        });
    }

    private Future<Optional<Address>> addressOf(String id, Trace trace) {
        return recovered(() -> reads.addressOf(renames.present(id), trace));
    }

    private Future<List<Address>> furtherAddresses(Origin origin, Address known, Trace trace) {
        return recovered(() -> {
            String id = origin.contactId() == null ? null : renames.present(origin.contactId());
            ContactState state = id == null ? queues.present(known) : contacts.byId(id);
            List<Address> soon = state == null
                    ? List.of()
                    : state.waiting().stream()
                            .flatMap(layer -> fieldMap.movesTo(layer.body()).stream())
                            .toList();
            Future<Optional<Address>> now = id == null ? Future.succeededFuture(Optional.empty()) : ifTold(id, trace);
            return now.map(present -> Stream.concat(present.stream(), soon.stream())
                    .distinct()
                    .filter(address -> !address.equals(known))
                    .toList());
        });
    }

    /** A contact's address; empty also where the CRM will never tell it. */
    private Future<Optional<Address>> ifTold(String id, Trace trace) {
        return reads.addressOf(id, trace)
                .recover(failure -> CrmException.of(failure).kind().retry()
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture(Optional.empty()));
    }

    /** What waits in mirrors of a contact whose id was not known is known to be its own, whoever gets its address next. */
    private void tellMirrors(ContactState contact) {
        String id = contact.id();
        Address address = contact.address();
        if (id != null && address != null && !mirrors.isEmpty()) {
            mirrors.introduce(renames.all(id), OwnChanges.of(contact, address, contacts), false)
                    .onFailure(this::unwritten);
        }
    }

    private void unwritten(Throwable failure) {
        LOG.warn("{}: the store could not write down whose changes wait", name(), failure);
    }

    /** The other connections, as deliveries see them. */
    private final class Elsewhere implements Identification.Others {

        @Override
        public Future<Optional<Address>> address(Origin origin, Trace trace) {
            String id = origin.contactId();
            return id != null && others.get(origin.connection()) instanceof LiveConnection elsewhere
                    ? elsewhere.addressOf(id, trace)
                    : Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<List<Address>> furtherAddresses(Origin origin, Address known, Trace trace) {
            return others.get(origin.connection()) instanceof LiveConnection elsewhere
                    ? elsewhere.furtherAddresses(origin, known, trace)
                    : Future.succeededFuture(List.of());
        }

        @Override
        public boolean isMirrored() {
            return !mirrors.isEmpty();
        }

        /** A CRM that will never tell the address does not keep its contact for that. */
        @Override
        public Future<Void> introduce(String id, ContactState contact, boolean goes, Trace trace) {
            Address known = contact.address();
            Future<Optional<Address>> address =
                    known != null ? Future.succeededFuture(Optional.of(known)) : ifTold(id, trace);
            return address.compose(found -> found.isPresent()
                    ? mirrors.introduce(renames.all(id), OwnChanges.of(contact.current(), found.get(), contacts), goes)
                    : Future.succeededFuture());
        }
    }

    @Override
    public Future<Void> introduce(Origin contact, Set<String> ids, OwnChanges own, boolean goes) {
        return recovered(() -> ledger.introduced(contact, ids, own, goes && crm instanceof Deletion && !isStaging()));
    }

    @Override
    public void rename(Origin former, String id) {
        recovered(() -> ledger.renamed(former, id)).onFailure(this::unwritten);
    }

    /** A contact under the id that it has now. */
    private ContactRef present(ContactRef contact) {
        return contact instanceof ContactRef.ById byId ? ContactRef.id(renames.present(byId.id())) : contact;
    }

    /** A start with many changes by address asks it of each: mostly, nothing is known then. */
    private @Nullable String knownId(String emailKey) {
        return memory.knowsNoAddress() ? null : reads.knownId(new Address(emailKey, emailKey));
    }

    private void tagListChanged() {
        visible.tagListChanged();
    }

    private boolean isLoading(ContactState contact, long beganBy) {
        return reads.isLoading(contact, beganBy);
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public boolean supports(Operation operation) {
        return descriptor.supports().contains(operation);
    }

    // ---- life

    @Override
    public Future<Void> start() {
        return loop.compose(() -> loop.bring(Future.all(store.tagList(name()), store.deadLetters(name())))
                .compose(read -> {
                    Optional<TagList> tags = read.resultAt(0);
                    tags.ifPresent(tagLists::recovered);
                    outbox.recovered(read.<Long>resultAt(1));
                    return loop.bring(store.recover(name(), this));
                })
                .<Void>map(read -> {
                    resume();
                    return null;
                })
                .onComplete(recovered));
    }

    /** Does the work on the loop, as soon as what has waited over a restart is laid on: without it, nothing would be read or written right. */
    private <T> Future<T> recovered(Supplier<Future<T>> work) {
        return loop.compose(() -> isRecovered ? work.get() : recovered.future().compose(known -> work.get()));
    }

    @Override
    public void known(List<Alias> aliases, List<Rename> changed) {
        loop.run(() -> {
            changed.forEach(renames::note);
            Set<String> found = new HashSet<>();
            aliases.stream()
                    .sorted(Comparator.comparingLong(Alias::learned).reversed())
                    .forEach(alias -> {
                        if (found.add(renames.present(alias.contactId()))) {
                            recovered(alias);
                        } else {
                            queues.formerAddress(alias.emailKey(), alias.contactId());
                        }
                    });
        });
    }

    private void recovered(Alias alias) {
        Address.parse(alias.emailKey())
                .ifPresent(address -> visible.recovered(address, alias.contactId(), alias.learned()));
    }

    @Override
    public void unsettled(StoredChanges part) {
        loop.run(() -> {
            outbox.recovered(layOn(part));
            lastRecovered = part.lastSeq();
        });
    }

    private Backlog layOn(StoredChanges part) {
        Backlog backlog = new Backlog(part);
        for (int i = 0; i < part.size(); i++) {
            ContactState contact = part.isDeferred(i) ? queues.of(part, i) : null;
            if (contact == null) {
                recover(backlog.layer(i));
            } else {
                contact.await(backlog, i, part.isCreation(i));
                hideIf(part.isCreation(i), contact);
            }
        }
        return backlog;
    }

    private void recover(Layer layer) {
        ContactState contact = writes.recover(layer);
        hideIf(layer.mayCreate() && layer.state() != ChangeState.DELIVERED, contact);
        if (layer.state() != ChangeState.QUEUED || layer.body() instanceof ChangeBody.Delete) {
            begun.add(contact);
        }
    }

    private void hideIf(boolean mayHaveBeenCreated, ContactState contact) {
        if (mayHaveBeenCreated && !isStaging()) {
            deliveries.hide(contact);
        }
    }

    private void resume() {
        queues.forgetFormerAddresses();
        Set<ContactState> doing = begun.stream().map(ContactState::current).collect(Collectors.toSet());
        begun.clear();
        (memory.isEmpty() ? doing : contacts.all()).forEach(visible::accepted);
        doing.forEach(ledger::settle);
        if (!isStaging()) {
            deliveries.resume(doing);
        } else if (unsettledContacts() > 0) {
            LOG.warn("{}: changes of {} contacts wait until the mode is live again", name(), unsettledContacts());
        }
        isRecovered = true;
        takeEarly();
    }

    /** Other connections may be at work before this one has read what waits: what they have added by then was read with it. */
    private void takeEarly() {
        early.forEach(accepted -> writes.take(
                accepted.stream().filter(change -> change.seq() > lastRecovered).toList()));
        early.clear();
    }

    @Override
    public Future<Void> stop(long millis) {
        return loop.compose(
                () -> Patience.within(loop, millis, deliveries.drain()).otherwiseEmpty());
    }

    // ---- operations

    @Override
    public Future<Account> connect(Map<String, String> otherSettings, Trace trace) {
        return loop.compose(() -> {
            Call call = call(Lane.VISITOR, CONNECT_MILLIS, Operation.CONNECT, trace);
            return (otherSettings.isEmpty() ? crm : other.open(otherSettings)).connect(call);
        });
    }

    @Override
    public Future<Cached<List<TagEntry>>> syncTags(Freshness freshness, Trace trace) {
        return recovered(() -> reads.syncTags(freshness, trace));
    }

    @Override
    public Future<AddedTag> addTag(String name, WriteOptions write) {
        return recovered(() -> writes.addTag(name, write));
    }

    @Override
    public Future<Cached<List<Field>>> syncCrmFields(Freshness freshness, Trace trace) {
        return loop.compose(() -> reads.syncCrmFields(freshness, trace));
    }

    @Override
    public Future<List<MailingList>> syncLists(Trace trace) {
        return crm instanceof Lists lists
                ? loop.compose(() -> lists.syncLists(call(Lane.VISITOR, PAGE_MILLIS, Operation.SYNC_LISTS, trace)))
                : Future.failedFuture(CrmException.unsupported(Operation.SYNC_LISTS));
    }

    @Override
    public Future<Cached<ContactTags>> getContactId(ContactRef contact, Freshness freshness, Trace trace) {
        return recovered(() -> reads.getContactId(present(contact), freshness, trace));
    }

    @Override
    public boolean peekTags(ContactRef contact, KnownTags known) {
        return isRecovered && reads.peekTags(contact, known);
    }

    @Override
    public Future<Cached<ContactTags>> getTags(ContactRef contact, Freshness freshness, Trace trace) {
        return recovered(() -> reads.getTags(present(contact), freshness, trace));
    }

    @Override
    public Future<Written> changeTags(ContactRef contact, List<String> apply, List<String> remove, WriteOptions write) {
        return recovered(() -> writes.changeTags(present(contact), apply, remove, write));
    }

    @Override
    public Future<AddedContact> addContact(JsonObject fields, boolean map, List<String> tags, WriteOptions write) {
        return recovered(() -> writes.addContact(fields, map, tags, write));
    }

    @Override
    public Future<Written> updateContact(ContactRef contact, JsonObject fields, boolean map, WriteOptions write) {
        return recovered(() -> writes.updateContact(present(contact), fields, map, write));
    }

    @Override
    public Future<ContactFields> loadContact(ContactRef contact, boolean map, Trace trace) {
        return recovered(() -> reads.loadContact(present(contact), map, trace));
    }

    @Override
    public Future<Page<String>> loadContacts(
            String tag, int limit, @Nullable String cursor, boolean bulk, Trace trace) {
        return recovered(() -> tagRules.resolve(tag, trace)
                .compose(resolved -> crm.loadContacts(
                        call(bulk ? Lane.BULK : Lane.VISITOR, PAGE_MILLIS, Operation.LOAD_CONTACTS, trace),
                        resolved,
                        limit,
                        cursor)));
    }

    @Override
    public Future<Written> trackEvent(ContactRef contact, String name, JsonObject properties, WriteOptions write) {
        return recovered(() -> writes.trackEvent(present(contact), name, properties, write));
    }

    @Override
    public Future<Written> deleteContact(ContactRef contact, WriteOptions write) {
        return recovered(() -> writes.deleteContact(present(contact), write));
    }

    /** What memory knows is answered at once; for the rest there is a hop to the loop. */
    @Override
    public Future<List<LookupRow>> lookup(List<Address> addresses, long waitMillis, Trace trace) {
        LookupRow[] rows = new LookupRow[addresses.size()];
        List<Integer> open = new ArrayList<>();
        KnownTags known = new KnownTags();
        for (int i = 0; i < rows.length; i++) {
            Address address = addresses.get(i);
            if (peekTags(ContactRef.email(address), known)) {
                rows[i] = new LookupRow(address, known.id().toString(), known.keptTags(), state(known.ttlMillis()));
            } else {
                rows[i] = new LookupRow(address, null, List.of(), LookupRow.State.PENDING);
                open.add(i);
            }
        }
        return open.isEmpty()
                ? Future.succeededFuture(List.of(rows))
                : loop.compose(() -> Patience.within(
                                loop, Math.max(1, waitMillis), recovered(() -> lookUp(open, rows, trace)))
                        .map(done -> List.of(rows))
                        .recover(failure -> failure instanceof Refusal
                                ? Future.succeededFuture(List.of(rows))
                                : Future.failedFuture(failure)));
    }

    private Future<Void> lookUp(List<Integer> open, LookupRow[] rows, Trace trace) {
        return Future.join(open.stream()
                        .map(i -> lookup(rows[i].address(), trace).<Void>map(row -> {
                            rows[i] = row;
                            return null;
                        }))
                        .toList())
                .mapEmpty();
    }

    private Future<LookupRow> lookup(Address address, Trace trace) {
        return reads.getTags(ContactRef.email(address), Freshness.ANY, trace)
                .map(read -> row(address, read))
                .otherwise(failure -> new LookupRow(
                        address,
                        null,
                        List.of(),
                        failure instanceof Refusal refusal && refusal.reason() == Refusal.Reason.CONTACT_NOT_FOUND
                                ? LookupRow.State.MISSING
                                : LookupRow.State.FAILED));
    }

    private static LookupRow row(Address address, Cached<ContactTags> read) {
        return new LookupRow(
                address,
                read.value().id(),
                read.value().tags(),
                read.value().id() == null
                        ? LookupRow.State.PENDING
                        : read.hit() ? state(read.ttlMillis()) : LookupRow.State.FRESH);
    }

    private static LookupRow.State state(long ttlMillis) {
        return ttlMillis > 0 ? LookupRow.State.FRESH : LookupRow.State.STALE;
    }

    @Override
    public Future<Fate> operation(String operation) {
        return recovered(() -> Fates.parse(operation).compose(fates::of));
    }

    @Override
    public Future<Page<Recorded>> deadLetters(@Nullable ContactRef contact, @Nullable String cursor, int limit) {
        return recovered(
                () -> deadLetters.list(ChangeState.DEAD, contact == null ? null : present(contact), cursor, limit));
    }

    @Override
    public Future<Recorded> deadLetter(String operation) {
        return recovered(() -> deadLetters.letter(operation));
    }

    @Override
    public Future<Replayed> replay(String operation) {
        return recovered(() -> deadLetters.replay(operation));
    }

    @Override
    public Future<ReplayCount> replay(DeadFilter filter) {
        return recovered(() -> deadLetters.replay(filter));
    }

    @Override
    public Future<Void> discard(String operation) {
        return recovered(() -> deadLetters.discard(operation));
    }

    @Override
    public Future<Page<Recorded>> staged(@Nullable String cursor, int limit) {
        return recovered(() -> deadLetters.list(ChangeState.STAGED, null, cursor, limit));
    }

    @Override
    public Future<Void> purge() {
        return recovered(() -> {
            reads.purge();
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<Void> purge(ContactRef contact) {
        return recovered(() -> {
            reads.purge(present(contact));
            return Future.succeededFuture();
        });
    }

    /** What reads answer from. */
    ContactMemory memory() {
        return memory;
    }

    /** How many contacts have changes that are not settled. */
    int unsettledContacts() {
        return contacts.all().size();
    }

    private Call call(Lane lane, long millis, Operation operation, Trace trace) {
        return new Call(lane, Deadline.in(loop, millis), operation, trace);
    }
}
