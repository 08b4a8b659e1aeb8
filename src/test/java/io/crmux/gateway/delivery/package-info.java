@NullMarked
package io.crmux.gateway.delivery;

import org.jspecify.annotations.NullMarked;
