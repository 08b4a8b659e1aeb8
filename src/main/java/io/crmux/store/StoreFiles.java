package io.crmux.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The files of a store. Those that are created here are for the owner's eyes only, where the file system can say so; SQLite gives its log the same
 * permissions as the database.
 *
 * @param database its real path
 */
record StoreFiles(Path database) {

    /** Creates what is missing of folder and database file. */
    static StoreFiles create(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        Path name = absolute.getFileName();
        if (folder == null || name == null) {
            throw new IOException("not a path of a file: " + path);
        }
        createFolder(folder);
        StoreFiles files = new StoreFiles(folder.toRealPath().resolve(name));
        if (files.createPrivate(files.database)) {
            sync(folder);
        }
        return files;
    }

    Path lock() {
        return database.resolveSibling(database.getFileName() + ".lock");
    }

    /** Creates a file. Answers whether it was missing. */
    boolean createPrivate(Path file) throws IOException {
        try {
            Files.createFile(file, permissions("rw-------"));
            return true;
        } catch (FileAlreadyExistsException there) {
            return false;
        }
    }

    private static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder, permissions("rwx------"));
        for (Path parent = folder.getParent(); parent != null; parent = parent.getParent()) {
            sync(parent);
        }
    }

    /** Makes a folder's new entries outlive a power cut. */
    private static void sync(Path folder) throws IOException {
        if (posix() && Files.isReadable(folder)) {
            try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }

    private static FileAttribute<?>[] permissions(String text) {
        return posix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))}
                : new FileAttribute<?>[0];
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
