/** One file per CRM, all alike. */
@NullMarked
package io.crmux.connector;

import org.jspecify.annotations.NullMarked;
