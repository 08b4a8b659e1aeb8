/** A network that misbehaves on purpose, and the same way again when it is given the same seed. */
@NullMarked
package io.crmux.fault;

import org.jspecify.annotations.NullMarked;
