package io.crmux.store;

import io.crmux.crm.Tag;
import java.util.List;

/**
 * A connection's tags, as the CRM last told.
 *
 * @param loaded when the load began: milliseconds since 1970
 */
public record TagList(List<Tag> tags, long loaded) {

    public TagList {
        tags = List.copyOf(tags);
    }
}
