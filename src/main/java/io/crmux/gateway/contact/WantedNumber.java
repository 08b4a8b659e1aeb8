package io.crmux.gateway.contact;

import org.jspecify.annotations.Nullable;

/**
 * A number that a map of numbers is asked for, in place of one that is made for the question: each thread has one, which is used again and again. A map
 * asks the key that is wanted whether it equals one that is there, never the other way round; it must not be kept in a map itself.
 */
final class WantedNumber {

    private static final ThreadLocal<WantedNumber> OF_THREAD = ThreadLocal.withInitial(WantedNumber::new);

    private long number;

    private WantedNumber() {}

    /** The thread's own, as this number: until it is another one. */
    static WantedNumber of(long number) {
        WantedNumber wanted = OF_THREAD.get();
        wanted.number = number;
        return wanted;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Long kept && kept == number;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
