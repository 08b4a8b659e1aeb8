package io.crmux.gateway.load;

import io.crmux.Interleavings;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every event loop reads what a connection's loop publishes: nobody sees what was there before once he has seen what took its place. */
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class CellsLincheckTest {

    private final Cells<String, String> cells = new CachedCells<>(key -> key, 1_000_000, String::length);

    @Operation(nonParallelGroup = "the connection's loop")
    public void put(@Param(name = "value") int value) {
        cells.put("key", Entry.loaded(Integer.toString(value), value));
    }

    @Operation(nonParallelGroup = "the connection's loop")
    public void drop() {
        cells.drop("key");
    }

    @Operation
    public @Nullable String get() {
        Entry<String> entry = cells.get("key");
        return entry == null ? null : entry.value() + " of " + entry.loadedAt();
    }

    @Test
    void whatIsPublishedIsSeenInOrder() {
        Interleavings.checkSome(getClass());
    }
}
