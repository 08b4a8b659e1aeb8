package io.crmux.gateway.contact;

import io.crmux.Interleavings;
import io.crmux.crm.Loop;
import io.crmux.crm.Traits;
import io.crmux.gateway.Address;
import io.crmux.gateway.load.Entry;
import io.crmux.gateway.tags.TagBook;
import java.time.Duration;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every event loop reads of contacts what their connection's loop changes meanwhile. What a reader does not find, or finds too old, he asks for on the
 * connection's loop: so no read answers what never was, and none goes back behind another one.
 */
@Param(name = "address", gen = IntGen.class, conf = "1:2")
@Param(name = "id", gen = IntGen.class, conf = "1:2")
public class ContactMemoryLincheckTest {

    private static final String LOOP = "the connection's loop";
    private static final TagBook NO_TAGS = TagBook.of(
            List.of(),
            new Traits(
                    Traits.Canonical.NAME,
                    false,
                    Traits.Creation.BY_APPLYING,
                    Traits.Add.REFUSES,
                    Traits.Address.ID,
                    Duration.ZERO,
                    1));

    private final Clock loop = new Clock();
    private final ContactMemory memory = new ContactMemory(1_000_000);
    private final VisibleContacts visible =
            new VisibleContacts(loop, memory, new Contacts(key -> null), new Renames(), () -> NO_TAGS, 0);

    @Operation(nonParallelGroup = LOOP)
    public synchronized void lookedUp(@Param(name = "address") int address, @Param(name = "id") int id) {
        loop.millis++;
        visible.lookedUp(address(address), Integer.toString(id), loop.millis);
    }

    @Operation(nonParallelGroup = LOOP)
    public synchronized void nobodyHas(@Param(name = "address") int address) {
        loop.millis++;
        visible.lookedUp(address(address), null, loop.millis);
    }

    @Operation(nonParallelGroup = LOOP)
    public synchronized void moved(@Param(name = "address") int address, @Param(name = "id") int id) {
        loop.millis++;
        visible.moved(address(address), address(3 - address), Integer.toString(id));
    }

    @Operation(nonParallelGroup = LOOP)
    public synchronized void tagsLoaded(@Param(name = "id") int id) {
        loop.millis++;
        visible.tagsLoaded(Integer.toString(id), TagSet.EMPTY, loop.millis);
    }

    @Operation(nonParallelGroup = LOOP)
    public synchronized void purge(@Param(name = "address") int address) {
        visible.purge(address(address));
    }

    @Operation
    public String whose(@Param(name = "address") int address) {
        String told = told(address);
        return told == null ? askedFor(address) : told;
    }

    @Operation
    public String loaded(@Param(name = "id") int id) {
        Entry<VisibleTags> known = memory.tags().get(Integer.toString(id));
        return known == null ? "never" : Long.toString(known.loadedAt());
    }

    private synchronized String askedFor(int address) {
        String told = told(address);
        return told == null ? "not known" : told;
    }

    private @Nullable String told(int address) {
        Entry<String> known = memory.ids().get(address(address));
        return known == null || known.loadedAt() == 0 ? null : known.value() + " since " + known.loadedAt();
    }

    private static Address address(int number) {
        return new Address("user" + number + "@example.com");
    }

    /** A loop that has only the time. */
    private static final class Clock implements Loop {

        private long millis;

        @Override
        public long millis() {
            return millis;
        }

        @Override
        public long nanos() {
            return millis * 1_000_000;
        }

        @Override
        public boolean isHere() {
            return true;
        }

        @Override
        public void run(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void later(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer after(long millis, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void nobodyIsToldWhatNeverWas() {
        Interleavings.checkEach(getClass(), "com.github.benmanes.caffeine");
    }
}
