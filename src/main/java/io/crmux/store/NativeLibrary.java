package io.crmux.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The part of SQLite's driver that is no Java. The driver would unpack it by itself, too; but a process that is killed would leave it behind among the
 * temporary files for ever, and each start would look through all of these and compare what was unpacked byte by byte.
 */
final class NativeLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private static final String FOLDER = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";
    private static final String TEMPORARY = "org.sqlite.tmpdir";

    private static boolean isLoaded;

    private NativeLibrary() {}

    /** Loads it, unless it is. What fails here is left to the driver, which tells what is wrong. */
    static synchronized void load() {
        if (isLoaded) {
            return;
        }
        isLoaded = true;
        if (System.getProperty(FOLDER) != null) {
            return;
        }
        try {
            loadUnpacked();
        } catch (Exception failed) {
            LOG.debug("SQLite's library is left to its driver", failed);
        }
    }

    private static void loadUnpacked() throws Exception {
        String temporary = System.getProperty(TEMPORARY);
        Path parent = Path.of(temporary == null ? System.getProperty("java.io.tmpdir") : temporary);
        Path folder = Files.createTempDirectory(parent, "crmux-");
        Path library = folder.resolve(LibraryLoaderUtil.getNativeLibName());
        try {
            unpack(library);
            System.setProperty(TEMPORARY, folder.toString());
            System.setProperty(FOLDER, folder.toString());
            System.setProperty(NAME, library.getFileName().toString());
            SQLiteJDBCLoader.initialize();
        } finally {
            System.clearProperty(FOLDER);
            System.clearProperty(NAME);
            restore(TEMPORARY, temporary);
            delete(library);
            delete(folder);
        }
    }

    private static void unpack(Path library) throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (packed == null) {
                throw new IOException("the driver does not bring " + resource);
            }
            Files.copy(packed, library);
        }
    }

    private static void restore(String property, @Nullable String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    /** What is loaded needs no file any more, but for systems that keep it open: there it goes with the process. */
    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException open) {
            file.toFile().deleteOnExit();
        }
    }
}
