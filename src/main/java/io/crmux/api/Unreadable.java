package io.crmux.api;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/** The problem that is answered where a request could not even be read. */
final class Unreadable {

    private Unreadable() {}

    static Problem problem(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(414, "too-large", "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException) {
            return Problem.of(431, "too-large", "the headers are too long");
        }
        return Problem.malformed("this is not HTTP/1.1 as RFC 9112 has it");
    }
}
