package io.crmux.store;

import io.crmux.Interleavings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** The store's thread reads what another one asks for meanwhile: all of it is told, once, and in order. */
@Param(name = "learned", gen = IntGen.class, conf = "1:3")
public class ReadAheadLincheckTest {

    private final ReadAhead ahead = new ReadAhead();
    private final List<Long> told = Collections.synchronizedList(new ArrayList<>());

    private final Recovery asking = new Recovery() {

        @Override
        public void known(List<Alias> aliases, List<Rename> renames) {
            aliases.forEach(alias -> told.add(alias.learned()));
        }

        @Override
        public void unsettled(StoredChanges part) {}
    };

    @Operation(nonParallelGroup = "the store's thread")
    public void read(@Param(name = "learned") int learned) {
        ahead.known(List.of(new Alias("jane@example.com", "42", learned)), List.of());
    }

    @Operation(runOnce = true)
    public void ask() {
        ahead.tell(asking);
    }

    @Operation
    public String told() {
        return told.toString();
    }

    @Test
    void allThatIsReadIsTold() {
        Interleavings.checkEach(getClass());
    }
}
