@NullMarked
package io.crmux.connector;

import org.jspecify.annotations.NullMarked;
