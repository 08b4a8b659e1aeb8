package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.crmux.gateway.contact.ContactMemory;
import io.crmux.gateway.contact.ContactSnapshot;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A restart with what was cached before. */
class WarmStartTest {

    private static final int CONTACTS = 100;
    private static final long FRESH_MILLIS = Duration.ofMinutes(10).toMillis();

    private final Bench bench = new Bench(LaneNotingCrm::new, 10_000_000);
    private final LaneNotingCrm crm = (LaneNotingCrm) bench.crm;

    private static final class LaneNotingCrm extends ModelCrm {

        private final List<Lane> lanes = new ArrayList<>();

        LaneNotingCrm(ManualLoop loop) {
            super(loop, Bench.traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            lanes.add(call.lane());
            return super.getTags(call, contact);
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            lanes.add(call.lane());
            return super.getContactId(call, email);
        }
    }

    private static ContactRef contact(int n) {
        return Bench.email("user" + n + "@example.com");
    }

    private void restartWithSnapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ContactSnapshot.write(bench.memory(), new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bench.restart(memory -> read(bytes.toByteArray(), memory));
    }

    private void read(byte[] bytes, ContactMemory memory) {
        try {
            ContactSnapshot.read(
                    new DataInputStream(new ByteArrayInputStream(bytes)),
                    memory,
                    bench.loop.millis() - FRESH_MILLIS - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill() {
        for (int n = 0; n < CONTACTS; n++) {
            crm.add("1" + n, "user" + n + "@example.com", "customer", "course-" + n);
            assertThat(bench.tags(contact(n))).containsExactly("customer", "course-" + n);
        }
    }

    private Cached<ContactTags> atOnce(ContactRef contact) {
        Future<Cached<ContactTags>> read = bench.getTags(contact);
        assertThat(read.succeeded()).isTrue();
        return read.result();
    }

    @Test
    void nobodyWaitsAfterARestartAndEachContactIsAskedForOnceBehind() {
        fill();
        restartWithSnapshot();
        crm.lanes.clear();
        for (int again = 0; again < 20; again++) {
            for (int n = 0; n < CONTACTS; n++) {
                Cached<ContactTags> read = atOnce(contact(n));
                assertThat(read.hit()).isTrue();
                assertThat(read.ttlMillis()).isLessThanOrEqualTo(0);
                assertThat(read.value()).isEqualTo(new ContactTags("1" + n, List.of("customer", "course-" + n)));
            }
        }
        bench.loop.advance(10_000);
        assertThat(crm.lanes).hasSize(2 * CONTACTS).containsOnly(Lane.BULK);
        assertThat(atOnce(contact(7)).ttlMillis()).isPositive();
    }

    @Test
    void withoutItEveryVisitorWaits() {
        fill();
        bench.restart();
        crm.lanes.clear();
        for (int n = 0; n < CONTACTS; n++) {
            assertThat(bench.getTags(contact(n)).isComplete()).isFalse();
        }
        bench.loop.advance(10_000);
        assertThat(crm.lanes).hasSize(2 * CONTACTS).containsOnly(Lane.VISITOR);
    }

    @Test
    void changesThatWaitAreLaidOn() {
        fill();
        crm.failures = () -> CrmException.unavailable("down", 503);
        bench.apply(contact(3), "vip");
        bench.remove(contact(4), "customer");
        bench.done(bench.connection.deleteContact(contact(5), Bench.NO_WAIT));
        restartWithSnapshot();
        assertThat(atOnce(contact(3)).value().tags()).containsExactly("customer", "course-3", "vip");
        assertThat(atOnce(contact(4)).value().tags()).containsExactly("course-4");
        assertThat(bench.getTags(contact(5)).failed()).isTrue();
    }

    @Test
    void whatWasPurgedIsNotInIt() {
        fill();
        bench.done(bench.connection.purge());
        restartWithSnapshot();
        assertThat(bench.getTags(Bench.id("17")).isComplete()).isFalse();
    }
}
