package io.crmux.store;

import java.nio.file.Path;

/** Another process, or this one, has the store open already. */
public final class StoreLockedException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreLockedException(Path store) {
        super("the store " + store + " is in use by another crmux", null);
    }
}
