package io.crmux.gateway.delivery;

import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Loop;
import io.crmux.crm.Outcome;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits;
import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Layer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of batches that failed: their changes wait and are tried again, in the same way or in another, or are given up. Lives on the connection's loop. */
final class FailedBatches {

    private static final Logger LOG = LoggerFactory.getLogger(FailedBatches.class);
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final Loop loop;
    private final Traits traits;
    private final Duration keep;
    private final Identification identification;
    private final Identification.LookUp lookUp;
    private final Ledger ledger;
    private final Outage outage;
    private final RandomGenerator random;
    private final String connection;
    private final Consumer<ContactState> whenKnown;

    /**
     * The failed batches of one connection.
     *
     * @param keep for how long changes are tried
     * @param whenKnown told when it turned out after the fact what becomes of a contact, which was busy until then
     */
    FailedBatches(
            Loop loop,
            Traits traits,
            Duration keep,
            Identification identification,
            Identification.LookUp lookUp,
            Ledger ledger,
            Outage outage,
            RandomGenerator random,
            String connection,
            Consumer<ContactState> whenKnown) {
        this.loop = loop;
        this.traits = traits;
        this.keep = keep;
        this.identification = identification;
        this.lookUp = lookUp;
        this.ledger = ledger;
        this.outage = outage;
        this.random = random;
        this.connection = connection;
        this.whenKnown = whenKnown;
    }

    /**
     * A batch was sent and has failed.
     *
     * @param inCompany whether others went with it
     */
    void failed(ContactState sent, Prepared prepared, Outcome.Failed failed, boolean inCompany) {
        CrmException failure = failed.failure();
        List<Layer> layers = left(sent, prepared, failed);
        ContactState contact = sent.current();
        if (layers.isEmpty()) {
            return;
        }
        if (prepared.batch().create() && failure.kind() == CrmException.Kind.DUPLICATE) {
            existing(contact, layers, failure);
        } else if (Identification.mayCreate(layers) && failure.kind() == CrmException.Kind.NOT_FOUND) {
            ledger.forgetId(contact);
            again(contact, layers, 0, "the contact that was known by this address is gone: it is created anew");
        } else if (inCompany && !failure.kind().retry()) {
            contact.aloneUpTo(layers.get(layers.size() - 1).seq());
            again(contact, layers, 0, "refused together with other contacts: sent alone");
        } else {
            failed(contact, layers, failure);
        }
    }

    /** What the CRM has done before the batch failed is not done again. Answers what is left. */
    private List<Layer> left(ContactState contact, Prepared prepared, Outcome.Failed failed) {
        Batch done = failed.done().done(prepared.batch());
        List<Layer> covered = Covered.by(failed.done(), prepared.layers());
        Contact reached = failed.reached() == null ? done.contact() : failed.reached();
        if (!covered.isEmpty()) {
            ledger.delivered(contact, covered, reached, failed.done().added(), done);
        } else if (failed.reached() != null) {
            ledger.reached(contact, reached);
        }
        return prepared.layers().stream()
                .filter(layer -> !covered.contains(layer))
                .toList();
    }

    /** The address is there already: the next attempt updates that contact. */
    private void existing(ContactState contact, List<Layer> layers, CrmException duplicate) {
        Address address = contact.address();
        String existing = duplicate.existingId();
        if (address == null) {
            failed(contact, layers, duplicate);
        } else if (existing != null) {
            ledger.learn(address, existing);
            again(contact.current(), layers, 0, "the contact exists: it is updated");
        } else {
            contact.busy(true);
            loop.bring(lookUp.find(address, new Trace("delivery-" + connection)))
                    .onComplete(found -> {
                        ContactState current = contact.current();
                        if (found.succeeded() && found.result().isPresent()) {
                            again(current, layers, 0, "the contact exists: it is updated");
                        } else {
                            failed(
                                    current,
                                    layers,
                                    found.succeeded()
                                            ? CrmException.unavailable(
                                                    "the CRM refuses the address as known but does not find it", null)
                                            : CrmException.of(found.cause()));
                        }
                        whenKnown.accept(current);
                    });
        }
    }

    /** Changes of a contact have failed, before they were sent or as a whole. */
    void failed(ContactState contact, List<Layer> layers, CrmException failure) {
        long age = loop.millis() - layers.get(0).acceptedAt();
        boolean isNewlyLost = contact.id() != null && !contact.wasLost();
        RetryRule.Past past = new RetryRule.Past(
                contact.failures(), age, identification.isFindable(contact, layers), isNewlyLost, layers.size());
        RetryRule.Decision decision = RetryRule.decide(
                failure, past, keep.toMillis(), traits.settling().toMillis(), random);
        LOG.debug("{}: a batch of {} changes failed ({}): {}", connection, layers.size(), failure.kind(), decision);
        if (decision instanceof RetryRule.Again again && !failure.sent() && failure.waitMillis() != null) {
            outage.pause(Math.min(LONGEST_PAUSE_MILLIS, failure.waitMillis()));
            again(contact, layers, 1, again.why());
        } else if (decision instanceof RetryRule.Again again) {
            contact.failures(contact.failures() + 1);
            if (Identification.mayCreate(layers) && failure.isUnclear() && traits.add() != Traits.Add.UPSERTS) {
                contact.hiddenUntil(loop.millis() + traits.settling().toMillis());
            }
            if (failure.kind() == CrmException.Kind.NOT_FOUND) {
                contact.wasLost(true);
                ledger.forgetId(contact);
            } else {
                expectAnotherId(contact, layers, failure);
                failing(failure, again.millis());
            }
            again(contact, layers, again.millis(), again.why());
        } else if (decision instanceof RetryRule.OneByOne oneByOne) {
            contact.aloneUpTo(layers.get(layers.size() - 1).seq());
            again(contact, layers, 0, oneByOne.why());
        } else if (decision instanceof RetryRule.GiveUp giveUp) {
            layers.forEach(layer -> ledger.dead(contact, layer, Problems.of(giveUp.type(), giveUp.why(), failure)));
        }
    }

    /** What may be done changes the contact's id: should it be lost next, that is why, and it is looked for once more. */
    private void expectAnotherId(ContactState contact, List<Layer> layers, CrmException failure) {
        if (failure.isUnclear() && identification.changesId(layers)) {
            contact.wasLost(false);
        }
    }

    private void again(ContactState contact, List<Layer> layers, long millis, String why) {
        contact.notBefore(Math.max(contact.hiddenUntil(), millis == 0 ? 0 : loop.millis() + millis));
        ledger.waiting(layers, why);
    }

    /** While the CRM rejects our credentials, one delivery in a while probes it. */
    private void failing(CrmException failure, long pauseMillis) {
        outage.failed();
        if (failure.kind() == CrmException.Kind.UNAUTHORIZED) {
            outage.pause(pauseMillis);
        }
    }
}
