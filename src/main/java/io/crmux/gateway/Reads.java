package io.crmux.gateway;

import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Field;
import io.crmux.crm.Lane;
import io.crmux.crm.Loaded;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Tag;
import io.crmux.crm.Trace;
import io.crmux.crm.Value;
import io.crmux.gateway.contact.ContactMemory;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.FoundContact;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.TagSet;
import io.crmux.gateway.contact.VisibleContacts;
import io.crmux.gateway.contact.VisibleTags;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.gateway.load.Ages;
import io.crmux.gateway.load.Cells;
import io.crmux.gateway.load.Entry;
import io.crmux.gateway.load.Loads;
import io.crmux.gateway.load.Patience;
import io.crmux.gateway.load.Read;
import io.crmux.gateway.load.ReadThrough;
import io.crmux.gateway.load.SingleCell;
import io.crmux.gateway.load.Whole;
import io.crmux.gateway.tags.TagBook;
import io.crmux.gateway.tags.TagLists;
import io.crmux.store.ChangeBody;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a connection. {@link #peekTags} may be called on any thread, everything else on the connection's loop.
 *
 * <p>A read by address is two reads: address to id, id to tags. Both have an age of their own, and the answer is as old as the older of them.
 */
final class Reads {

    private final Loop loop;
    private final Crm crm;
    private final LookUps lookUps;
    private final Contacts contacts;
    private final ContactMemory memory;
    private final VisibleContacts visible;
    private final TagLists tagLists;
    private final FieldMap fieldMap;
    private final long settling;
    private final BiFunction<String, Long, String> present;
    private final BiConsumer<Address, String> whenFound;
    private final BiConsumer<Address, String> whenShown;
    private final ReadThrough<Address, String> ids;
    private final ReadThrough<String, VisibleTags> tags;
    private final ReadThrough<Whole, List<Field>> fields;
    private final Cells<Whole, List<Field>> fieldCell = new SingleCell<>();
    private final Loads<String, Loaded> contactLoads;

    /**
     * The reads of one connection.
     *
     * @param present the id that a contact has now, by the one that an answer names which was asked for at a time, milliseconds since 1970
     * @param whenFound told when a look-up has found an address's contact, and has published it
     * @param whenShown told when another answer of the CRM shows that an address is a contact's
     * @param whenLoaded told when a load of a contact has ended that has unsettled changes
     */
    Reads(
            Loop loop,
            Ages ages,
            Crm crm,
            LookUps lookUps,
            Contacts contacts,
            VisibleContacts visible,
            ContactMemory memory,
            TagLists tagLists,
            FieldMap fieldMap,
            BiFunction<String, Long, String> present,
            BiConsumer<Address, String> whenFound,
            BiConsumer<Address, String> whenShown,
            Consumer<ContactState> whenLoaded,
            Metrics metrics,
            String connection,
            int waiting) {
        this.loop = loop;
        this.crm = crm;
        this.lookUps = lookUps;
        this.contacts = contacts;
        this.memory = memory;
        this.visible = visible;
        this.tagLists = tagLists;
        this.fieldMap = fieldMap;
        this.settling = crm.traits().settling().toMillis();
        this.present = present;
        this.whenFound = whenFound;
        this.whenShown = whenShown;
        Consumer<String> idLoaded = id -> tell(contacts.byId(id), whenLoaded);
        this.ids = new ReadThrough<>(
                loop,
                ages,
                memory.ids(),
                Operation.GET_CONTACT_ID,
                this::lookUp,
                address -> tell(contacts.byEmail(address.key()), whenLoaded),
                metrics,
                connection,
                waiting);
        this.tags = new ReadThrough<>(
                loop, ages, memory.tags(), Operation.GET_TAGS, this::loadTags, idLoaded, metrics, connection, waiting);
        this.fields = new ReadThrough<>(
                loop,
                ages,
                fieldCell,
                Operation.SYNC_CRM_FIELDS,
                (whole, call) -> loadFields(call),
                ended -> {},
                metrics,
                connection,
                waiting);
        this.contactLoads = new Loads<>(
                loop,
                Operation.LOAD_CONTACT,
                (id, call) -> crm.loadContact(call, contact(id)),
                id -> metrics.load(connection, Operation.LOAD_CONTACT.toString()),
                idLoaded);
    }

    private static Refusal noSuchContact() {
        return Refusal.of(Refusal.Reason.CONTACT_NOT_FOUND, "the CRM has no such contact");
    }

    private static void tell(@Nullable ContactState state, Consumer<ContactState> listener) {
        if (state != null) {
            listener.accept(state);
        }
    }

    // ---- from memory

    /** See {@link Connection#peekTags}. */
    boolean peekTags(ContactRef contact, KnownTags known) {
        long now = loop.millis();
        if (contact instanceof ContactRef.ById byId) {
            return peekTags(byId.id(), tags.peek(byId.id(), now), now, known);
        }
        Address address = ((ContactRef.ByEmail) contact).address();
        FoundContact found = known.found();
        if (memory.find(address, found)) {
            return peekTags(found, now, known);
        }
        Entry<String> id = ids.peek(address, now);
        if (id == null || id.value() == null || !peekTags(id.value(), tags.peek(id.value(), now), now, known)) {
            return false;
        }
        ids.answered(id, now);
        known.restOn(Ages.age(id, now), ids.ttl(id, now), ids.isDoubtful(id, now));
        return true;
    }

    private boolean peekTags(FoundContact found, long now, KnownTags known) {
        long learned = found.learned();
        if (!ids.isFresh(learned, now) || !peekTags(found.key(), tags.usable(found.tags(), now), now, known)) {
            return false;
        }
        ids.answeredFresh();
        known.restOn(Ages.age(learned, now), ids.ttl(learned, now), false);
        return true;
    }

    private boolean peekTags(Object id, @Nullable Entry<VisibleTags> entry, long now, KnownTags known) {
        VisibleTags value = entry == null ? null : entry.value();
        if (entry == null || value == null) {
            return false;
        }
        tags.answered(entry, now);
        known.are(id, value.visible(), Ages.age(entry, now), tags.ttl(entry, now), tags.isDoubtful(entry, now));
        return true;
    }

    // ---- contacts

    Future<Cached<ContactTags>> getContactId(ContactRef contact, Freshness asked, Trace trace) {
        if (contact instanceof ContactRef.ByEmail byEmail) {
            Cached<ContactTags> pending = pendingCreation(byEmail.address());
            if (pending != null) {
                return Future.succeededFuture(pending);
            }
            return ids.read(byEmail.address(), asked, Lane.VISITOR, trace)
                    .compose(id -> id.value() == null
                            ? absent(byEmail.address())
                            : Future.succeededFuture(id.showing(new ContactTags(present(id.value()), List.of()))));
        }
        return getTags(contact, asked, trace);
    }

    Future<Cached<ContactTags>> getTags(ContactRef contact, Freshness asked, Trace trace) {
        if (contact instanceof ContactRef.ById byId) {
            return tags.read(byId.id(), asked, Lane.VISITOR, trace).compose(read -> {
                VisibleTags value = read.value();
                return value == null
                        ? Future.failedFuture(noSuchContact())
                        : Future.succeededFuture(shown(read, byId.id(), value));
            });
        }
        Address address = ((ContactRef.ByEmail) contact).address();
        Cached<ContactTags> pending = pendingCreation(address);
        if (pending != null) {
            return Future.succeededFuture(pending);
        }
        return ids.read(address, asked, Lane.VISITOR, trace)
                .compose(id -> id.value() == null ? absent(address) : tagsOf(id, id.value(), address, asked, trace));
    }

    private Future<Cached<ContactTags>> tagsOf(
            Read<String> rest, String told, Address address, Freshness asked, Trace trace) {
        String id = present(told);
        return tags.read(id, asked, Lane.VISITOR, trace).compose(read -> {
            VisibleTags value = read.value();
            if (value != null) {
                return Future.succeededFuture(shown(read.restingOn(rest), id, value));
            }
            return rest.hit() && !asked.onlyIfCached() && !isDeleted(address)
                    ? lookUpAgain(address, id, trace)
                    : Future.failedFuture(noSuchContact());
        });
    }

    /** The id that a contact has now, by one that it had at any time. */
    private String present(String id) {
        return present.apply(id, Long.MIN_VALUE);
    }

    /** The contact that was known by this address is gone: another may have the address now. */
    private Future<Cached<ContactTags>> lookUpAgain(Address address, String goneId, Trace trace) {
        Freshness anew = new Freshness(0, 0, true, false);
        return ids.read(address, anew, Lane.VISITOR, trace).compose(id -> {
            if (id.value() == null || id.value().equals(goneId)) {
                return Future.failedFuture(noSuchContact());
            }
            return tagsOf(id, id.value(), address, Freshness.ANY, trace);
        });
    }

    private boolean isDeleted(Address address) {
        ContactState state = contacts.byEmail(address.key());
        return state != null && state.isDeletionPending();
    }

    /** Nobody in the CRM has the address: but a creation may have been accepted while it was looked up. */
    private Future<Cached<ContactTags>> absent(Address address) {
        Cached<ContactTags> pending = pendingCreation(address);
        return pending == null ? Future.failedFuture(noSuchContact()) : Future.succeededFuture(pending);
    }

    /** What is answered of a contact that is only going to be created; null when it is not so. */
    private @Nullable Cached<ContactTags> pendingCreation(Address address) {
        ContactState state = contacts.byEmail(address.key());
        if (state == null || !state.isCreationPending() || state.id() != null || knownId(address) != null) {
            return null;
        }
        TagSet accepted = state.tagsOfCreation(tagLists.book());
        return new Cached<>(new ContactTags(null, accepted.values()), true, false, 0, 0, false);
    }

    /** The id that the address is known to have, however old the knowledge; null when it is not known to have one. */
    @Nullable
    String knownId(Address address) {
        Entry<String> entry = ids.kept(address);
        return entry == null || entry.value() == null ? null : present(entry.value());
    }

    /** Whether the CRM is freshly known to have no such contact, and nothing is going to create it. */
    boolean isKnownAbsent(ContactRef contact) {
        ContactState state = contacts.find(contact);
        if (contact instanceof ContactRef.ById byId) {
            Entry<VisibleTags> known = tags.peek(byId.id(), loop.millis());
            boolean former = state != null && byId.id().equals(state.formerId());
            return former || (state != null && state.isDeletionPending()) || (known != null && known.value() == null);
        }
        if (state != null && (state.isCreationPending() || state.isDeletionPending())) {
            return state.isDeletionPending();
        }
        Address address = ((ContactRef.ByEmail) contact).address();
        Entry<String> known = ids.peek(address, loop.millis());
        return known != null
                && known.value() == null
                && contacts.heading(address).isEmpty();
    }

    /** Looks an address up for a delivery: only what began now will do. Reads do not see a contact whose deletion waits, but its queue has learned its id. */
    Future<Optional<String>> find(Address address, Trace trace) {
        return ids.read(address, new Freshness(0, 0, true, false), Lane.WRITE, trace)
                .compose(read -> read.hit()
                        ? Future.failedFuture(CrmException.unavailable("the address could not be looked up", null))
                        : Future.succeededFuture(
                                Optional.ofNullable(read.value() == null ? pendingId(address) : read.value())));
    }

    private @Nullable String pendingId(Address address) {
        ContactState state = contacts.byEmail(address.key());
        return state == null ? null : state.id();
    }

    private Future<Entry<String>> lookUp(Address address, Call call) {
        return lookUps.find(address, call).map(found -> {
            long began = found.began();
            String told = found.id() == null ? null : present.apply(found.id(), began);
            String id = told == null || hasLeft(told, address, began) ? null : told;
            Entry<String> entry = visible.lookedUp(address, id, began);
            String inCrm = visible.inCrm(address, id, began);
            if (inCrm != null) {
                whenFound.accept(address, inCrm);
            }
            return entry;
        });
    }

    /** Whether an answer takes an address for a contact's that had it before, since it may not have seen that this was changed. */
    private boolean hasLeft(String id, Address address, long began) {
        ContactState state = contacts.byId(id);
        return state != null
                && !address.equals(state.address())
                && state.mayHaveMissed(layer -> fieldMap.moves(layer.body()), began, settling);
    }

    private Future<Entry<VisibleTags>> loadTags(String id, Call call) {
        long began = loop.millis();
        return loop.bring(crm.getTags(call, contact(id)))
                .map(loaded -> visible.tagsLoaded(id, tagSet(loaded), began))
                .recover(failure -> CrmException.of(failure).kind() == CrmException.Kind.NOT_FOUND
                        ? Future.succeededFuture(visible.tagsLoaded(id, null, began))
                        : Future.failedFuture(failure));
    }

    private TagSet tagSet(Set<Tag> loaded) {
        TagBook book = tagLists.book();
        return TagSet.of(loaded.stream().map(book::value).toList());
    }

    private Contact contact(String id) {
        ContactState state = contacts.byId(id);
        Address address = state == null ? null : state.address();
        return new Contact(id, address == null ? null : address.written());
    }

    private static Cached<ContactTags> shown(Read<?> read, String id, VisibleTags value) {
        return read.showing(new ContactTags(id, value.visible().values()));
    }

    /** Whether a load of the contact is under way that began by that time. */
    boolean isLoading(ContactState contact, long beganBy) {
        String id = contact.id();
        String formerId = contact.formerId();
        Address address = contact.address();
        return (id != null && (tags.beganBy(id, beganBy) || contactLoads.beganBy(id, beganBy)))
                || (formerId != null && tags.beganBy(formerId, beganBy))
                || (address != null && ids.beganBy(address, beganBy));
    }

    /** The address that a contact has, from memory or by loading it; empty when it has none, or there is no such contact. */
    Future<Optional<Address>> addressOf(String id, Trace trace) {
        Address known = visible.addressOf(id);
        if (known != null) {
            return Future.succeededFuture(Optional.of(known));
        }
        return loop.bring(contactLoads.join(id, false, Lane.WRITE, trace).result())
                .map(loaded -> Optional.ofNullable(loaded.contact().email()).flatMap(Address::parse))
                .recover(failure -> CrmException.of(failure).kind() == CrmException.Kind.NOT_FOUND
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    // ---- whole contacts

    Future<ContactFields> loadContact(ContactRef contact, boolean map, Trace trace) {
        if (contact instanceof ContactRef.ById byId) {
            return loadContact(byId.id(), map, trace);
        }
        Address address = ((ContactRef.ByEmail) contact).address();
        if (pendingCreation(address) != null) {
            return Future.succeededFuture(fieldsOfCreation(address, map));
        }
        return ids.read(address, Freshness.ANY, Lane.VISITOR, trace).compose(id -> {
            if (id.value() != null) {
                return loadContact(present(id.value()), map, trace);
            }
            return pendingCreation(address) == null
                    ? Future.failedFuture(noSuchContact())
                    : Future.succeededFuture(fieldsOfCreation(address, map));
        });
    }

    private Future<ContactFields> loadContact(String id, boolean map, Trace trace) {
        ContactState before = contacts.byId(id);
        if (before != null && (before.isDeletionPending() || id.equals(before.formerId()))) {
            return Future.failedFuture(noSuchContact());
        }
        long asked = loop.millis();
        Loads.Joined<Loaded> joined = contactLoads.join(id, false, Lane.VISITOR, trace);
        return Patience.within(loop, Patience.VISITOR_MILLIS, joined.result())
                .map(loaded -> overlaid(loaded, id, joined.collapsed() ? Long.MIN_VALUE : asked, map))
                .recover(failure ->
                        failure instanceof CrmException crmFailure && crmFailure.kind() == CrmException.Kind.NOT_FOUND
                                ? Future.failedFuture(noSuchContact())
                                : Future.failedFuture(failure));
    }

    private ContactFields overlaid(Loaded loaded, String id, long began, boolean map) {
        Map<String, Value> values = new LinkedHashMap<>(loaded.fields());
        ContactState state = contacts.byId(id);
        if (state != null) {
            lay(state.over(began, settling), values);
        }
        String email = loaded.contact().email();
        if (email != null) {
            Address.parse(email).ifPresent(address -> whenShown.accept(address, id));
        }
        return new ContactFields(id, fieldMap.toSite(values, map));
    }

    private ContactFields fieldsOfCreation(Address address, boolean map) {
        Map<String, Value> values = new LinkedHashMap<>();
        ContactState state = contacts.byEmail(address.key());
        if (state != null) {
            lay(state.waiting(), values);
        }
        return new ContactFields(null, fieldMap.toSite(values, map));
    }

    private void lay(List<Layer> layers, Map<String, Value> values) {
        for (Layer layer : layers) {
            if (layer.body() instanceof ChangeBody.Create create) {
                lay(create.fields(), create.map(), values);
            } else if (layer.body() instanceof ChangeBody.Update update) {
                lay(update.fields(), update.map(), values);
            } else if (layer.body() instanceof ChangeBody.Delete) {
                values.clear();
            }
        }
    }

    private void lay(JsonObject said, boolean map, Map<String, Value> values) {
        fieldMap.toCrm(said, map).values().forEach((field, value) -> {
            if (value instanceof Value.Cleared) {
                values.remove(field);
            } else {
                values.put(field, value);
            }
        });
    }

    // ---- lists

    Future<Cached<List<Field>>> syncCrmFields(Freshness asked, Trace trace) {
        return fields.read(Whole.LIST, asked, Lane.VISITOR, trace)
                .map(read -> read.showing(read.value() == null ? List.of() : read.value()));
    }

    private Future<Entry<List<Field>>> loadFields(Call call) {
        long began = loop.millis();
        return loop.bring(crm.syncCrmFields(call)).map(loaded -> {
            Entry<List<Field>> entry = Entry.loaded(loaded, began);
            fieldCell.put(Whole.LIST, entry);
            return entry;
        });
    }

    Future<Cached<List<TagEntry>>> syncTags(Freshness asked, Trace trace) {
        return tagLists.read(asked, Lane.VISITOR, trace).map(read -> {
            TagBook book = tagLists.book();
            return read.showing(book.tags().stream()
                    .map(tag -> new TagEntry(book.value(tag), tag))
                    .toList());
        });
    }

    // ---- forgetting

    void purge() {
        visible.purge();
        ids.purge();
        tagLists.purge();
        fieldCell.drop(Whole.LIST);
    }

    void purge(ContactRef contact) {
        ContactState state = contacts.find(contact);
        if (contact instanceof ContactRef.ById byId) {
            visible.purge(byId.id());
        } else {
            Address address = ((ContactRef.ByEmail) contact).address();
            visible.purge(address);
            String id = state == null || state.id() == null ? knownId(address) : state.id();
            if (id != null) {
                visible.purge(id);
            }
        }
    }
}
