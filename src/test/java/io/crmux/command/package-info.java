@NullMarked
package io.crmux.command;

import org.jspecify.annotations.NullMarked;
