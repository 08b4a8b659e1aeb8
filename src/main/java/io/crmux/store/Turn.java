package io.crmux.store;

/** Something that ends, in order of the calls, when the transaction before it has ended. */
interface Turn {

    /** Tells the caller, or lets begin what has waited for the writes before it. */
    void end();
}
