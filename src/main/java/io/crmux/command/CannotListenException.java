package io.crmux.command;

/** The address cannot be listened on: another process does, or it is none of this machine's. */
final class CannotListenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotListenException(String host, int port, Throwable cause) {
        super("cannot listen on " + host + ":" + port + ": " + cause.getMessage(), cause);
    }
}
