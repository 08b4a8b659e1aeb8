@NullMarked
package io.crmux.gateway.fields;

import org.jspecify.annotations.NullMarked;
