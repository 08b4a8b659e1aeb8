package io.crmux.gateway.load;

/** The key of what a connection has once: its tag list, its field list. */
public enum Whole {
    LIST
}
