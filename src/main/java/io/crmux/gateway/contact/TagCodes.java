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

    /** Those of which all sets of this process are made, whatever loop they are made or read on. */
    static final TagCodes SHARED = new TagCodes(256);

    private final ConcurrentMap<String, Integer> codes = new ConcurrentHashMap<>();
    private volatile String[] texts;

    /** @param places for so many tags there is room before it grows */
    TagCodes(int places) {
        texts = new String[places];
    }

    /** The number of a tag, from 0 up, or {@link #NONE}. */
    int of(String tag) {
        Integer known = codes.get(tag);
        if (known != null) {
            return known;
        }
        return tag.length() > LONGEST || codes.size() >= MOST ? NONE : add(tag);
    }

    private synchronized int add(String tag) {
        Integer known = codes.get(tag);
        if (known != null) {
            return known;
        }
        int code = codes.size();
        if (code == MOST) {
            return NONE;
        }
        String[] grown = code < texts.length ? texts : Arrays.copyOf(texts, 2 * texts.length);
        grown[code] = tag;
        texts = grown;
        codes.put(tag, code);
        return code;
    }

    /** The tag of a number, as a short keeps it. */
    String text(short code) {
        return texts[code & 0xffff];
    }
}
