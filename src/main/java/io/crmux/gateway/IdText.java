package io.crmux.gateway;

import org.jspecify.annotations.Nullable;

/** A contact's id as a text, also where it is kept as a number: one thread's own, which is another id after the next look-up. */
final class IdText implements CharSequence {

    private static final int MOST_DIGITS = 19;

    private final char[] digits = new char[MOST_DIGITS];
    private @Nullable String text = "";
    private int begin;

    void is(String id) {
        text = id;
    }

    /** @param id not negative */
    void is(long id) {
        text = null;
        begin = MOST_DIGITS;
        long rest = id;
        do {
            digits[--begin] = (char) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
    }

    @Override
    public int length() {
        return text == null ? MOST_DIGITS - begin : text.length();
    }

    @Override
    public char charAt(int index) {
        return text == null ? digits[begin + index] : text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return toString().subSequence(start, end);
    }

    @Override
    public String toString() {
        return text == null ? new String(digits, begin, MOST_DIGITS - begin) : text;
    }
}
