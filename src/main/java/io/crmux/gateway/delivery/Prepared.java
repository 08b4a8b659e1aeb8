package io.crmux.gateway.delivery;

import io.crmux.crm.Batch;
import io.crmux.crm.Operation;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Layer;
import java.util.List;

/**
 * A batch that is ready to be sent.
 *
 * @param layers the changes in it, in order of acceptance
 */
record Prepared(ContactState contact, List<Layer> layers, Batch batch) {

    /** What the most of it is. */
    Operation operation() {
        if (batch.delete()) {
            return Operation.DELETE_CONTACT;
        }
        if (batch.create()) {
            return Operation.ADD_CONTACT;
        }
        if (!batch.fields().isEmpty()) {
            return Operation.UPDATE_CONTACT;
        }
        if (!batch.apply().isEmpty()) {
            return Operation.APPLY_TAGS;
        }
        return batch.remove().isEmpty() ? Operation.TRACK_EVENT : Operation.REMOVE_TAGS;
    }
}
