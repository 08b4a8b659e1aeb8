package io.crmux.gateway.contact;

import io.crmux.gateway.Address;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the changes that went by a contact's address are its own: those which were accepted before anything that is pending of it, and what is.
 * Others are meant for whoever has the address afterwards, also those of a contact which has got it in a mirror already.
 *
 * @param address its address
 * @param before the number of the first change that is pending
 * @param operations what is pending
 * @param others what is pending of others that have the address or are about to
 * @param addresses those by which it went, or is about to go and may go in a mirror already
 */
public record OwnChanges(Address address, long before, Set<UUID> operations, Set<UUID> others, Set<Address> addresses) {

    /** Of a contact as it is now, with the address that it has now, among those of its connection. */
    public static OwnChanges of(ContactState contact, Address address, Contacts contacts) {
        return new OwnChanges(
                address,
                pending(contact).mapToLong(Layer::seq).min().orElse(Long.MAX_VALUE),
                operations(Stream.of(contact)),
                operations(contacts.holding(address).stream().filter(other -> other != contact)),
                Stream.of(
                                Stream.of(address),
                                contacts.headings(contact),
                                pending(contact).flatMap(layer -> Optional.ofNullable(layer.address()).stream()))
                        .flatMap(some -> some)
                        .collect(Collectors.toSet()));
    }

    private static Set<UUID> operations(Stream<ContactState> contacts) {
        return contacts.flatMap(OwnChanges::pending).map(Layer::operation).collect(Collectors.toSet());
    }

    private static Stream<Layer> pending(ContactState contact) {
        return Stream.concat(contact.delivered().stream(), contact.waiting().stream());
    }

    /** Whether a change by an address, or the one that it mirrors, is the contact's own. */
    public boolean have(Layer layer) {
        return operations.contains(layer.operation())
                || (layer.seq() < before && address.equals(layer.address()) && !others.contains(layer.operation()));
    }
}
