@NullMarked
package io.crmux.gateway;

import org.jspecify.annotations.NullMarked;
