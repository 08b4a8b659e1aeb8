package io.crmux.gateway.delivery;

import io.crmux.crm.Batch;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Crm;
import io.crmux.crm.Loop;
import io.crmux.crm.Traits;
import io.crmux.gateway.contact.ContactState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** When contacts with waiting changes are due, and which of the due are delivered together. Lives on the connection's loop. */
final class DueContacts {

    /** A delivery waits for all its look-ups: where each is a call of its own, they must not be as many as the CRM takes batches. */
    private static final int MOST_LOOK_UPS = 10;

    private final Loop loop;
    private final Crm crm;
    private final long lingerMillis;
    private final Agenda agenda;
    private final boolean looksUpOneByOne;
    private boolean hurried;

    /**
     * The contacts of one connection.
     *
     * @param linger how long a contact waits for more changes after its first one
     * @param whenDue told when a contact becomes due
     */
    DueContacts(Loop loop, Crm crm, Duration linger, Runnable whenDue) {
        this.loop = loop;
        this.crm = crm;
        this.lingerMillis = linger.toMillis();
        this.looksUpOneByOne = crm.traits().address() == Traits.Address.ID && !(crm instanceof BulkLookUp);
        this.agenda = new Agenda(loop, whenDue);
    }

    /** Says anew when a contact is due of which changes wait. */
    void note(ContactState contact) {
        agenda.note(contact, dueAt(contact));
    }

    /** A contact is not due, for now. */
    void strike(ContactState contact) {
        agenda.strike(contact);
    }

    /** From now on, nobody who is noted waits for more changes. */
    void hurry() {
        hurried = true;
    }

    /** Whether nobody is due now. */
    boolean isEmpty() {
        return !agenda.hasDue();
    }

    private long dueAt(ContactState contact) {
        return Math.max(
                contact.notBefore(),
                hurried || contact.isUrgent() ? 0 : contact.waiting().get(0).acceptedAt() + lingerMillis);
    }

    /**
     * Takes off those who may be delivered together, the first of them due first, and marks them as busy.
     *
     * @param most at most so many
     * @return none when nobody is due
     */
    List<ContactState> take(int most) {
        List<ContactState> due = new ArrayList<>();
        int lookUps = 0;
        while (due.size() < most) {
            ContactState contact = agenda.next();
            if (contact == null) {
                break;
            }
            ContactState current = contact.current();
            if (current.isBusy() || current.waiting().isEmpty()) {
                continue;
            }
            if (current.notBefore() > loop.millis()) {
                agenda.note(current, current.notBefore());
                continue;
            }
            boolean alone = goesAlone(current);
            lookUps += looksUpOneByOne && current.id() == null ? 1 : 0;
            if (!due.isEmpty() && (alone || lookUps > MOST_LOOK_UPS)) {
                note(current);
                break;
            }
            agenda.strike(current);
            current.busy(true);
            due.add(current);
            if (alone) {
                break;
            }
        }
        return due;
    }

    /** What was refused in company is sent without. */
    private static boolean goesAlone(ContactState contact) {
        return contact.waiting().get(0).seq() <= contact.aloneUpTo();
    }

    /** Of the batches of those who were taken, the ids of the ones that the connector delivers together; all, when it says nothing of use. */
    Set<Long> together(List<Batch> batches) {
        List<Batch> together = batches.size() < 2
                ? batches
                : Future.succeededFuture(batches)
                        .map(crm::together)
                        .otherwise(batches)
                        .result();
        return (together.isEmpty() ? batches : together).stream().map(Batch::id).collect(Collectors.toSet());
    }
}
