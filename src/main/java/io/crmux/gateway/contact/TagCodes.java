package io.crmux.gateway.contact;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Numbers for tags, so that a contact's tags take two bytes each. A number is never taken back, hence there are at most so many as a short tells apart,
 * and none for a very long tag: what has no number is kept as text.
 */
final class TagCodes {

    /** No number. */
    static final int NONE = -1;

    private static final int MOST = 1 << Short.SIZE;
    private static final int LONGEST = 100;

    private static final ConcurrentMap<String, Integer> CODES = new ConcurrentHashMap<>();
    private static volatile String[] texts = new String[256];

    private TagCodes() {}

    /** The number of a tag, from 0 up, or {@link #NONE}. */
    static int of(String tag) {
        Integer known = CODES.get(tag);
        if (known != null) {
            return known;
        }
        return tag.length() > LONGEST || CODES.size() >= MOST ? NONE : add(tag);
    }

    private static synchronized int add(String tag) {
        Integer known = CODES.get(tag);
        if (known != null) {
            return known;
        }
        int code = CODES.size();
        if (code == MOST) {
            return NONE;
        }
        String[] grown = code < texts.length ? texts : Arrays.copyOf(texts, 2 * texts.length);
        grown[code] = tag;
        texts = grown;
        CODES.put(tag, code);
        return code;
    }

    /** The tag of a number, as a short keeps it. */
    static String text(short code) {
        return texts[code & 0xffff];
    }
}
