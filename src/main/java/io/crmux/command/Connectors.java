package io.crmux.command;

import io.crmux.crm.Connector;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The connectors that are there: crmux's own, and those of the jars in a folder. */
final class Connectors {

    private Connectors() {}

    /** Crmux's own, by slug. */
    static List<Connector> ours() {
        return ServiceLoader.load(Connector.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(connector -> connector.descriptor().slug()))
                .toList();
    }

    /**
     * Crmux's own and those of all jars in a folder, by slug.
     *
     * @param folder null for none
     * @throws LibraryException when a jar cannot be used, or two connectors have one slug: with all that is wrong
     */
    static List<FoundConnector> withJarsOf(@Nullable Path folder) throws LibraryException {
        List<FoundConnector> all = new ArrayList<>();
        ours().forEach(connector -> all.add(new FoundConnector(connector, FoundConnector.OURS)));
        List<String> problems = new ArrayList<>();
        for (Path jar : folder == null ? List.<Path>of() : jars(folder)) {
            try {
                all.addAll(ConnectorJar.open(jar));
            } catch (LibraryException e) {
                problems.addAll(e.problems());
            }
        }
        Map<String, String> origins = new HashMap<>();
        for (FoundConnector found : all) {
            String other = origins.putIfAbsent(found.slug(), found.origin());
            if (other != null) {
                problems.add(found.origin() + ": a connector " + found.slug() + " is there already, from " + other);
            }
        }
        if (!problems.isEmpty()) {
            throw new LibraryException(problems);
        }
        all.sort(Comparator.comparing(FoundConnector::slug));
        return all;
    }

    private static List<Path> jars(Path folder) throws LibraryException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        } catch (IOException e) {
            throw new LibraryException(List.of(folder + ": this folder cannot be read"));
        }
        jars.sort(Comparator.naturalOrder());
        return jars;
    }
}
