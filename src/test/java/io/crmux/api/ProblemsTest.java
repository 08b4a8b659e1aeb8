package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemsTest {

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MALFORMED")
    void whatTheCrmSaysIsShownAsItsOwn(Kind kind) {
        Problem problem = of(CrmException.of(kind, "Computer says no", 418));
        assertThat(problem.crm()).isEqualTo(new JsonObject("{\"status\":418,\"message\":\"Computer says no\"}"));
        assertThat(problem.detail()).isNotBlank().doesNotContain("Computer says no");
        assertThat(problem.status()).isEqualTo(kind.status());
    }

    @ParameterizedTest
    @EnumSource
    void whatWeSayIsNotShownAsTheCrms(Kind kind) {
        Problem problem = of(CrmException.unanswered(kind, "its turn did not come", false)
                .waiting(1_000L)
                .existing("7"));
        assertThat(problem.crm()).isNull();
        assertThat(problem.detail()).isEqualTo("its turn did not come");
        assertThat(problem.status()).isEqualTo(kind.status());
    }

    @Test
    void anAnswerThatIsNoneShowsItsStatusAlone() {
        Problem problem = of(CrmException.unavailable("the answer is not a JSON object", 200));
        assertThat(problem.crm()).isEqualTo(new JsonObject("{\"status\":200}"));
        assertThat(problem.detail()).isEqualTo("the answer is not a JSON object");
    }

    @Test
    void whatAConnectorDidNotForeseeIsNoWordOfTheCrm() {
        assertThat(of(CrmException.of(new IllegalStateException("oops"))).crm()).isNull();
    }

    private static Problem of(CrmException failure) {
        return Objects.requireNonNull(Problems.of(failure));
    }
}
