package io.crmux.crm;

/** Who waits for a call. Earlier ones go first. */
public enum Lane {
    VISITOR,
    WRITE,
    BULK
}
