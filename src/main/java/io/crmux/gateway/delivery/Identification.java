package io.crmux.gateway.delivery;

import io.crmux.crm.CrmException;
import io.crmux.crm.Loop;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits;
import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.store.Origin;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Finds out whose a batch is, before it is sent: the address where only another connection knows it, and the id where the CRM wants one. */
public final class Identification {

    /** Looks an address up in the CRM and publishes what it finds. */
    @FunctionalInterface
    public interface LookUp {

        /** The id of the address's contact; empty when there is none. */
        Future<Optional<String>> find(Address address, Trace trace);
    }

    /** Asks who a contact is that was written to elsewhere. */
    @FunctionalInterface
    public interface Origins {

        /** The contact's address; empty when it has none, or is not there any more. */
        Future<Optional<Address>> address(Origin origin, Trace trace);
    }

    private final Loop loop;
    private final Traits traits;
    private final Contacts contacts;
    private final BatchBuilder batches;
    private final LookUp lookUp;
    private final Origins origins;
    private final Ledger ledger;

    Identification(
            Loop loop,
            Traits traits,
            Contacts contacts,
            BatchBuilder batches,
            LookUp lookUp,
            Origins origins,
            Ledger ledger) {
        this.loop = loop;
        this.traits = traits;
        this.contacts = contacts;
        this.batches = batches;
        this.lookUp = lookUp;
        this.origins = origins;
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

    /** Learns what can be known of the contact of these changes. Fails with {@link CrmException.Kind#NOT_FOUND} when there is none and none is created. */
    Future<Void> of(ContactState contact, List<Layer> layers, Trace trace) {
        Origin origin = layers.isEmpty() ? null : layers.get(0).origin();
        if (contact.id() == null && contact.address() == null && origin != null) {
            return loop.bring(origins.address(origin, trace))
                    .compose(found -> found.isEmpty()
                            ? Future.failedFuture(CrmException.notFound(
                                    "no address is known of the contact of " + origin.connection()))
                            : lookUp(contacts.found(contact, found.get()), layers, trace));
        }
        return lookUp(contact, layers, trace);
    }

    private Future<Void> lookUp(ContactState contact, List<Layer> layers, Trace trace) {
        Address address = contact.address();
        boolean creates = mayCreate(layers);
        boolean lookFirst = creates
                ? traits.add() == Traits.Add.DUPLICATES || contact.isLookedUpFirst()
                : traits.address() == Traits.Address.ID;
        if (contact.id() != null || address == null || !lookFirst) {
            return Future.succeededFuture();
        }
        return loop.bring(lookUp.find(address, trace)).compose(found -> {
            if (found.isPresent() || creates) {
                return Future.succeededFuture();
            }
            return layers.get(0).origin() == null
                    ? Future.failedFuture(CrmException.notFound("the CRM knows no contact with this address"))
                    : goneAlready(contact.current(), layers);
        });
    }

    /** A deletion that is mirrored is done where the contact never was. */
    private Future<Void> goneAlready(ContactState contact, List<Layer> layers) {
        Prepared deletion = batches.rebuild(contact, layers, false);
        ledger.delivered(contact, layers, deletion.batch().contact(), null, deletion.batch());
        return Future.succeededFuture();
    }
}
