package io.crmux.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class ProblemsTest {

    @Test
    void whatTheCrmHasSaidIsKeptAsItsOwn() {
        assertThat(Problems.of("invalid", "no", CrmException.of(Kind.INVALID, "no", 400)))
                .isEqualTo(new JsonObject(
                        "{\"type\":\"invalid\",\"detail\":\"no\",\"crm\":{\"status\":400,\"message\":\"no\"}}"));
    }

    @Test
    void whatWeSayIsNotKeptAsTheCrms() {
        String words = "no address is known of the contact";
        assertThat(Problems.of("contact-not-found", words, CrmException.notFound(words)))
                .isEqualTo(new JsonObject().put("type", "contact-not-found").put("detail", words));
    }
}
