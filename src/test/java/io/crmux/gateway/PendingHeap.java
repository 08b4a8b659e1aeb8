package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;

import io.crmux.crm.CrmException;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.IntFunction;

/** Measures the heap that pending changes take, in a JVM of its own: prints bytes per change, for changes spread over contacts in several ways. */
final class PendingHeap {

    private static final int CHANGES = 100_000;

    /** So long that every contact has been tried. */
    private static final int OUTAGE_MILLIS = 1_800_000;

    private PendingHeap() {}

    public static void main(String[] arguments) {
        print("one-per-contact-by-id", i -> Bench.id("contact-" + i));
        print("one-per-contact-by-address", i -> Bench.email("contact-" + i + "@example.com"));
        print("hundred-per-contact-by-id", i -> Bench.id("contact-" + i % (CHANGES / 100)));
    }

    private static void print(String name, IntFunction<ContactRef> contacts) {
        bytes(contacts, CHANGES / 10);
        System.out.println(name + " " + bytes(contacts, CHANGES) / CHANGES);
    }

    private static long bytes(IntFunction<ContactRef> contacts, int changes) {
        Bench bench = Bench.plain();
        bench.crm.failures = () -> CrmException.unavailable("the CRM is down for ".concat("maintenance"), 503);
        long before = used();
        for (int i = 0; i < changes; i++) {
            Future<Written> accepted =
                    bench.connection.changeTags(contacts.apply(i), List.of("tag-" + i % 50), List.of(), NO_WAIT);
            if (accepted.failed()) {
                throw new AssertionError(accepted.cause());
            }
            bench.loop.advance(i % 10 == 0 ? 1 : 0);
        }
        bench.loop.advance(OUTAGE_MILLIS);
        int pending = bench.store.all().size();
        bench.store.forgetAll();
        bench.crm.forgetCalls();
        long after = used();
        if (pending != changes || ((LiveConnection) bench.connection).unsettledContacts() == 0) {
            throw new AssertionError("not pending");
        }
        return after - before;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
