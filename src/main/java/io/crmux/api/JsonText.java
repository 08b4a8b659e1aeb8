package io.crmux.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes JSON by hand, where an answer is so frequent that a tree of it costs too much. ASCII where the text is, and no surrogate ever. */
final class JsonText {

    static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /** Appends a string, or {@code null}. */
    static void string(StringBuilder json, @Nullable String text) {
        if (text == null) {
            json.append("null");
            return;
        }
        json.append('"');
        if (isPlain(text)) {
            json.append(text);
        } else {
            escaped(json, text);
        }
        json.append('"');
    }

    /** Appends an array of strings. */
    static void strings(StringBuilder json, List<String> texts) {
        json.append('[');
        for (int i = 0; i < texts.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            string(json, texts.get(i));
        }
        json.append(']');
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c);
    }

    private static void escaped(StringBuilder json, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                json.append(c);
            } else if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else {
                json.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    json.append(HEX.charAt(c >> shift & 0xf));
                }
            }
        }
    }
}
