package io.crmux.gateway.tags;

import io.crmux.crm.Tag;
import java.util.List;

/** What a site's word for a tag means. */
public sealed interface Resolution {

    /** A tag of the list. */
    record Known(Tag tag, String value) implements Resolution {}

    /** Several tags of the list have this name. */
    record Ambiguous(List<Tag> tags) implements Resolution {}

    /** The list has no such tag. */
    record Unknown() implements Resolution {}
}
