/** Reads crmux.yaml into the options records of the other packages. */
@NullMarked
package io.crmux.config;

import org.jspecify.annotations.NullMarked;
