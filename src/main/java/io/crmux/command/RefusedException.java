package io.crmux.command;

/** The gateway does not do what it was asked. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Whether there is nothing of that name, so that the next one may still be tried. */
    boolean isNotFound() {
        return status == 404;
    }
}
