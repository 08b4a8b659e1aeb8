/** Loads from the CRM: equal ones are one, fresh ones are spared, stale ones are answered with a refresh behind them. */
@NullMarked
package io.crmux.gateway.load;

import org.jspecify.annotations.NullMarked;
