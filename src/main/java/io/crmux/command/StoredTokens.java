package io.crmux.command;

import io.crmux.store.Store;
import io.crmux.store.Vault;
import io.crmux.upstream.TokenStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Keeps tokens in the store, encrypted. */
final class StoredTokens implements TokenStore {

    private static final String KIND = "token";

    private final Store store;
    private final Vault vault;

    StoredTokens(Store store, Vault vault) {
        this.store = store;
        this.vault = vault;
    }

    @Override
    public Future<Optional<JsonObject>> recover(String connection) {
        return store.kept(KIND).compose(kept -> {
            String sealed = kept.get(connection);
            return sealed == null ? Future.succeededFuture(Optional.empty()) : open(connection, sealed);
        });
    }

    private Future<Optional<JsonObject>> open(String connection, String sealed) {
        try {
            Vault.Opened opened = vault.open(connection, sealed);
            JsonObject token = new JsonObject(opened.text());
            return (opened.byPrevious() ? keep(connection, token) : Future.<Void>succeededFuture())
                    .map(Optional.of(token));
        } catch (Vault.LockedException e) {
            return Future.failedFuture(
                    new UnreadableException(
                            "its stored token is encrypted with another key than secrets.key: give that one as secrets.previous, or connect again"));
        }
    }

    @Override
    public Future<Void> keep(String connection, JsonObject token) {
        return store.keep(KIND, connection, vault.seal(connection, token.encode()));
    }
}
