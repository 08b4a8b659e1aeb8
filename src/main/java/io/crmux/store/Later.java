package io.crmux.store;

import java.util.List;

/**
 * Changes of contacts that were accepted after another one.
 *
 * @param changes in order of acceptance
 * @param lookedUpTo the number of the last change of all that was there
 */
public record Later(List<StoredChange> changes, long lookedUpTo) {}
