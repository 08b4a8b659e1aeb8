/** The way of changes to the CRM: gathered per contact, merged, delivered, tried again, given up. */
@NullMarked
package io.crmux.gateway.delivery;

import org.jspecify.annotations.NullMarked;
