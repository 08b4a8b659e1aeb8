package io.crmux.gateway.contact;

/** A contact's tags as reads answer them. */
public sealed interface VisibleTags permits TagSet, OverlaidTags {

    /** What the CRM last told, with what was delivered since folded in. */
    TagSet known();

    /** The same with the overlay laid on. */
    TagSet visible();

    /** About so many bytes of heap. */
    int bytes();

    /** What is visible where an overlay may have been laid on. */
    static VisibleTags of(TagSet known, TagSet visible) {
        return known.equals(visible) ? known : new OverlaidTags(known, visible);
    }
}
