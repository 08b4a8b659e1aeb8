package io.crmux.upstream;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Keeps what an operator has let a connection have, so that it outlives the process. What is kept is secret. */
public interface TokenStore {

    /** What was kept cannot be read, and could not however often it were tried. */
    final class UnreadableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** @param message what an operator can do about it */
        public UnreadableException(String message) {
            super(message, null, false, false);
        }

        String words() {
            return String.valueOf(getMessage());
        }
    }

    /** What was last kept of a connection; empty when nothing was. Fails with an {@link UnreadableException} when it cannot be read. */
    Future<Optional<JsonObject>> recover(String connection);

    /** Keeps it, in place of what was kept before. Succeeds when it would survive a crash. */
    Future<Void> keep(String connection, JsonObject token);

    /** A store that is gone when the process ends. */
    static TokenStore inMemory() {
        return new KeptInMemory();
    }
}
