/** HTTP in: routes, keys, problems, OpenAPI. */
@NullMarked
package io.crmux.api;

import org.jspecify.annotations.NullMarked;
