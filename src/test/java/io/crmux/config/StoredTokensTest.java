package io.crmux.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.LetInCrm;
import io.crmux.store.SecretsOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredTokensTest {

    private static Config read(String text) throws ConfigException {
        return new ConfigReader(List.of(new LetInCrm()), Map.of()).read(text, Path.of(""));
    }

    private static List<String> mistakes(String text) {
        try {
            read(text);
            return List.of();
        } catch (ConfigException e) {
            return e.mistakes().stream().map(Mistake::toString).toList();
        }
    }

    private static final String LET_IN = "connections: {main: {crm: let-in, url: 'https://a', %s}}";

    @Test
    void aConnectionWhoseTokenIsStoredNeedsAKeyToEncryptItWith() throws ConfigException {
        String client = LET_IN.formatted("client_id: i, client_secret: s");
        assertThat(mistakes("\n" + client))
                .containsExactly("line 2: connections.main.client_id: needs secrets.key, with which the token of this"
                        + " connection is encrypted where it is stored");
        assertThat(mistakes("secrets: {key: tooshort}\n" + client))
                .containsExactly("line 1: secrets.key: expected at least 32 characters that nobody can guess; crmux key"
                        + " NAME prints some");
        assertThat(mistakes("secrets: {previous: " + "p".repeat(32) + "}\n" + client))
                .contains("line 1: secrets.key: is required beside previous");
        assertThat(read("secrets: {key: " + "k".repeat(32) + "}\n" + client).secrets())
                .isEqualTo(new SecretsOptions("k".repeat(32), null));
        assertThat(mistakes(LET_IN.formatted("token: t"))).isEmpty();
        assertThat(mistakes(LET_IN.formatted("grant: client_credentials, client_id: i, client_secret: s")))
                .isEmpty();
    }
}
