package io.crmux.gateway.contact;

import io.crmux.crm.Added;
import io.crmux.gateway.Address;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.NewChange;
import io.crmux.store.Origin;
import io.crmux.store.Progress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One accepted change that is not settled: part of the overlay of its contact, from acceptance until it is settled or refused for good.
 *
 * <p>A hundred thousand may wait. So it has what is asked of it later as fields of its own, with the operation's id as two numbers.
 */
public final class Layer implements LayerList {

    private static final String JOB = "job";
    private static final String UNTIL = "until";
    private static final String ID = "id";
    private static final String HOW = "how";

    private final long seq;
    private final long operationHigh;
    private final long operationLow;
    private final @Nullable String contactId;
    private @Nullable String email;
    private final ChangeBody body;
    private @Nullable Origin origin;
    private final long acceptedAt;
    private ChangeState state;
    private int attempts;
    private long since;
    private @Nullable String waitingFor;
    private @Nullable JsonObject problem;
    private @Nullable JsonObject result;
    private @Nullable Promise<Layer> decided;

    public Layer(Change change) {
        NewChange accepted = change.accepted();
        this.seq = change.seq();
        this.operationHigh = accepted.operation().getMostSignificantBits();
        this.operationLow = accepted.operation().getLeastSignificantBits();
        this.contactId = accepted.contactId();
        this.email = accepted.email();
        this.body = accepted.body();
        this.origin = accepted.origin();
        this.acceptedAt = accepted.accepted();
        this.state = ChangeState.QUEUED;
        this.since = acceptedAt;
    }

    /** A change that is only recorded. */
    public static Layer staged(Change change) {
        Layer layer = new Layer(change);
        layer.state = ChangeState.STAGED;
        return layer;
    }

    /** A change as it was when the process ended. */
    public Layer(Change change, Progress progress) {
        this(change);
        this.state = progress.state();
        this.attempts = progress.attempts();
        this.since = progress.at();
        this.waitingFor = progress.waitingFor();
        this.problem = progress.problem();
        this.result = progress.result();
    }

    public long seq() {
        return seq;
    }

    /** The id by which its fate is asked for. */
    public UUID operation() {
        return new UUID(operationHigh, operationLow);
    }

    /** The contact's id, if it was known at acceptance. */
    public @Nullable String contactId() {
        return contactId;
    }

    /** The contact's address as the site wrote it, if it was known at acceptance, or as it was written down later. */
    public @Nullable String email() {
        return email;
    }

    /** The address that it goes by; null when it goes by an id alone. */
    public @Nullable Address address() {
        return email == null ? null : Address.parse(email).orElse(null);
    }

    /** The contact's address was not known at acceptance, and is written down now. */
    public void addressed(String written) {
        email = written;
    }

    /** Who the contact is where it was accepted was not known then, or is another by now, and is written down. */
    public void from(Origin known) {
        origin = known;
    }

    public ChangeBody body() {
        return body;
    }

    /** Where it was accepted, if it mirrors a write to another connection; null when it was accepted here. */
    public @Nullable Origin origin() {
        return origin;
    }

    /** Whether the contact is created by it if there is none: by a creation, and by whatever is mirrored. */
    public boolean mayCreate() {
        return body instanceof ChangeBody.Create || (origin != null && !(body instanceof ChangeBody.Delete));
    }

    public long acceptedAt() {
        return acceptedAt;
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

    /** Completes with this layer when its fate is decided: delivered or dead, and written down so. */
    public Future<Layer> decided() {
        if (decided == null && state.isEnd()) {
            return Future.succeededFuture(this);
        }
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
        result = null;
        waitingFor = why;
        since = now;
    }

    /**
     * The CRM has queued it.
     *
     * @param job to be polled; null where there is nothing to poll
     * @param until when it is done, or given up, in milliseconds since 1970
     */
    public void accepted(@Nullable String job, long until, long now) {
        state = ChangeState.ACCEPTED;
        waitingFor = "the CRM, which has queued it";
        result = new JsonObject().put(JOB, job).put(UNTIL, until);
        since = now;
    }

    /** The job to be polled, of an accepted one; null where there is nothing to poll. */
    public @Nullable String job() {
        return result == null ? null : result.getString(JOB);
    }

    /** When an accepted one is done, or given up, in milliseconds since 1970. */
    public long until() {
        return result == null ? 0 : result.getLong(UNTIL, 0L);
    }

    public void delivered(long now) {
        state = ChangeState.DELIVERED;
        waitingFor = null;
        result = null;
        since = now;
    }

    /** What became of the creation; null unless it is one and was delivered. */
    public @Nullable Added added() {
        return result == null || !result.containsKey(HOW)
                ? null
                : new Added(result.getString(ID), Added.How.valueOf(result.getString(HOW)));
    }

    public void added(Added how) {
        result = new JsonObject().put(ID, how.id()).put(HOW, how.how().name());
    }

    /** The contact's id, if it became known after acceptance, of a change that was delivered; null otherwise. */
    public @Nullable String reachedId() {
        String id = state == ChangeState.DELIVERED && result != null ? result.getString(ID) : null;
        return id == null || id.isEmpty() ? null : id;
    }

    /** Who was reached by the contact's address, which may be another contact's by the time at which it is recovered. */
    public void reached(String id) {
        if (contactId == null) {
            result = new JsonObject().put(ID, id);
        }
    }

    public void dead(JsonObject why, long now) {
        state = ChangeState.DEAD;
        waitingFor = null;
        result = null;
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
        return new Progress(seq(), stored, attempts, since, waitingFor, problem, result, settled);
    }

    public @Nullable String waitingFor() {
        return waitingFor;
    }

    public @Nullable JsonObject problem() {
        return problem;
    }

    @Override
    public List<Layer> list() {
        return List.of(this);
    }

    @Override
    public Layer last() {
        return this;
    }

    @Override
    public LayerList with(Layer last) {
        return LayerList.of(List.of(this, last));
    }

    @Override
    public LayerList without(Layer gone) {
        return gone == this ? None.NONE : this;
    }
}
