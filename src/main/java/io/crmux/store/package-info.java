/** What must outlive the process: accepted changes and their fates, aliases, tag lists. */
@NullMarked
package io.crmux.store;

import org.jspecify.annotations.NullMarked;
