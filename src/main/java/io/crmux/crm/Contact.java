package io.crmux.crm;

import org.jspecify.annotations.Nullable;

/**
 * How a connector is told which contact is meant: by both where both are known.
 *
 * @param id the CRM's own id: opaque, case-sensitive
 * @param email as it was written
 */
public record Contact(@Nullable String id, @Nullable String email) {

    /** Whether both are one, as far as their ids tell, or else their addresses. */
    public boolean isSame(Contact other) {
        return id != null && other.id != null
                ? id.equals(other.id)
                : email != null && email.equalsIgnoreCase(other.email);
    }

    /** The id, for connectors whose {@link Traits#address()} promises one. */
    public String requireId() {
        if (id == null) {
            throw new IllegalStateException("the core gave no contact id");
        }
        return id;
    }

    /** The address, for connectors whose {@link Traits#address()} promises one. */
    public String requireEmail() {
        if (email == null) {
            throw new IllegalStateException("the core gave no address");
        }
        return email;
    }
}
