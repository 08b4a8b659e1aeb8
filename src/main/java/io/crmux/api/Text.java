package io.crmux.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-decoding, once, of UTF-8. */
final class Text {

    private Text() {}

    /** Decodes a segment of a path: a plus is a plus. */
    static String segment(String encoded) {
        return encoded.indexOf('%') < 0 ? encoded : decode(encoded, false);
    }

    /** Decodes a part of a query: a plus is a blank. */
    static String form(String encoded) {
        return encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0 ? encoded : decode(encoded, true);
    }

    private static String decode(String encoded, boolean plusIsBlank) {
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.put((byte) (digit(encoded, i + 1) << 4 | digit(encoded, i + 2)));
                i += 2;
            } else {
                bytes.put((byte) (plusIsBlank && c == '+' ? ' ' : c));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw Problem.malformed("a percent-encoded part of the address is not UTF-8")
                    .failure();
        }
    }

    private static int digit(String encoded, int at) {
        int digit = at < encoded.length() ? Character.digit(encoded.charAt(at), 16) : -1;
        if (digit < 0) {
            throw Problem.malformed("a percent sign in the address must be followed by two hexadecimal digits")
                    .failure();
        }
        return digit;
    }
}
