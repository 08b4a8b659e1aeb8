package io.crmux.gateway;

import io.crmux.crm.CrmException;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;

/** A contact in a CRM and in its mirror, of which nothing is in memory. */
abstract class MirroredContact {

    final Bench bench;
    final ModelCrm second;

    MirroredContact() {
        this(Bench.mirrored());
    }

    MirroredContact(Bench bench) {
        this.bench = bench;
        this.second = Objects.requireNonNull(bench.mirrorCrm);
    }

    @BeforeEach
    void aContactInBothOfWhichNothingIsInMemory() {
        bench.crm.add("42", "jane@example.com");
        second.add("m7", "jane@example.com");
    }

    Fate mirrored(String operation) {
        return bench.done(Objects.requireNonNull(bench.mirror).operation(operation));
    }

    void mirrorIsDown() {
        second.failures = () -> CrmException.unavailable("down", 500);
    }

    void mirrorIsUp() {
        second.failures = () -> null;
    }
}
