package io.crmux.store;

/**
 * A connection whose CRM, or whose account there, is another one than until now.
 *
 * @param from what it was
 * @param byAddress how many changes wait, or are dead, of contacts that are now known by their address alone
 * @param withoutAddress how many of contacts whose address is not known: they can reach nobody
 */
public record Moved(String from, long byAddress, long withoutAddress) {}
