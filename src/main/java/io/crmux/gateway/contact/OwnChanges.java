package io.crmux.gateway.contact;

import io.crmux.gateway.Address;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the changes that went by a contact's address are its own: those which were accepted before anything that is pending of it, and what is.
 * Others are meant for whoever has the address afterwards.
 *
 * @param address its address
 * @param before the number of the first change that is pending
 * @param operations what is pending
 * @param addresses those by which it went
 */
public record OwnChanges(Address address, long before, Set<UUID> operations, Set<Address> addresses) {

    /** Of a contact as it is now, with the address that it has now. */
    public static OwnChanges of(ContactState contact, Address address) {
        return new OwnChanges(
                address,
                pending(contact).mapToLong(Layer::seq).min().orElse(Long.MAX_VALUE),
                pending(contact).map(Layer::operation).collect(Collectors.toSet()),
                Stream.concat(
                                Stream.of(address),
                                pending(contact).flatMap(layer -> Optional.ofNullable(layer.address()).stream()))
                        .collect(Collectors.toSet()));
    }

    private static Stream<Layer> pending(ContactState contact) {
        return Stream.concat(contact.delivered().stream(), contact.waiting().stream());
    }

    /** Whether a change by an address, or the one that it mirrors, is the contact's own. */
    public boolean have(Layer layer) {
        return operations.contains(layer.operation()) || (layer.seq() < before && address.equals(layer.address()));
    }
}
