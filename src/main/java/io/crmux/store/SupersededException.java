package io.crmux.store;

/** A change was accepted meanwhile that was to be taken into account: look again. */
public final class SupersededException extends StoreException {

    private static final long serialVersionUID = 1L;

    public SupersededException() {
        super("changes were accepted meanwhile", null);
    }
}
