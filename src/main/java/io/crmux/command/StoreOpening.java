package io.crmux.command;

import io.crmux.config.Config;
import io.crmux.config.ConnectionConfig;
import io.crmux.store.SqliteStore;
import io.crmux.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store of a gateway that starts, and tells it of connections that are another CRM now. */
final class StoreOpening {

    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private StoreOpening() {}

    /** Opens the store and begins to read what waits in it, while the caller goes on. */
    static Future<SqliteStore> begin(Config config) {
        Promise<SqliteStore> opened = Promise.promise();
        new Thread(
                        () -> Future.succeededFuture()
                                .map(now -> prepared(SqliteStore.open(config.store()), config))
                                .onComplete(opened),
                        "crmux-store-opener")
                .start();
        return opened.future();
    }

    /** Nobody else could close it when this fails. */
    private static SqliteStore prepared(SqliteStore store, Config config) {
        boolean good = false;
        try {
            Map<String, String> accounts = store.kept(Store.ACCOUNTS).await();
            config.connections().forEach(connection -> {
                move(store, connection, accounts.getOrDefault(connection.name(), connection.account()));
                store.readAhead(connection.name());
            });
            good = true;
            return store;
        } finally {
            if (!good) {
                store.close().otherwiseEmpty().await();
            }
        }
    }

    /** It is said before it is done: a store that fails after its commit has done it, and does not do it again at the next start. */
    private static void move(Store store, ConnectionConfig connection, String before) {
        String name = connection.name();
        if (!before.equals(connection.account())) {
            LOG.warn("{}: this was {} and is {}: contacts are looked up anew", name, before, connection.account());
        }
        store.moveTo(name, connection.account())
                .await()
                .ifPresent(moved -> LOG.warn(
                        "{}: {} stored changes go by addresses, {} have none and reach nobody",
                        name,
                        moved.byAddress(),
                        moved.withoutAddress()));
    }
}
