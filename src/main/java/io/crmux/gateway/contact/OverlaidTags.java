package io.crmux.gateway.contact;

/** The tags of a contact whose waiting changes make a difference. */
record OverlaidTags(TagSet known, TagSet visible) implements VisibleTags {

    private static final int BYTES = 24;

    @Override
    public int bytes() {
        return BYTES + visible.bytes() + known.bytes();
    }
}
