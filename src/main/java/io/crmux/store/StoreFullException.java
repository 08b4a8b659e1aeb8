package io.crmux.store;

import org.jspecify.annotations.Nullable;

/** There is no room for more. What is stored can still be read, and, as long as the reserve lasts, be settled. */
public final class StoreFullException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
