package io.crmux.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a store is open once only. The lock is the operating system's: it goes with the process, however that ends, and a file that is
 * left behind means nothing. Within one process it is a set of names that guards, for on POSIX systems closing a second channel on the same file
 * would release the lock that the first one holds.
 */
final class StoreLock implements AutoCloseable {

    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private StoreLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock of a store. @throws StoreLockedException when it is taken */
    static StoreLock take(StoreFiles files) throws IOException {
        Path file = files.lock();
        if (!HELD_HERE.add(file)) {
            throw new StoreLockedException(files.database());
        }
        FileChannel locked = null;
        try {
            files.createPrivate(file);
            locked = lock(file);
        } finally {
            if (locked == null) {
                HELD_HERE.remove(file);
            }
        }
        if (locked == null) {
            throw new StoreLockedException(files.database());
        }
        return new StoreLock(file, locked);
    }

    private static @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : channel;
    }

    /** Releases the lock. The file stays: deleting it could take the lock away from one who has opened it meanwhile. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
