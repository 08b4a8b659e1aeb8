@NullMarked
package io.crmux.gateway.tags;

import org.jspecify.annotations.NullMarked;
