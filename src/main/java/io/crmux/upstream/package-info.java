/** HTTP out: every call to a CRM leaves here, within its account's limits. */
@NullMarked
package io.crmux.upstream;

import org.jspecify.annotations.NullMarked;
