/**
 * The heart, free of HTTP and of storage: connections, visible values, coalescing, overlay, merging, delivery, recovery.
 */
@NullMarked
package io.crmux.gateway;

import org.jspecify.annotations.NullMarked;
