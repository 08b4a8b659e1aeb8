/** The commands of the command line; with {@code Main} the only place that wires everything together. */
@NullMarked
package io.crmux.command;

import org.jspecify.annotations.NullMarked;
