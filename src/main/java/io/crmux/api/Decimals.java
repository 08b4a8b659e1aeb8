package io.crmux.api;

import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Numbers at the end of a header's value: the small ones, which are sent again and again, are made once. */
final class Decimals {

    /** Numbers alone. */
    static final Decimals ALONE = new Decimals("");

    private static final int SMALL = 4096;

    private final String before;
    private final AtomicReferenceArray<@Nullable CharSequence> small = new AtomicReferenceArray<>(SMALL);

    /** @param before what stands before the number */
    Decimals(String before) {
        this.before = before;
    }

    /** The value with this number. */
    CharSequence of(long number) {
        if (number < 0 || number >= SMALL) {
            return before + number;
        }
        CharSequence known = small.getPlain((int) number);
        if (known == null) {
            known = HttpHeaders.createOptimized(before + number);
            small.setRelease((int) number, known);
        }
        return known;
    }
}
