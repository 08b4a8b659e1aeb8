package io.crmux.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.config.ConnectionConfig;
import io.crmux.crm.Connector;
import io.crmux.crm.Settings;
import io.crmux.gateway.Address;
import io.crmux.gateway.BatchOptions;
import io.crmux.gateway.CacheOptions;
import io.crmux.gateway.ConnectionOptions;
import io.crmux.gateway.contact.ContactMemory;
import io.crmux.gateway.contact.TagSet;
import io.crmux.gateway.contact.VisibleTags;
import io.crmux.gateway.load.Entry;
import io.crmux.upstream.UpstreamOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {

    private static final long NOW = 1_800_000_000_000L;
    private static final Address JANE = new Address("jane@example.com");

    @TempDir
    private Path folder = Path.of("");

    private long now = NOW;

    private SnapshotFile of(String contacts) {
        Connector sandbox = Connectors.ours().stream()
                .filter(connector -> connector.descriptor().slug().equals("sandbox"))
                .findFirst()
                .orElseThrow();
        ConnectionConfig config = new ConnectionConfig(
                "main",
                sandbox,
                new Settings(Map.of("contacts", contacts)),
                Map.of(),
                CacheOptions.defaults(),
                BatchOptions.defaults(),
                UpstreamOptions.defaults(),
                ConnectionOptions.DEFAULT_WAITING,
                ConnectionOptions.Mode.LIVE,
                List.of());
        return new SnapshotFile(config, folder.resolve("crmux.db"), () -> now);
    }

    private Path file() {
        return folder.resolve("crmux.db.main.snapshot");
    }

    private static ContactMemory memory() {
        ContactMemory memory = new ContactMemory(10_000_000);
        memory.tags().put("42", Entry.loaded(TagSet.of(List.of("customer", "vip")), NOW - 1));
        memory.tags().put("x", Entry.loaded(TagSet.of(List.of("vip")), NOW - 2));
        memory.ids().put(JANE, Entry.loaded("42", NOW - 3));
        return memory;
    }

    private ContactMemory readBack(SnapshotFile snapshot) {
        ContactMemory memory = new ContactMemory(10_000_000);
        snapshot.readOnce(memory);
        return memory;
    }

    private static boolean isEmpty(ContactMemory memory) {
        return memory.tags().get("42") == null
                && memory.tags().get("x") == null
                && memory.ids().get(JANE) == null;
    }

    @Test
    void whatWasInMemoryIsThereAgainAndIsStale() {
        of("7").write(memory());
        ContactMemory again = readBack(of("7"));
        Entry<VisibleTags> tags = requireNonNull(again.tags().get("42"));
        assertThat(tags.value()).isEqualTo(TagSet.of(List.of("customer", "vip")));
        assertThat(tags.loadedAt()).isLessThan(NOW - Duration.ofMinutes(15).toMillis());
        assertThat(requireNonNull(again.ids().get(JANE)).value()).isEqualTo("42");
        assertThat(again.tags().get("x")).isNotNull();
    }

    @Test
    void itIsReadOnceAndByNobodyElse() throws IOException {
        of("7").write(memory());
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(isEmpty(readBack(of("7")))).isFalse();
        assertThat(folder).isEmptyDirectory();
        assertThat(isEmpty(readBack(of("7")))).isTrue();
    }

    @Test
    void oneOfAnotherAccountOrTooOldIsPassedOver() {
        of("7").write(memory());
        assertThat(isEmpty(readBack(of("8")))).isTrue();
        of("7").write(memory());
        now += Duration.ofHours(24).toMillis() + 1;
        assertThat(isEmpty(readBack(of("7")))).isTrue();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDamagedOneIsPassedOver() throws IOException {
        of("7").write(memory());
        byte[] good = Files.readAllBytes(file());
        for (int i = 0; i < good.length; i += 5) {
            byte[] damaged = good.clone();
            damaged[i] ^= 0x10;
            Files.write(file(), damaged);
            assertThat(isEmpty(readBack(of("7")))).as("byte %d", i).isTrue();
            Files.write(file(), Arrays.copyOf(good, i));
            assertThat(isEmpty(readBack(of("7")))).as("%d bytes", i).isTrue();
        }
    }

    @Test
    void aWriteThatWasCutOffLeavesTheOneBefore() throws IOException {
        of("7").write(memory());
        Files.write(folder.resolve("crmux.db.main.snapshot.new"), new byte[] {1, 2, 3});
        assertThat(isEmpty(readBack(of("7")))).isFalse();
        assertThat(folder).isEmptyDirectory();
    }
}
