package io.crmux.crm;

import java.util.Locale;

/** The standard operations. Their {@link #toString() names} are the ones used in the API, in logs and in metrics. */
public enum Operation {
    CONNECT,
    SYNC_TAGS,
    SYNC_CRM_FIELDS,
    GET_CONTACT_ID,
    GET_TAGS,
    APPLY_TAGS,
    REMOVE_TAGS,
    ADD_CONTACT,
    UPDATE_CONTACT,
    LOAD_CONTACT,
    LOAD_CONTACTS,
    ADD_TAG,
    SYNC_LISTS,
    TRACK_EVENT,
    DELETE_CONTACT;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name in lower case: {@code get_tags}. */
    @Override
    public String toString() {
        return word;
    }
}
