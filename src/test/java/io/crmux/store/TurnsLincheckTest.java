package io.crmux.store;

import io.crmux.Interleavings;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Event loops hand over to the store's thread while others close the store: whoever was not refused has his turn. */
@Param(name = "name", gen = IntGen.class, conf = "1:3")
public class TurnsLincheckTest {

    private final Turns turns = new Turns();
    private final List<Integer> ended = new ArrayList<>();

    @Operation
    public boolean enter(@Param(name = "name") int name) {
        return turns.enter(() -> ended.add(name));
    }

    @Operation
    public void close() {
        turns.close(() -> ended.add(0));
    }

    @Operation(nonParallelGroup = "the store's thread")
    public List<Integer> leave() {
        turns.leave().forEach(Turn::end);
        return List.copyOf(ended);
    }

    @Test
    void whoWasNotRefusedHasHisTurn() {
        Interleavings.checkEach(getClass());
    }
}
