/** How the store is proved. */
@NullMarked
package io.crmux.store;

import org.jspecify.annotations.NullMarked;
