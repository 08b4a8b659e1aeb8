@NullMarked
package io.crmux.telemetry;

import org.jspecify.annotations.NullMarked;
