/** What a site's words for tags mean. */
@NullMarked
package io.crmux.gateway.tags;

import org.jspecify.annotations.NullMarked;
