package io.crmux.command;

import io.crmux.config.ConnectionConfig;
import io.crmux.crm.Sha256;
import io.crmux.gateway.contact.ContactMemory;
import io.crmux.gateway.contact.ContactSnapshot;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is cached of one connection's contacts, in a file beside the store from an orderly stop to the next start.
 *
 * <p>It is read once and then deleted: were it read again after a crash, it would take back what was written meanwhile. It holds addresses and tags,
 * and nobody else may read it. A check sum at its end tells whether it is whole.
 */
final class SnapshotFile {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);

    private static final long MAGIC = 0x63726d75782d736eL;
    private static final int CHECK_BYTES = Long.BYTES;
    private static final int BUFFER_BYTES = 1 << 16;

    private final String connection;
    private final Path file;
    private final Path fresh;
    private final byte[] account;
    private final long freshMillis;
    private final long staleMillis;
    private final LongSupplier millis;

    /** @param millis the time, in milliseconds since 1970 */
    SnapshotFile(ConnectionConfig config, Path store, LongSupplier millis) {
        this.connection = config.name();
        this.file = store.resolveSibling(store.getFileName() + "." + connection + ".snapshot");
        this.fresh = file.resolveSibling(file.getFileName() + ".new");
        this.account = account(config);
        this.freshMillis = config.cache().fresh().toMillis();
        this.staleMillis = config.cache().stale().toMillis();
        this.millis = millis;
    }

    /** Equal for the same CRM with the same settings: whose they are cannot be told from the hash. */
    private static byte[] account(ConnectionConfig config) {
        Map<String, String> settings = new TreeMap<>(config.settings().values());
        String words = config.connector().descriptor().slug() + settings;
        return Sha256.of(words);
    }

    /** Writes what is in memory, in place of what the file held. A failure is logged: the next start is a cold one. */
    void write(ContactMemory memory) {
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh);
            onlyForOurselves(fresh);
            int contacts;
            try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
                contacts = write(memory, out);
                out.getFD().sync();
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            LOG.info("{}: {} cached contacts are kept for the next start", connection, contacts);
        } catch (IOException failure) {
            LOG.warn("{}: what is cached could not be kept for the next start: {}", connection, failure.toString());
            delete();
        }
    }

    private static void onlyForOurselves(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private int write(ContactMemory memory, OutputStream file) throws IOException {
        CheckedOutputStream checked =
                new CheckedOutputStream(new BufferedOutputStream(file, BUFFER_BYTES), new CRC32());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeLong(MAGIC);
        out.writeInt(ContactSnapshot.FORMAT);
        out.write(account);
        out.writeLong(millis.getAsLong());
        int contacts = ContactSnapshot.write(memory, out);
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
        return contacts;
    }

    /** Keeps in memory what the file holds, as stale, and deletes it. What cannot be used is logged and passed over. */
    void readOnce(ContactMemory memory) {
        try {
            if (Files.exists(file)) {
                read(memory);
            }
        } catch (IOException | RuntimeException failure) {
            LOG.warn("{}: the snapshot cannot be read, the cache starts empty: {}", connection, failure.toString());
        } finally {
            delete();
        }
    }

    private void read(ContactMemory memory) throws IOException {
        String unusable = unusable();
        if (unusable != null) {
            LOG.warn("{}: the snapshot {}, the cache starts empty", connection, unusable);
            return;
        }
        try (DataInputStream in = open(file)) {
            in.skipNBytes(Long.BYTES + Integer.BYTES + account.length + Long.BYTES);
            long latest = millis.getAsLong() - freshMillis - 1;
            LOG.info("{}: {} contacts are in the cache again", connection, ContactSnapshot.read(in, memory, latest));
        }
    }

    /** Why the file cannot be used; null when it can. Nothing is kept before all of it was seen to be whole. */
    private @Nullable String unusable() throws IOException {
        if (!isWhole()) {
            return "is damaged";
        }
        try (DataInputStream in = open(file)) {
            in.readLong();
            if (in.readInt() != ContactSnapshot.FORMAT) {
                return "is of another format";
            }
            if (!Arrays.equals(in.readNBytes(account.length), account)) {
                return "is of another account";
            }
            long age = millis.getAsLong() - in.readLong();
            return age > Math.max(staleMillis, freshMillis) ? "is too old" : null;
        } catch (EOFException e) {
            return "is damaged";
        }
    }

    private boolean isWhole() throws IOException {
        long left = Files.size(file) - CHECK_BYTES;
        try (CheckedInputStream checked = new CheckedInputStream(buffered(file), new CRC32());
                DataInputStream in = new DataInputStream(checked)) {
            if (left < Long.BYTES || in.readLong() != MAGIC) {
                return false;
            }
            in.skipNBytes(left - Long.BYTES);
            long sum = checked.getChecksum().getValue();
            return in.readLong() == sum;
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        return new DataInputStream(buffered(file));
    }

    private static InputStream buffered(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    }

    /** Nothing is to be read back any more. */
    void delete() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(fresh);
        } catch (IOException failure) {
            LOG.warn("{}: the snapshot cannot be deleted: {}", connection, failure.toString());
        }
    }
}
