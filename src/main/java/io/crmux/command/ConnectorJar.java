package io.crmux.command;

import io.crmux.crm.Connector;
import io.crmux.crm.Descriptor;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A jar with connectors of others. It has a class loader of its own above crmux's, so that two jars may hold different versions of one library. All that
 * can be wrong with it is found when it is opened, and not by the first call.
 */
final class ConnectorJar {

    private static final String SERVICES = "META-INF/services/" + Connector.class.getName();
    private static final String SLUG = "[a-z][a-z0-9-]{0,31}";

    private final Path path;
    private final ClassLoader loader;

    private ConnectorJar(Path path, ClassLoader loader) {
        this.path = path;
        this.loader = loader;
    }

    /**
     * Opens a jar, for as long as the process lives.
     *
     * @return its connectors: at least one
     * @throws LibraryException when it is no jar, holds no connector, or one that cannot be used with this crmux
     */
    static List<FoundConnector> open(Path path) throws LibraryException {
        try (JarFile jar = new JarFile(path.toFile())) {
            if (jar.getEntry(SERVICES) == null) {
                throw problem(path, "it holds no connector: " + SERVICES + " is missing");
            }
            ClassLoader loader = new URLClassLoader(new URL[] {url(path)}, Connector.class.getClassLoader());
            List<String> missing = ApiUse.missing(jar, loader);
            if (!missing.isEmpty()) {
                throw problem(path, "it does not fit this crmux, " + Version.get() + ": " + join(missing));
            }
            return new ConnectorJar(path, loader).connectors();
        } catch (ZipException e) {
            throw problem(path, "this is no jar, or a broken one: " + e.getMessage());
        } catch (IOException e) {
            throw problem(path, "it cannot be read: " + e.getMessage());
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    private static String join(List<String> missing) {
        int more = missing.size() - 3;
        return String.join("; ", missing.subList(0, Math.min(3, missing.size())))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    private List<FoundConnector> connectors() throws LibraryException {
        List<FoundConnector> found = new ArrayList<>();
        try {
            for (ServiceLoader.Provider<Connector> provider :
                    ServiceLoader.load(Connector.class, loader).stream().toList()) {
                if (provider.type().getClassLoader() == loader) {
                    found.add(checked(provider.get()));
                }
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw problem(path, "its connector cannot be made: " + words(e));
        }
        if (found.isEmpty()) {
            throw problem(path, "it holds no connector: " + SERVICES + " names no class of this jar");
        }
        return found;
    }

    private FoundConnector checked(Connector connector) throws LibraryException {
        String name = connector.getClass().getName();
        @Nullable Descriptor descriptor;
        try {
            descriptor = connector.descriptor();
        } catch (RuntimeException e) {
            throw problem(path, name + " does not tell what it is: " + words(e));
        }
        if (descriptor == null || !descriptor.slug().matches(SLUG)) {
            throw problem(path, name + " needs a slug of 1 to 32 lower-case letters, digits and hyphens");
        }
        return new FoundConnector(connector, path.toString());
    }

    private static String words(Throwable failure) {
        Throwable cause = failure.getCause();
        String said = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return cause == null ? said : said + " (" + cause + ")";
    }

    private static LibraryException problem(Path path, String words) {
        return new LibraryException(List.of(path + ": " + words));
    }
}
