@NullMarked
package io.crmux.gateway.load;

import org.jspecify.annotations.NullMarked;
