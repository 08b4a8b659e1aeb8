package io.crmux.store;

/**
 * An accepted change, synced to disk.
 *
 * @param seq its place in the order of acceptance: greater than those of all changes accepted before it, in all connections
 */
public record Change(long seq, NewChange accepted) {}
