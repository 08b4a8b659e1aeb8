@NullMarked
package io.crmux;

import org.jspecify.annotations.NullMarked;
