package io.crmux.crm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a long answer.
 *
 * @param cursor what to ask for next; null at the end
 */
public record Page<T>(List<T> items, @Nullable String cursor) {

    public Page {
        items = List.copyOf(items);
    }
}
