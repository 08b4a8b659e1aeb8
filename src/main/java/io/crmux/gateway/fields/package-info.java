/** A site's keys and values, and the CRM's. */
@NullMarked
package io.crmux.gateway.fields;

import org.jspecify.annotations.NullMarked;
