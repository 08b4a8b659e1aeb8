package io.crmux.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Whether a request has left or is given up: one or the other, whatever threads these come from, so that nobody is told that a request was not sent
 * which is sent in the same moment.
 */
final class Departure<T> {

    private @Nullable T sent;
    private boolean over;

    /** A request is about to leave. Answers false when it must not, since nobody waits for it any more. */
    synchronized boolean leaves(T request) {
        if (over) {
            return false;
        }
        sent = request;
        return true;
    }

    /** Nobody waits any more. Answers what has left; null when nothing has, and now never will. */
    synchronized @Nullable T giveUp() {
        over = true;
        return sent;
    }
}
