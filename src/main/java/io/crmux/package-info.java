/** The command line, and the only place that wires everything together. */
@NullMarked
package io.crmux;

import org.jspecify.annotations.NullMarked;
