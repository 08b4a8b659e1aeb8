package io.crmux.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.ManualLoop;
import io.crmux.gateway.contact.Backlog;
import io.crmux.gateway.contact.Layer;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.ListedChanges;
import io.crmux.store.NewChange;
import io.crmux.store.Progress;
import io.crmux.store.StoredChange;
import io.crmux.telemetry.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final ManualLoop loop = new ManualLoop();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Outbox outbox = new Outbox(loop, new Metrics(registry), "main");

    /** What waited over a restart is older than what is accepted afterwards, and some of it may have been delivered. */
    @Test
    void itCountsWhatWaitsAndKnowsTheOldest() {
        assertThat(length()).isZero();
        assertThat(ageSeconds()).isZero();
        Backlog first = backlog(stored(1, ChangeState.DELIVERED), stored(2, ChangeState.QUEUED));
        Backlog second = backlog(stored(3, ChangeState.QUEUED), stored(4, ChangeState.ACCEPTED));
        first.layer(0);
        outbox.recovered(first);
        second.layer(1);
        outbox.recovered(second);
        Layer accepted = new Layer(change(5));
        outbox.accepted(accepted);
        assertThat(length()).isEqualTo(4);
        assertThat(oldest()).isEqualTo(2);
        deliver(second.layer(0));
        assertThat(oldest()).isEqualTo(2);
        deliver(first.layer(1));
        assertThat(oldest()).isEqualTo(4);
        deliver(accepted);
        assertThat(oldest()).isEqualTo(4);
        deliver(second.layer(1));
        assertThat(length()).isZero();
        assertThat(ageSeconds()).isZero();
        outbox.accepted(new Layer(change(6)));
        assertThat(oldest()).isEqualTo(6);
    }

    private void deliver(Layer layer) {
        layer.delivered(loop.millis());
        outbox.decided(1);
    }

    private static Backlog backlog(StoredChange... stored) {
        return new Backlog(new ListedChanges(List.of(stored)));
    }

    private static StoredChange stored(long seq, ChangeState state) {
        return new StoredChange(change(seq), new Progress(seq, state, 0, seconds(seq), null, null, false));
    }

    /** Accepted as many seconds after the epoch as its number says. */
    private static Change change(long seq) {
        ChangeBody tags = new ChangeBody.Tags(List.of("vip"), List.of());
        return new Change(seq, new NewChange(new UUID(0, seq), "main", "1", null, tags, seconds(seq)));
    }

    private static long seconds(long seq) {
        return seq * 1000;
    }

    private double length() {
        return registry.get("crmux.outbox.length").gauge().value();
    }

    private double ageSeconds() {
        return registry.get("crmux.outbox.age.seconds").gauge().value();
    }

    private long oldest() {
        return loop.millis() / 1000 - Math.round(ageSeconds());
    }
}
