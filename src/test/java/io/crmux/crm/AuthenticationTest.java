package io.crmux.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What connectors say of their credentials, and what becomes of a request by it. */
class AuthenticationTest {

    private static final Authentication EITHER = Authentication.either(
            Authentication.header("x-key", "key"),
            Authentication.oauth(settings -> OAuth.code("https://a/authorize", "https://a/token")
                    .scheme("Vendor-token")
                    .learning("instance_url")));

    private static Request signed(Map<String, String> settings) {
        return EITHER.sign(Request.get("https://a", "/p"), new Settings(settings), 0);
    }

    @Test
    void theSettingsThatAreGivenSayWhichWayIsTaken() {
        assertThat(signed(Map.of("key", "k")).headers()).containsExactly(new Request.Pair("x-key", "k"));
        assertThat(EITHER.tokens(new Settings(Map.of("key", "k")))).isNull();
        Map<String, String> client = Map.of("client_id", "i", "client_secret", "s");
        assertThat(EITHER.tokens(new Settings(client)))
                .isInstanceOfSatisfying(
                        OAuth.class, oauth -> assertThat(oauth.learned()).containsExactly("instance_url"));
        assertThat(EITHER.sign(
                                Request.get("https://a", "/p"),
                                new Settings(client).with(Map.of("access_token", "t")),
                                0)
                        .headers())
                .containsExactly(new Request.Pair("authorization", "Vendor-token t"));
    }

    @Test
    void whereTwoGrantsCanBeHadASettingSaysWhich() {
        Setting grant = OAuth.grantSetting(OAuth.Grant.AUTHORIZATION_CODE);
        assertThat(grant.choices()).containsExactly("authorization_code", "client_credentials");
        assertThat(OAuth.isClientCredentials(new Settings(Map.of("grant", "client_credentials"))))
                .isTrue();
        assertThat(OAuth.isClientCredentials(new Settings(Map.of("grant", String.valueOf(grant.fallback())))))
                .isFalse();
    }

    @Test
    void aRequestGoesWhereTheCrmHasSaid() {
        Request request =
                Request.get("{instance_url}/services", "/contacts/{id}").with("id", "7");
        assertThat(request.basedOn(new Settings(Map.of("instance_url", "https://acme.example/")))
                        .uri())
                .isEqualTo("https://acme.example/services/contacts/7");
        assertThatThrownBy(() -> request.basedOn(new Settings(Map.of())))
                .isInstanceOf(CrmException.class)
                .hasMessageContaining("instance_url");
    }

    @Test
    void aStatusOf401IsAnExpiredTokenAndWhatElseIsOneTheConnectorSays() {
        assertThat(Verdict.failed(CrmException.of(CrmException.Kind.UNAUTHORIZED, "", 401))
                        .isExpired())
                .isTrue();
        assertThat(Verdict.failed(CrmException.of(CrmException.Kind.UNAUTHORIZED, "", 403))
                        .isExpired())
                .isFalse();
        assertThat(Verdict.expired(CrmException.of(CrmException.Kind.UNAUTHORIZED, "", 200))
                        .isExpired())
                .isTrue();
    }
}
