package io.crmux.gateway.contact;

/**
 * A contact's tags as reads answer them.
 *
 * @param id the contact's id
 * @param known what the CRM last told, with what was delivered since folded in
 * @param visible the same with the overlay laid on
 */
public record VisibleTags(String id, TagSet known, TagSet visible) {

    private static final int BYTES = 24;

    /** About so many bytes of heap. */
    public int bytes() {
        return BYTES + visible.bytes() + (known == visible ? 0 : known.bytes());
    }
}
