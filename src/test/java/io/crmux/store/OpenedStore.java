package io.crmux.store;

import static io.crmux.store.Samples.MAIN;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of a store that is open while it runs, and what its stories are told with. */
abstract class OpenedStore {

    @SuppressWarnings("NullAway.Init")
    private Store store;

    /** Opens the store of this test, with what it held when it was closed. */
    abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        Awaiting.success(store.close());
    }

    Store store() {
        return store;
    }

    void reopen() {
        Awaiting.success(store.close());
        store = open();
    }

    List<Change> accept(NewChange... changes) {
        return Awaiting.success(store.accept(List.of(changes)));
    }

    void record(Progress... progress) {
        Awaiting.success(store.record(MAIN, List.of(progress), Learned.NOTHING));
    }

    void learn(Alias... aliases) {
        Awaiting.success(store.record(MAIN, List.of(), new Learned(List.of(aliases), List.of())));
    }

    List<StoredChange> recover(String connection) {
        return Awaiting.success(Recovered.of(store, connection)).unsettled();
    }

    List<StoredChange> fates(String connection, String operation) {
        return Awaiting.success(store.operation(connection, Samples.operation(operation)));
    }
}
