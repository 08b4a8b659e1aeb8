package io.crmux.crm;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The circumstances of one operation, handed down to every request that it makes: who waits, until when, and for what.
 */
public final class Call {

    private final Deadline deadline;
    private final Operation operation;
    private final Trace trace;
    private volatile Lane lane;
    private @Nullable Consumer<Lane> whenRaised;

    public Call(Lane lane, Deadline deadline, Operation operation, Trace trace) {
        this.lane = lane;
        this.deadline = deadline;
        this.operation = operation;
        this.trace = trace;
    }

    public Lane lane() {
        return lane;
    }

    public Deadline deadline() {
        return deadline;
    }

    public Operation operation() {
        return operation;
    }

    public Trace trace() {
        return trace;
    }

    /** Moves the call to a more urgent lane, because somebody has joined it who cannot wait as long. A less urgent lane changes nothing. */
    public void raise(Lane to) {
        Consumer<Lane> listener;
        synchronized (this) {
            if (to.compareTo(lane) >= 0) {
                return;
            }
            lane = to;
            listener = whenRaised;
        }
        if (listener != null) {
            listener.accept(to);
        }
    }

    /**
     * Tells the upstream when the lane changes while a request of this call waits in a queue.
     *
     * @param listener null when none waits any more
     * @return the lane until then: no change is missed in between
     */
    public synchronized Lane whenRaised(@Nullable Consumer<Lane> listener) {
        whenRaised = listener;
        return lane;
    }
}
