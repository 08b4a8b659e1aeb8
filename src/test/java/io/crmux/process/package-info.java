/** Tests of the whole product: the jar as a process of its own, over HTTP. */
@NullMarked
package io.crmux.process;

import org.jspecify.annotations.NullMarked;
