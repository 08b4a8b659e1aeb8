@NullMarked
package io.crmux.gateway.contact;

import org.jspecify.annotations.NullMarked;
