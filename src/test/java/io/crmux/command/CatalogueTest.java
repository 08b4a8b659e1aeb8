package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A connector is complete: found by the service loader, judged by the kit, and told of in the documentation. */
class CatalogueTest {

    private static final Path PAGE = Path.of("src/site/markdown/catalogue.md");
    private static final int MOST_LINES = 60;

    /** Write it anew with {@code mvn test -Dtest=CatalogueTest -Dcatalogue.write=true}. */
    @Test
    void thePageIsWhatTheConnectorsSay() throws IOException {
        String page = Catalogue.page(Connectors.all());
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
        assertThat(Connectors.all())
                .extracting(connector -> connector.getClass().getName())
                .containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void everyConnectorIsJudgedByTheKit() throws IOException {
        List<String> subclasses = kitSubclasses();
        assertThat(Connectors.all())
                .allSatisfy(connector -> assertThat(subclasses)
                        .as(connector.descriptor().slug())
                        .anyMatch(source -> source.contains("extends " + ConnectorContract.class.getSimpleName())
                                && source.contains("new " + connector.getClass().getSimpleName() + "()")));
        assertThat(subclasses).allMatch(source -> source.lines().count() <= MOST_LINES);
    }

    private static List<String> kitSubclasses() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java/io/crmux"))) {
            return files.filter(file ->
                            file.getFileName().toString().matches("\\w+(ContractTest|ContractIT|FaultTest)\\.java"))
                    .map(CatalogueTest::read)
                    .filter(source -> source.contains("connector.kit."))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyConnectorHasItsRowInTheDocumentation() throws IOException {
        String rows = Files.readString(Path.of("src/site/markdown/connectors.md"));
        assertThat(Connectors.all())
                .allSatisfy(connector ->
                        assertThat(rows).contains("| `" + connector.descriptor().slug() + "` |"));
    }
}
