package io.crmux.gateway.delivery;

import io.crmux.crm.Loop;

/** Whether a CRM fails as a whole, as its deliveries tell, and whether nobody is sent for a while. Lives on the connection's loop. */
final class Outage {

    /** So many failures in a row, of whatever contacts, are the CRM's failing as a whole. */
    private static final int FAILURES = 3;

    private final Loop loop;
    private final Runnable whenResumed;
    private int failedInARow;
    private long pausedUntil;

    /** @param whenResumed told when a pause is over */
    Outage(Loop loop, Runnable whenResumed) {
        this.loop = loop;
        this.whenResumed = whenResumed;
    }

    /** While it is, one delivery at a time probes the CRM. */
    boolean isOn() {
        return failedInARow >= FAILURES;
    }

    boolean isPaused() {
        return loop.millis() < pausedUntil;
    }

    /** A delivery has failed, as it would of any contact. */
    void failed() {
        failedInARow++;
    }

    /** Nobody is sent for a while, and then one at a time until the CRM is back: what fails without having been sent tells nothing of its contact. */
    void pause(long millis) {
        failedInARow = Math.max(failedInARow, FAILURES);
        pausedUntil = loop.millis() + millis;
        loop.after(millis + 1, whenResumed);
    }

    /** A delivery has succeeded. Answers whether this has ended an outage. */
    boolean succeeded() {
        boolean wasOn = isOn();
        pausedUntil = 0;
        failedInARow = 0;
        return wasOn;
    }
}
