package io.crmux.crm;

import org.jspecify.annotations.Nullable;

/** How far one batch has come while it is delivered step by step. */
final class Progress {

    Contact contact;

    @Nullable
    Added added;

    boolean removals;
    boolean applications;
    int events;
    private boolean fields;

    Progress(Contact contact) {
        this.contact = contact;
    }

    void created(Added how) {
        added = how;
        fields = true;
        contact = new Contact(how.id(), contact.email());
    }

    Void updated(Contact now) {
        contact = now;
        fields = true;
        return null;
    }

    /** Fields and tags went together. */
    Void changed(Contact now) {
        removals = true;
        applications = true;
        return updated(now);
    }

    /** The contact, when it was created or has another id since. */
    @Nullable
    Contact reached(Batch batch) {
        return added == null && contact.equals(batch.contact()) ? null : contact;
    }

    Steps steps() {
        return new Steps(added, fields, removals, applications, events);
    }
}
