package io.crmux.gateway.delivery;

import io.crmux.crm.Batch;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Layer;
import java.util.List;

/**
 * A batch that is ready to be sent.
 *
 * @param layers the changes in it, in order of acceptance
 */
record Prepared(ContactState contact, List<Layer> layers, Batch batch) {}
