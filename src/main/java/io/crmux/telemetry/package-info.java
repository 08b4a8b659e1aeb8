/** What crmux tells of itself: metrics, the access log. */
@NullMarked
package io.crmux.telemetry;

import org.jspecify.annotations.NullMarked;
