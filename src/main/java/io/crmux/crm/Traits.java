package io.crmux.crm;

import java.time.Duration;

/**
 * What is true of one account, and what the core must act upon.
 *
 * @param canonical which of a tag's two names reads answer
 * @param tagsIgnoreCase whether "VIP" and "vip" are one tag to the CRM
 * @param creation how a tag comes into being
 * @param add what {@link Crm#addContact} does with an address that is there already
 * @param address what connectors must be given to reach a contact
 * @param settling how long after a write the CRM's reads may still show the state before it
 * @param batchesPerCall how many batches {@link Crm#deliver} can make use of at once
 */
public record Traits(
        Canonical canonical,
        boolean tagsIgnoreCase,
        Creation creation,
        Add add,
        Address address,
        Duration settling,
        int batchesPerCall) {

    /** Which of a tag's two names is the canonical value. */
    public enum Canonical {
        NAME,
        ID
    }

    /** How a tag comes into being. */
    public enum Creation {
        /** Applying an unknown name creates it. */
        BY_APPLYING,
        /** By {@link TagCreation#addTag}. */
        BY_CALL,
        /** Not through the API. */
        NONE
    }

    /** What adding does with an address that is there already. */
    public enum Add {
        /** Fails with {@link CrmException.Kind#DUPLICATE}. */
        REFUSES,
        /** Updates that contact. */
        UPSERTS,
        /** Makes a second contact, so the core looks first. */
        DUPLICATES
    }

    /** What a contact is reached by. */
    public enum Address {
        ID,
        EMAIL,
        /** Whichever is known. */
        EITHER
    }
}
