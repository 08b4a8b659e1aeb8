@NullMarked
package io.crmux.connector.kit;

import org.jspecify.annotations.NullMarked;
