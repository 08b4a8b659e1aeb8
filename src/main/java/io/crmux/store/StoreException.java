package io.crmux.store;

import org.jspecify.annotations.Nullable;

/** The store could not do what it was asked: it is full, failing or closed. Nothing that was accepted before is touched. */
public sealed class StoreException extends RuntimeException
        permits StoreFullException, SupersededException, StoreLockedException {

    private static final long serialVersionUID = 1L;

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
