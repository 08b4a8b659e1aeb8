package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crmux.connector.HubSpot;
import io.crmux.crm.Settings;
import io.crmux.gateway.InputProblem;
import io.crmux.gateway.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialSettingsTest {

    private final TrialSettings settings =
            new TrialSettings(new HubSpot().descriptor(), new Settings(Map.of("token", "old", "tag_type", "lists")));

    private List<String> refused(Map<String, String> given) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> settings.with(given));
        assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
        return refusal.problems().stream().map(InputProblem::pointer).toList();
    }

    @Test
    void whatIsGivenIsLaidOverWhatIsConfigured() {
        assertThat(settings.with(Map.of("token", "new")).values())
                .isEqualTo(Map.of("token", "new", "tag_type", "lists"));
        assertThat(settings.with(Map.of()).values()).isEqualTo(Map.of("token", "old", "tag_type", "lists"));
    }

    @Test
    void credentialsOfAnotherKindTakeThePlaceOfTheConfiguredOnes() {
        assertThat(settings.with(Map.of("client_id", "a", "client_secret", "b")).values())
                .isEqualTo(Map.of("client_id", "a", "client_secret", "b", "tag_type", "lists"));
        assertThat(refused(Map.of("client_id", "a"))).containsExactly("/client_secret");
    }

    @Test
    void whatTheConnectorCannotTakeIsRefused() {
        assertThat(refused(Map.of("colour", "red"))).containsExactly("/colour");
        assertThat(refused(Map.of("tag_type", "stones"))).containsExactly("/tag_type");
    }
}
