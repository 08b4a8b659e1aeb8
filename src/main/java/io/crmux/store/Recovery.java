package io.crmux.store;

import java.util.List;

/**
 * Is told what the store remembers of a connection when the process starts. Called on the store's thread, also with what was read ahead: a loop that
 * takes up each part by itself has turns for others in between.
 */
public interface Recovery {

    /**
     * What is known of contacts; told first, and once.
     *
     * @param aliases of the contacts of unsettled changes at least
     * @param renames all of them, oldest first
     */
    void known(List<Alias> aliases, List<Rename> renames);

    /** Some of the changes that are not settled; all parts together are in order of acceptance. */
    void unsettled(StoredChanges part);
}
