package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeysTest {

    private static final String ONE = "one-key-of-twenty-characters";
    private static final String OTHER = "other-key-of-twenty-characters";

    private final ApiKey one = key("one", ONE);
    private final ApiKey other = key("other", OTHER);
    private final Keys keys = new Keys(List.of(one, other));

    private static ApiKey key(String name, String token) {
        byte[] hash = Sha256.digest().digest(token.getBytes(StandardCharsets.UTF_8));
        return new ApiKey(name, HexFormat.of().formatHex(hash), Set.of("*"), Set.of(Right.READ));
    }

    @Test
    void eachRequestIsJudgedByItsOwnKeyWhateverCameBefore() {
        for (int again = 0; again < 2; again++) {
            assertThat(keys.find("Bearer " + ONE)).isSameAs(one);
            assertThat(keys.find("bearer " + ONE)).isSameAs(one);
            assertThat(keys.find("Bearer " + ONE + "x")).isNull();
            assertThat(keys.find("Bearer " + ONE.substring(1))).isNull();
            assertThat(keys.find("Basic " + ONE)).isNull();
            assertThat(keys.find(null)).isNull();
            assertThat(keys.find("")).isNull();
            assertThat(keys.find("Bearer " + OTHER)).isSameAs(other);
            assertThat(keys.find("Bearer " + OTHER)).isSameAs(other);
        }
    }
}
