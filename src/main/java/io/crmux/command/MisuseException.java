package io.crmux.command;

/** The command line cannot be understood. */
final class MisuseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MisuseException(String message) {
        super(message);
    }
}
