package io.crmux.crm;

import io.crmux.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A visitor joins a call on one thread while a request of it begins to wait on another: it never goes on waiting where the call was before. */
public class CallLincheckTest {

    private final Call call = new Call(Lane.BULK, new Deadline(0), io.crmux.crm.Operation.GET_TAGS, new Trace("test"));
    private volatile @Nullable Lane first;
    private volatile boolean told;

    @Operation(runOnce = true)
    public void raise() {
        call.raise(Lane.VISITOR);
    }

    @Operation(runOnce = true)
    public void enqueue() {
        first = call.whenRaised(to -> told = true);
    }

    @Operation
    public String waitsIn() {
        Lane lane = first;
        return String.valueOf(lane != null && told ? call.lane() : lane);
    }

    @Test
    void aRequestWaitsWhereItsCallIs() {
        Interleavings.checkEach(getClass());
    }
}
