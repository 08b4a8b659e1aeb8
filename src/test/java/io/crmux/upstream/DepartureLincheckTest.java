package io.crmux.upstream;

import io.crmux.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A timer gives a request up on one thread while another sends it. */
public class DepartureLincheckTest {

    private final Departure<Integer> departure = new Departure<>();

    @Operation(runOnce = true)
    public boolean leaves() {
        return departure.leaves(1);
    }

    @Operation
    public @Nullable Integer giveUp() {
        return departure.giveUp();
    }

    @Test
    void aRequestHasLeftOrIsGivenUp() {
        Interleavings.checkEach(getClass());
    }
}
