package io.crmux.gateway;

import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a CRM answers in place of what it should, drawn from a seed. */
final class Faults {

    private static final int ALL = 100;

    private final Random random;
    private final int failPercent;
    private final int losePercent;

    /**
     * Draws faults.
     *
     * @param failPercent how many of a hundred calls fail and are not carried out
     * @param losePercent of how many of those carried out the answer is lost
     */
    Faults(Random random, int failPercent, int losePercent) {
        this.random = random;
        this.failPercent = failPercent;
        this.losePercent = losePercent;
    }

    /** A failure of a call that is not carried out; null for none. */
    @Nullable
    CrmException failure() {
        if (random.nextInt(ALL) >= failPercent) {
            return null;
        }
        return switch (random.nextInt(4)) {
            case 0 -> CrmException.unavailable("scripted", 500);
            case 1 -> CrmException.of(Kind.RATE_LIMITED, "scripted", 429).waiting((long) random.nextInt(2_000));
            case 2 -> CrmException.unanswered(Kind.UNAVAILABLE, "no connection", false);
            default -> CrmException.unanswered(Kind.UNAVAILABLE, "reset before it was carried out", true);
        };
    }

    /** How the answer of a call that is carried out is lost; null when it arrives. */
    @Nullable
    CrmException loss() {
        if (random.nextInt(ALL) >= losePercent) {
            return null;
        }
        return CrmException.unanswered(
                random.nextBoolean() ? Kind.TIMEOUT : Kind.UNAVAILABLE, "carried out, not answered", true);
    }
}
