package io.crmux.gateway.delivery;

import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Loop;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits;
import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.store.ChangeBody;
import io.crmux.store.Origin;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Finds out whose a batch is, before it is sent: the address where only another connection knows it, and the id where the CRM wants one. */
public final class Identification {

    /** Looks an address up in the CRM and publishes what it finds. */
    @FunctionalInterface
    public interface LookUp {

        /** The id of the address's contact; empty when there is none. */
        Future<Optional<String>> find(Address address, Trace trace);
    }

    /** The other connections: those whose writes are mirrored here, and those that mirror the writes to this one. */
    public interface Others {

        /** The address of a contact that was written to elsewhere; empty when it has none, or is not there any more. */
        Future<Optional<Address>> address(Origin origin, Trace trace);

        /**
         * The addresses that a contact which was written to elsewhere has there by now, or is about to get there, in that order, beside the one that it
         * was written to under. Its CRM is asked only where nothing is known.
         */
        Future<List<Address>> furtherAddresses(Origin origin, Address known, Trace trace);

        /** Whether anybody mirrors this connection. */
        boolean isMirrored();

        /**
         * Tells a contact's address to whoever mirrors this connection and would have to ask for it: before it is deleted here or gets another, after
         * which nobody can answer. Succeeds when it is written down, and also when the contact has no address.
         *
         * @param id its id here
         * @param contact whose address is asked for where it is not known
         * @param goes whether it is about to be deleted
         */
        Future<Void> introduce(String id, ContactState contact, boolean goes, Trace trace);
    }

    private final Loop loop;
    private final Crm crm;
    private final Traits traits;
    private final Contacts contacts;
    private final Queues queues;
    private final BatchBuilder batches;
    private final LookUp lookUp;
    private final Others others;
    private final Ledger ledger;

    Identification(
            Loop loop,
            Crm crm,
            Contacts contacts,
            Queues queues,
            BatchBuilder batches,
            LookUp lookUp,
            Others others,
            Ledger ledger) {
        this.loop = loop;
        this.crm = crm;
        this.traits = crm.traits();
        this.contacts = contacts;
        this.queues = queues;
        this.batches = batches;
        this.lookUp = lookUp;
        this.others = others;
        this.ledger = ledger;
    }

