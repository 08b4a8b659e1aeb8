package io.crmux.gateway;

/** Which contact a site means. */
public sealed interface ContactRef {

    /** By the CRM's id. */
    record ById(String id) implements ContactRef {}

    /** By address. */
    record ByEmail(Address address) implements ContactRef {}

    static ContactRef id(String id) {
        return new ById(id);
    }

    static ContactRef email(Address address) {
        return new ByEmail(address);
    }
}
