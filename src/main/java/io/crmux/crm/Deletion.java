package io.crmux.crm;

import io.vertx.core.Future;

/** A CRM in which a contact can be deleted. */
public interface Deletion {

    /** Deletes a contact; fails with {@link CrmException.Kind#NOT_FOUND} when there is none. */
    Future<Void> deleteContact(Call call, Contact contact);
}