    /** Whether the contact is created by changes if there is none. */
    static boolean mayCreate(List<Layer> layers) {
        for (Layer layer : layers) {
            if (layer.mayCreate()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Learns what can be known of the contact of these changes, and passes on what will not be known any more when they are delivered. Fails with
     * {@link CrmException.Kind#NOT_FOUND} when there is no such contact and none is created.
     */
    Future<Void> of(ContactState contact, List<Layer> layers, Trace trace) {
        Future<Void> learned = learn(contact, layers, trace);
        if (layers.stream().noneMatch(this::endsWhatMirrorsKnow)) {
            return learned;
        }
        boolean goes = layers.stream().anyMatch(layer -> layer.body() instanceof ChangeBody.Delete);
        return learned.compose(done -> introduce(contact.current(), goes, trace));
    }

    /** Whether nobody can be asked after a change for the address by which mirrors find the contact. */
    private boolean endsWhatMirrorsKnow(Layer layer) {
        return others.isMirrored() && (layer.body() instanceof ChangeBody.Delete || batches.moves(layer));
    }

    private Future<Void> introduce(ContactState contact, boolean goes, Trace trace) {
        String id = contact.id();
        return id == null ? Future.succeededFuture() : loop.bring(others.introduce(id, contact, goes, trace));
    }

    /**
     * What may be sent of changes when some of them came while others were identified: nothing from the first on after which nobody could be asked for
     * the address any more.
     */
    List<Layer> introduced(List<Layer> layers, List<Layer> identified) {
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            if (endsWhatMirrorsKnow(layer) && !identified.contains(layer)) {
                return layers.subList(0, i);
            }
        }
        return layers;
    }

    private Future<Void> learn(ContactState contact, List<Layer> layers, Trace trace) {
        Origin origin = layers.isEmpty() ? null : layers.get(0).origin();
        if (contact.id() == null && contact.address() == null && origin != null) {
            return loop.bring(others.address(origin, trace))
                    .compose(found -> lookUp(addressed(contact.current(), origin, found), layers, trace));
        }
        return lookUp(contact, layers, trace);
    }

    /** It may have been introduced while its address was asked for. */
    private ContactState addressed(ContactState contact, Origin origin, Optional<Address> found) {
        if (contact.address() != null) {
            return contact;
        }
        return contacts.found(
                contact,
                found.orElseThrow(
                        () -> CrmException.notFound("no address is known of the contact of " + origin.connection())));
    }

    private Future<Void> lookUp(ContactState contact, List<Layer> layers, Trace trace) {
        Address address = contact.address();
        boolean creates = mayCreate(layers);
        Origin origin = layers.stream()
                .map(Layer::origin)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        List<Address> next = mayHaveMoved(contact) ? queues.next(contact, layers) : List.of();
        boolean isToBeFound = !next.isEmpty() || (address != null && isLookedUpFirst(contact, creates, origin));
        if (contact.id() != null || !isToBeFound) {
            return Future.succeededFuture();
        }
        return found(address, trace)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(true)
                        : origin == null || address == null
                                ? isOneOf(
                                        contact,
                                        next.iterator(),
                                        trace,
                                        (to, id) -> ledger.foundMoved(contact.current(), to, id))
                                : isFurther(contact, origin, address, trace))
                .compose(isThere -> {
                    if (isThere || creates) {
                        return Future.succeededFuture();
                    }
                    return layers.get(0).origin() == null
                            ? Future.failedFuture(CrmException.notFound("the CRM knows no contact with this address"))
                            : goneAlready(contact.current(), layers);
                });
    }

    private boolean isLookedUpFirst(ContactState contact, boolean creates, @Nullable Origin origin) {
        return origin != null
                || (creates
                        ? traits.add() == Traits.Add.DUPLICATES || contact.isLookedUpFirst()
                        : traits.address() == Traits.Address.ID);
    }

    private Future<Optional<String>> found(@Nullable Address address, Trace trace) {
        return address == null ? Future.succeededFuture(Optional.empty()) : loop.bring(lookUp.find(address, trace));
    }

    /** Whether there is an address under which a contact may be found that the CRM does not know by its id. */
    boolean isFindable(ContactState contact, List<Layer> layers) {
        return contact.address() != null || changesId(layers);
    }

    /** Whether the contact has another id when these are done. */
    boolean changesId(List<Layer> layers) {
        return crm.areIdsOfAddresses() && layers.stream().anyMatch(batches::moves);
    }

    /** A change of address may have been done whose answer was lost: then it has the id that is made of the new one. */
    private boolean mayHaveMoved(ContactState contact) {
        return contact.lostId() != null && crm.areIdsOfAddresses();
    }

    /**
     * A change of address may be done here, while the connection where it came from still waits for its CRM, or has it since.
     */
    private Future<Boolean> isFurther(ContactState contact, Origin origin, Address known, Trace trace) {
        return loop.bring(others.furtherAddresses(origin, known, trace))
                .compose(further -> isOneOf(contact, further.iterator(), trace, (address, id) -> {
                    contacts.found(contact.current(), address);
                    ledger.learn(address, id);
                }));
    }

    /** An address that is another contact's, or about to be, is not looked up. */
    private Future<Boolean> isOneOf(
            ContactState contact, Iterator<Address> addresses, Trace trace, BiConsumer<Address, String> whenFound) {
        if (!addresses.hasNext()) {
            return Future.succeededFuture(false);
        }
        Address next = addresses.next();
        if (contacts.holding(next).stream().anyMatch(other -> !contact.current().isWhoever(other))) {
            return isOneOf(contact, addresses, trace, whenFound);
        }
        return loop.bring(lookUp.find(next, trace)).compose(found -> {
            found.ifPresent(id -> whenFound.accept(next, id));
            return found.isPresent() ? Future.succeededFuture(true) : isOneOf(contact, addresses, trace, whenFound);
        });
    }

    /** A deletion that is mirrored is done where the contact never was. */
    private Future<Void> goneAlready(ContactState contact, List<Layer> layers) {
        Prepared deletion = batches.rebuild(contact, layers, false);
        ledger.delivered(contact, layers, deletion.batch().contact(), null, deletion.batch());
        return Future.succeededFuture();
    }
}
