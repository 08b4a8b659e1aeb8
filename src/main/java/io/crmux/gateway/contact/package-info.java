/** What is known of contacts: the visible values that reads answer, and the changes that are laid over what the CRM last told. */
@NullMarked
package io.crmux.gateway.contact;

import org.jspecify.annotations.NullMarked;
