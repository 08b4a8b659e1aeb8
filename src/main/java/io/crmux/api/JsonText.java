package io.crmux.api;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON by hand, where an answer is so frequent that a tree of it costs too much: UTF-8, and no surrogate ever. Each thread has one, whose array is
 * used again and again, so that an answer takes its own bytes of the heap and no more.
 */
final class JsonText {

    private static final ThreadLocal<JsonText> OF_THREAD = ThreadLocal.withInitial(JsonText::new);
    private static final String HEX = "0123456789abcdef";
    private static final int USUAL_BYTES = 1 << 10;
    private static final int KEPT_BYTES = 64 << 10;
    /** Of an escaped character, which is the longest. */
    private static final int CHARACTER_BYTES = 6;

    private byte[] bytes = new byte[USUAL_BYTES];
    private int length;

    private JsonText() {}

    /** The thread's own, empty: to be ended before another is begun. */
    static JsonText begin() {
        JsonText json = OF_THREAD.get();
        json.length = 0;
        return json;
    }

    /** Appends ASCII as it is. */
    JsonText raw(String ascii) {
        reserve(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    /** Appends a number of sixteen hexadecimal digits. */
    JsonText hex(long number) {
        reserve(Long.BYTES * 2);
        for (int shift = 60; shift >= 0; shift -= 4) {
            digit(number >>> shift);
        }
        return this;
    }

    /** Appends a string, or {@code null}. */
    JsonText string(@Nullable CharSequence text) {
        if (text == null) {
            return raw("null");
        }
        reserve(CHARACTER_BYTES * text.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            character(text.charAt(i));
        }
        bytes[length++] = '"';
        return this;
    }

    /** Appends an array of strings. */
    JsonText strings(List<String> texts) {
        raw("[");
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                raw(",");
            }
            string(texts.get(i));
        }
        return raw("]");
    }

    /** What was written, as it is sent. */
    Buffer toBuffer() {
        Buffer written = Buffer.buffer(length).appendBytes(bytes, 0, length);
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[USUAL_BYTES];
        }
        return written;
    }

    /** What was written, if it is ASCII. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    private void character(char c) {
        if (c < ' ' || Character.isSurrogate(c)) {
            escaped(c);
        } else if (c == '"' || c == '\\') {
            bytes[length++] = '\\';
            bytes[length++] = (byte) c;
        } else if (c < 0x80) {
            bytes[length++] = (byte) c;
        } else if (c < 0x800) {
            bytes[length++] = (byte) (0xc0 | c >> 6);
            bytes[length++] = (byte) (0x80 | c & 0x3f);
        } else {
            bytes[length++] = (byte) (0xe0 | c >> 12);
            bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | c & 0x3f);
        }
    }

    private void escaped(char c) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            digit(c >>> shift);
        }
    }

    private void digit(long number) {
        bytes[length++] = (byte) HEX.charAt((int) (number & 0xf));
    }
}
