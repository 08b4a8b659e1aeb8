package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.store.EachStatement;
import io.crmux.store.SecretsOptions;
import io.crmux.store.Store;
import io.crmux.store.Vault;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What accounts keep in the store, where any statement of it may fail. */
class KeptForAccountsTest {

    private static final JsonObject FORMER = new JsonObject().put("refresh", "a");
    private static final JsonObject NEXT = new JsonObject().put("refresh", "b");
    private static final Vault PAST = new Vault(new SecretsOptions("a-first-key-that-nobody-can-guess", null));
    private static final Vault VAULT =
            new Vault(new SecretsOptions("a-second-key-that-nobody-can-guess", "a-first-key-that-nobody-can-guess"));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aTokenThatIsToldToBeKeptIsAndTheFormerOneIsAsLongAsItIsNot() {
        assertThat(EachStatement.fails(folder, new EachStatement.Story() {
                    @Override
                    public void before(Store store) {
                        new StoredTokens(store, VAULT).keep("main", FORMER).await();
                    }

                    @Override
                    public Future<?> call(Store store) {
                        return new StoredTokens(store, VAULT).keep("main", NEXT);
                    }

                    @Override
                    public Object seen(Store store, Path file) {
                        return new StoredTokens(store, VAULT).recover("main").await();
                    }
                }))
                .isEqualTo(List.of(Optional.of(FORMER), Optional.of(NEXT)));
    }

    @Test
    void aTokenUnderTheKeyBeforeIsThereUnderOneOfThem() {
        assertThat(EachStatement.fails(folder, new EachStatement.Story() {
                    @Override
                    public void before(Store store) {
                        new StoredTokens(store, PAST).keep("main", FORMER).await();
                    }

                    @Override
                    public Future<?> call(Store store) {
                        return new StoredTokens(store, VAULT).recover("main");
                    }

                    @Override
                    public Object seen(Store store, Path file) {
                        return opened(store.kept("token").await());
                    }
                }))
                .isEqualTo(List.of(new Vault.Opened(FORMER.encode(), true), new Vault.Opened(FORMER.encode(), false)));
    }

    private static Vault.Opened opened(Map<String, String> kept) {
        try {
            return VAULT.open("main", kept.getOrDefault("main", ""));
        } catch (Vault.LockedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void countsThatAreToldToBeKeptAreAndTheFormerOnesAreAsLongAsTheyAreNot() {
        assertThat(EachStatement.fails(folder, new EachStatement.Story() {
                    @Override
                    public void before(Store store) {
                        new StoredCounters(store).keep("hash", FORMER).await();
                    }

                    @Override
                    public Future<?> call(Store store) {
                        return new StoredCounters(store).keep("hash", NEXT);
                    }

                    @Override
                    public Object seen(Store store, Path file) {
                        return new StoredCounters(store).recover("hash").await();
                    }
                }))
                .isEqualTo(List.of(Optional.of(FORMER), Optional.of(NEXT)));
    }
}
