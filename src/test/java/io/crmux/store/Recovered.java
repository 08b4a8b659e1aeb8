package io.crmux.store;

import java.util.List;

/**
 * What the store remembers of a connection when the process starts.
 *
 * @param unsettled every change that is not settled, in order of acceptance
 * @param aliases of the contacts of these changes at least
 * @param renames all of them, oldest first
 */
public record Recovered(List<StoredChange> unsettled, List<Alias> aliases, List<Rename> renames) {}
