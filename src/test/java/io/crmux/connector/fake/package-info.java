@NullMarked
package io.crmux.connector.fake;

import org.jspecify.annotations.NullMarked;
