package io.crmux.gateway;

import io.crmux.crm.CrmException;
import io.crmux.gateway.contact.TagSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a look-up in memory costs, and what a change does that makes the next one true. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookUpBenchmark {

    private static final int CONTACTS = 8192;

    /** How many contacts in a hundred have a change that waits. */
    @Param({"0", "100"})
    public int waiting = 0;

    private final Bench bench = Bench.plain();
    private final ContactRef[] byId = new ContactRef[CONTACTS];
    private final ContactRef[] byAddress = new ContactRef[CONTACTS];
    private final TagSet tags = TagSet.of(List.of("customer", "vip", "newsletter", "course-a"));
    private final KnownTags known = new KnownTags();
    private int next;

    @Setup
    public void fill() {
        ModelCrm crm = bench.crm;
        for (int n = 0; n < CONTACTS; n++) {
            byId[n] = Bench.id(Integer.toString(1_000_000 + n));
            byAddress[n] = Bench.email("user" + n + "@example.com");
        }
        crm.addAll(CONTACTS, 1_000_000, "customer", "vip", "newsletter", "course-a");
        for (ContactRef contact : byAddress) {
            bench.tags(contact);
        }
        if (waiting > 0) {
            crm.failures = () -> CrmException.unavailable("down", 503);
            for (int n = 0; n < CONTACTS; n++) {
                bench.apply(byId[n], "gold-" + n % 50);
            }
        }
    }

    private int next() {
        next = next + 4099 & CONTACTS - 1;
        return next;
    }

    @Benchmark
    public boolean byId() {
        return bench.connection.peekTags(byId[next()], known);
    }

    @Benchmark
    public boolean byAddress() {
        return bench.connection.peekTags(byAddress[next()], known);
    }

    /** One tag on, one off: what is laid over a contact's tags for a change that waits. */
    @Benchmark
    public TagSet merge() {
        return tags.with(List.of("gold"), List.of("newsletter"), tag -> tag.toLowerCase(Locale.ROOT));
    }
}
