package io.crmux.crm;

import io.vertx.core.Future;

/** A CRM that records events of a contact. */
public interface Events {

    /** Records an event. Not idempotent: an event that is sent twice is recorded twice. */
    Future<Void> trackEvent(Call call, Contact contact, Event event);
}
