package io.crmux.store;

import java.sql.SQLException;

/** What went wrong, in the words of the store's contract. */
final class Failures {

    private static final int PRIMARY_CODE = 0xff;
    private static final int SQLITE_FULL = 13;

    private Failures() {}

    static StoreException of(Throwable cause) {
        if (cause instanceof StoreException said) {
            return said;
        }
        if (cause instanceof SQLException sql && (sql.getErrorCode() & PRIMARY_CODE) == SQLITE_FULL) {
            return new StoreFullException("the store is full", cause);
        }
        return new StoreException("the store fails: " + cause.getMessage(), cause);
    }
}
