package io.crmux.gateway.delivery;

import io.crmux.crm.Loop;
import io.crmux.gateway.contact.ContactState;
import org.jspecify.annotations.Nullable;

/** When which contact is due. One timer, however many contacts wait. */
final class Agenda {

    private final Loop loop;
    private final Runnable whenDue;
    private final DueHeap contacts = new DueHeap();
    private long turns;
    private Loop.@Nullable Timer timer;
    private long timerAt = ContactState.NEVER;

    Agenda(Loop loop, Runnable whenDue) {
        this.loop = loop;
        this.whenDue = whenDue;
    }

    /** Makes a contact due at that time (milliseconds since 1970), in place of the time noted before. */
    void note(ContactState contact, long at) {
        if (contact.dueAt() == at) {
            return;
        }
        strike(contact);
        contact.due(at, turns++);
        contacts.add(contact);
        arm();
    }

    /** Takes a contact off. */
    void strike(ContactState contact) {
        if (contact.dueAt() != ContactState.NEVER) {
            contacts.remove(contact);
            contact.due(ContactState.NEVER, 0);
        }
    }

    /** Takes the contact off that is due first; null when none is due yet. */
    @Nullable
    ContactState next() {
        ContactState first = contacts.first();
        if (first == null || first.dueAt() > loop.millis()) {
            arm();
            return null;
        }
        strike(first);
        return first;
    }

    /** Whether a contact is due now. */
    boolean hasDue() {
        return firstDueAt() <= loop.millis();
    }

    private long firstDueAt() {
        ContactState first = contacts.first();
        return first == null ? ContactState.NEVER : first.dueAt();
    }

    private void arm() {
        long first = firstDueAt();
        if (first >= timerAt) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        timerAt = first;
        timer = loop.after(Math.max(0, first - loop.millis()), () -> {
            timer = null;
            timerAt = ContactState.NEVER;
            whenDue.run();
        });
    }
}
