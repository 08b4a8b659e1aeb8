package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Lane;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRuleTest {

    @ParameterizedTest
    @CsvSource({
        // kind, sent, repeatable, attempts, lane, left, again
        "UNAVAILABLE, true,  true,  1, VISITOR, 9000, true",
        "UNAVAILABLE, true,  true,  2, VISITOR, 9000, true",
        "UNAVAILABLE, true,  true,  3, VISITOR, 9000, false",
        "UNAVAILABLE, true,  false, 1, WRITE,   9000, false",
        "UNAVAILABLE, false, false, 1, WRITE,   9000, true",
        "UNAVAILABLE, true,  true,  2, WRITE,   9000, false",
        "TIMEOUT,     true,  true,  1, VISITOR, 9000, true",
        "TIMEOUT,     true,  false, 1, WRITE,   9000, false",
        "RATE_LIMITED,true,  false, 1, WRITE,   9000, true",
        "UNAVAILABLE, true,  true,  1, VISITOR, 0,    false",
        "NOT_FOUND,   true,  true,  1, VISITOR, 9000, false",
        "INVALID,     true,  true,  1, VISITOR, 9000, false",
        "MALFORMED,   true,  true,  1, VISITOR, 9000, false",
        "UNAUTHORIZED,true,  true,  1, VISITOR, 9000, false",
        "DUPLICATE,   true,  true,  1, WRITE,   9000, false",
        "UNSUPPORTED, true,  true,  1, WRITE,   9000, false",
    })
    void repeatsOnlyWhatMayBeRepeated(
            Kind kind, boolean sent, boolean repeatable, int attempts, Lane lane, long left, boolean again) {
        CrmException failure = CrmException.unanswered(kind, "x", sent);
        RetryRule.Decision decision = RetryRule.decide(repeatable, failure, attempts, lane, left, true, new Random(1));
        assertThat(decision.again()).isEqualTo(again);
        assertThat(decision.why()).isNotBlank();
        assertThat(RetryRule.decide(repeatable, failure, attempts, lane, left, false, new Random(1))
                        .again())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"3000, 9000, true", "9000, 9000, false"})
    void aWaitThatTheCrmNamesIsKept(long wait, long left, boolean again) {
        CrmException limited = CrmException.of(Kind.RATE_LIMITED, "x", 429).waiting(wait);
        RetryRule.Decision decision = RetryRule.decide(true, limited, 1, Lane.VISITOR, left, true, new Random(1));
        assertThat(decision.again()).isEqualTo(again);
        if (again) {
            assertThat(decision.delayMillis()).isGreaterThanOrEqualTo(wait);
        }
    }
}
