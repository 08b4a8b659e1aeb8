package io.crmux.gateway.contact;

import io.crmux.crm.Added;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.Progress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** One accepted change that is not settled: part of the overlay of its contact, from acceptance until it is settled or refused for good. */
public final class Layer {

    private final Change change;
    private ChangeState state;
    private int attempts;
    private long since;
    private @Nullable String waitingFor;
    private @Nullable JsonObject problem;
    private @Nullable Added added;
    private @Nullable Promise<Layer> decided;

    public Layer(Change change) {
        this.change = change;
        this.state = ChangeState.QUEUED;
        this.since = change.accepted().accepted();
    }

    /** A change as it was when the process ended. */
    public Layer(Change change, Progress progress) {
        this.change = change;
        this.state = progress.state();
        this.attempts = progress.attempts();
        this.since = progress.at();
        this.waitingFor = progress.waitingFor();
        this.problem = progress.problem();
    }

    public long seq() {
        return change.seq();
    }

    public Change change() {
        return change;
    }

    public ChangeBody body() {
        return change.accepted().body();
    }

    public long acceptedAt() {
        return change.accepted().accepted();
    }

    public ChangeState state() {
        return state;
    }

    public int attempts() {
        return attempts;
    }

    /** Since when it is in its state: for a delivered one, when it was delivered. */
    public long since() {
        return since;
    }

    /** Whether somebody waits for its fate: then it is not kept waiting for company. */
    public boolean isUrgent() {
        return decided != null;
    }

    /** Completes with this layer when its fate is decided: delivered or dead, and written down so. */
    public Future<Layer> decided() {
        if (decided == null) {
            decided = Promise.promise();
        }
        return decided.future();
    }

    public void sending() {
        state = ChangeState.DELIVERING;
        attempts++;
    }

    public void waiting(String why, long now) {
        state = ChangeState.QUEUED;
        waitingFor = why;
        since = now;
    }

    public void delivered(long now) {
        state = ChangeState.DELIVERED;
        waitingFor = null;
        since = now;
    }

    /** What became of the creation; null unless it is one and was delivered. */
    public @Nullable Added added() {
        return added;
    }

    public void added(Added how) {
        added = how;
    }

    public void dead(JsonObject why, long now) {
        state = ChangeState.DEAD;
        waitingFor = null;
        problem = why;
        since = now;
    }

    /** Tells those who wait that the fate is decided. */
    public void tell() {
        if (decided != null) {
            decided.tryComplete(this);
        }
    }

    /** What is to be written down of it. */
    public Progress progress(boolean settled) {
        ChangeState stored = state == ChangeState.DELIVERING ? ChangeState.QUEUED : state;
        return new Progress(seq(), stored, attempts, since, waitingFor, problem, settled);
    }

    public @Nullable String waitingFor() {
        return waitingFor;
    }

    public @Nullable JsonObject problem() {
        return problem;
    }
}
