package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.crmux.crm.Connector;
import io.crmux.crm.InMemory;
import io.crmux.crm.OAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A connector is complete: found by the service loader, judged by the kit, and told of in the documentation. */
class CatalogueTest {

    private static final Path PAGE = Path.of("src/site/markdown/catalogue.md");
    private static final int MOST_LINES = 60;

    /** Write it anew with {@code mvn test -Dtest=CatalogueTest -Dcatalogue.write=true}. */
    @Test
    void thePageIsWhatTheConnectorsSay() throws IOException {
        String page = Catalogue.page(Connectors.ours());
        if (Boolean.getBoolean("catalogue.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    @Test
    void everyConnectorHasItsServiceEntry() {
        List<String> written = new ClassFileImporter()
                .importPath(Path.of("target/classes/io/crmux/connector")).stream()
                        .filter(type -> type.isAssignableTo(Connector.class) && !type.isInterface())
                        .map(JavaClass::getName)
                        .toList();
        assertThat(Connectors.ours())
                .extracting(connector -> connector.getClass().getName())
                .containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void everyConnectorIsJudgedByTheKit() throws IOException {
        Map<String, String> contracts = subclasses("ConnectorContract");
        Map<String, String> faults = subclasses("FaultContract");
        Map<String, String> oauths = subclasses("OAuthContract");
        for (Connector connector : Connectors.ours()) {
            String slug = connector.descriptor().slug();
            assertThat(openers(contracts, connector))
                    .as("the contract of " + slug)
                    .isNotEmpty();
            if (!(connector instanceof InMemory) && !slug.equals("ghost")) {
                assertThat(openers(faults, connector))
                        .as("the faults of " + slug)
                        .isNotEmpty();
            }
            if (speaksOAuth(connector)) {
                assertThat(openers(oauths, connector))
                        .as("the tokens of " + slug)
                        .isNotEmpty();
            }
        }
        assertThat(contracts.entrySet())
                .allSatisfy(file -> assertThat(file.getValue().lines().count())
                        .as(file.getKey())
                        .isLessThanOrEqualTo(MOST_LINES));
    }

    private static boolean speaksOAuth(Connector connector) {
        return connector.descriptor().authentication().choices().stream()
                .anyMatch(way -> way.needs().contains(OAuth.CLIENT_ID));
    }

    /** Ghost is judged by a real one, which cannot be told to fail. */
    private static List<String> openers(Map<String, String> sources, Connector connector) {
        String opening = "new " + connector.getClass().getSimpleName() + "()";
        return sources.entrySet().stream()
                .filter(source -> source.getValue().contains(opening))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Map<String, String> subclasses(String contract) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java/io/crmux"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                if (source.contains(" extends " + contract + " {")) {
                    sources.put(file.getFileName().toString(), source);
                }
            }
        }
        return sources;
    }

    @Test
    void everyConnectorHasItsRowInTheDocumentation() throws IOException {
        String rows = Files.readString(Path.of("src/site/markdown/connectors.md"));
        assertThat(Connectors.ours())
                .allSatisfy(connector ->
                        assertThat(rows).contains("| `" + connector.descriptor().slug() + "` |"));
    }
}
