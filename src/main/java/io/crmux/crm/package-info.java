/**
 * The contract between the core and the connectors. It imports no other package of crmux: everything a connector needs is here, and
 * everything the core knows of a CRM comes through here.
 */
@NullMarked
package io.crmux.crm;

import org.jspecify.annotations.NullMarked;
