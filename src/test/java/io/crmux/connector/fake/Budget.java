package io.crmux.connector.fake;

/**
 * How many calls a fake CRM has counted in its window. It has no clock: each call is the first of a window, until a test opens one that lasts until the test
 * ends it.
 */
public final class Budget {

    private boolean isOpen;
    private int calls;

    /** A window begins, in which others have called so often. */
    public synchronized void open(int others) {
        isOpen = true;
        calls = others;
    }

    /** The window ends. */
    public synchronized void end() {
        isOpen = false;
        calls = 0;
    }

    /** Counts a call; answers with how many were counted, this one included. */
    synchronized int count() {
        calls = isOpen ? calls + 1 : 1;
        return calls;
    }
}
