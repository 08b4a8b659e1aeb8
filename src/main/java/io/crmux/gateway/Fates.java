package io.crmux.gateway;

import io.crmux.crm.Loop;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.Renames;
import io.crmux.store.ChangeState;
import io.crmux.store.NewChange;
import io.crmux.store.Store;
import io.crmux.store.StoredChange;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far writes have come: from the store, and of what is not settled from memory, which knows more. An operation of several changes is as far
 * as the one that is least far, and dead when one of them is.
 */
final class Fates {

    private static final List<ChangeState> LEAST_FAR_FIRST = List.of(
            ChangeState.DEAD,
            ChangeState.QUEUED,
            ChangeState.DELIVERING,
            ChangeState.ACCEPTED,
            ChangeState.STAGED,
            ChangeState.DISCARDED,
            ChangeState.DELIVERED);

    private final Store store;
    private final Contacts contacts;
    private final Renames renames;
    private final Loop loop;
    private final String connection;

    Fates(Loop loop, Store store, Contacts contacts, Renames renames, String connection) {
        this.renames = renames;
        this.loop = loop;
        this.store = store;
        this.contacts = contacts;
        this.connection = connection;
    }

    /** The operation's id as the store knows it; fails with {@link Refusal.Reason#OPERATION_NOT_FOUND} when it is none. */
    static Future<UUID> parse(String operation) {
        try {
            UUID id = UUID.fromString(operation);
            return id.toString().equals(operation) ? Future.succeededFuture(id) : notFound();
        } catch (IllegalArgumentException notOne) {
            return notFound();
        }
    }

    static <T> Future<T> notFound() {
        return Future.failedFuture(
                Refusal.of(Refusal.Reason.OPERATION_NOT_FOUND, "no such operation, or it ended too long ago"));
    }

    /** The fate of an operation by its id. Fails with {@link Refusal.Reason#OPERATION_NOT_FOUND}. */
    Future<Fate> of(UUID operation) {
        return layers(operation).map(this::of);
    }

    /** The changes of an operation, in order, as they are now. Fails with {@link Refusal.Reason#OPERATION_NOT_FOUND}. */
    Future<List<Layer>> layers(UUID operation) {
        return loop.bring(store.operation(connection, operation))
                .recover(failure ->
                        Future.failedFuture(Refusal.storeUnavailable("the store cannot be read at the moment")))
                .compose(stored -> stored.isEmpty()
                        ? notFound()
                        : Future.succeededFuture(
                                stored.stream().map(this::newest).toList()));
    }

    /** The fate of an operation by its changes. */
    Fate of(List<Layer> layers) {
        assert loop.isHere();
        Layer telling = layers.get(0);
        for (Layer layer : layers) {
            if (rank(layer) < rank(telling)) {
                telling = layer;
            }
        }
        Layer first = layers.get(0);
        return new Fate(
                first.operation().toString(),
                telling.state(),
                contact(first),
                first.acceptedAt(),
                telling.since(),
                telling.attempts(),
                telling.waitingFor(),
                telling.problem());
    }

    private static int rank(Layer layer) {
        return LEAST_FAR_FIRST.indexOf(layer.state());
    }

    private Layer newest(StoredChange stored) {
        assert loop.isHere();
        NewChange accepted = stored.change().accepted();
        return states(accepted.contactId(), accepted.email())
                .flatMap(known -> Stream.concat(known.waiting().stream(), known.delivered().stream()))
                .filter(layer -> layer.seq() == stored.change().seq())
                .findFirst()
                .orElseGet(() -> new Layer(stored.change(), stored.progress()));
    }

    private @Nullable String contact(Layer layer) {
        ContactState state = state(layer);
        String id = state == null ? layer.contactId() : state.id();
        if (id != null) {
            return renames.present(id);
        }
        return layer.email() == null ? null : "email:" + layer.email();
    }

    /** The contact in whose queue a change is; of one that is settled or dead, the one that it was accepted for. */
    private @Nullable ContactState state(Layer layer) {
        List<ContactState> states = states(layer.contactId(), layer.email()).toList();
        return states.stream()
                .filter(state ->
                        state.waiting().contains(layer) || state.delivered().contains(layer))
                .findFirst()
                .orElse(states.isEmpty() ? null : states.get(0));
    }

    private Stream<ContactState> states(@Nullable String id, @Nullable String email) {
        ContactState byId = id == null ? null : contacts.byId(id);
        return byId != null || email == null
                ? Stream.ofNullable(byId)
                : Address.parse(email).stream().flatMap(address -> contacts.holding(address).stream());
    }
}
