package io.crmux.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultTest {

    private static final SecretsOptions FIRST = new SecretsOptions("a-first-key-that-nobody-can-guess", null);
    private static final SecretsOptions BOTH =
            new SecretsOptions("a-second-key-that-nobody-can-guess", "a-first-key-that-nobody-can-guess");

    @Test
    void whatWasEncryptedIsReadAgainUnderTheSameName() throws Exception {
        String sealed = new Vault(FIRST).seal("main", "token");
        assertThat(new Vault(FIRST).open("main", sealed)).isEqualTo(new Vault.Opened("token", false));
        assertThatThrownBy(() -> new Vault(FIRST).open("other", sealed)).isInstanceOf(Vault.LockedException.class);
        assertThat(new Vault(FIRST).seal("main", "token")).as("never the same").isNotEqualTo(sealed);
    }

    @Test
    void theKeyBeforeIsKnownAsSuch() throws Exception {
        String sealed = new Vault(FIRST).seal("main", "token");
        Vault both = new Vault(BOTH);
        assertThat(both.open("main", sealed)).isEqualTo(new Vault.Opened("token", true));
        Vault second = new Vault(new SecretsOptions(BOTH.key(), null));
        assertThatThrownBy(() -> second.open("main", sealed)).isInstanceOf(Vault.LockedException.class);
        assertThat(second.open("main", both.seal("main", "token"))).isEqualTo(new Vault.Opened("token", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no base64!", "AAAA"})
    void whatIsNoneOfOursIsRefused(String sealed) {
        assertThatThrownBy(() -> new Vault(FIRST).open("main", sealed)).isInstanceOf(Vault.LockedException.class);
    }
}
