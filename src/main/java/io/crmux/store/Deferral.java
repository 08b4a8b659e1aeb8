package io.crmux.store;

/** How far a waiting change can be laid on at a start without reading all of it. */
enum Deferral {
    /** Not at all. */
    NONE,
    /** It gives its contact no address, and neither creates nor deletes it. */
    PLAIN,
    CREATION,
    /** It may tell the address that its contact had at acceptance, and gives it no other. */
    TELLS_ADDRESS
}
