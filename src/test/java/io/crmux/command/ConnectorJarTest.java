package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connectors in jars beside crmux: found, and refused with words that help. */
class ConnectorJarTest {

    @TempDir
    private Path work = Path.of("");

    private Path lib = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        lib = Files.createDirectory(work.resolve("lib"));
    }

    private List<String> problems() {
        LibraryException refused = catchThrowableOfType(LibraryException.class, () -> Connectors.withJarsOf(lib));
        assertThat(refused).as("refused").isNotNull();
        assertThat(refused.getMessage()).doesNotContain("\tat ");
        return refused.problems();
    }

    @Test
    void aConnectorInAJarIsFound() throws Exception {
        Path jar = CompiledJar.acme(work).to(lib.resolve("acme.jar"));
        Files.writeString(lib.resolve("README.txt"), "no jar");
        List<FoundConnector> found = Connectors.withJarsOf(lib);
        assertThat(found).hasSize(Connectors.ours().size() + 1);
        assertThat(found)
                .filteredOn(each -> each.slug().equals("acme"))
                .extracting(FoundConnector::origin)
                .containsExactly(jar.toString());
        assertThat(found)
                .filteredOn(each -> !each.slug().equals("acme"))
                .allMatch(each -> each.origin().equals(FoundConnector.OURS));
    }

    @Test
    void anEmptyFolderAddsNothing() throws Exception {
        assertThat(Connectors.withJarsOf(lib)).hasSameSizeAs(Connectors.ours());
    }

    @Test
    void aFolderThatIsNotThereIsTold() {
        lib = work.resolve("none");
        assertThat(problems()).containsExactly(lib + ": this folder cannot be read");
    }

    @Test
    void aBrokenJarIsTold() throws IOException {
        Path jar = CompiledJar.acme(work).to(lib.resolve("acme.jar"));
        byte[] bytes = Files.readAllBytes(jar);
        Files.write(jar, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Files.writeString(lib.resolve("text.jar"), "no jar");
        assertThat(problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains("this is no jar, or a broken one"));
    }

    @Test
    void aJarWithoutConnectorsIsTold() {
        Path none = new CompiledJar(work).resource("README", "none").to(lib.resolve("a.jar"));
        Path empty = new CompiledJar(work).resource(CompiledJar.SERVICES, "").to(lib.resolve("b.jar"));
        assertThat(problems())
                .containsExactly(
                        none + ": it holds no connector: " + CompiledJar.SERVICES + " is missing",
                        empty + ": it holds no connector: " + CompiledJar.SERVICES + " names no class of this jar");
    }

    @Test
    void aConnectorThatCannotBeMadeIsTold() {
        new CompiledJar(work).resource(CompiledJar.SERVICES, "com.example.Gone").to(lib.resolve("a.jar"));
        new CompiledJar(work.resolve("b"))
                .source("com/example/Other.java", "package com.example; public class Other {}")
                .resource(CompiledJar.SERVICES, "com.example.Other")
                .to(lib.resolve("b.jar"));
        new CompiledJar(work.resolve("c"))
                .source(
                        "com/example/acme/AcmeCrm.java",
                        CompiledJar.acmeSource().replace("private static final Descriptor DESCRIPTOR", """
                                public AcmeCrm() {
                                    throw new IllegalStateException("no licence");
                                }

                                private static final Descriptor DESCRIPTOR"""))
                .resource(CompiledJar.SERVICES, "com.example.acme.AcmeCrm")
                .to(lib.resolve("c.jar"));
        assertThat(problems()).hasSize(3);
        assertThat(problems().get(0)).contains("com.example.Gone not found");
        assertThat(problems().get(1)).contains("com.example.Other not a subtype");
        assertThat(problems().get(2)).contains("no licence");
    }

    @Test
    void aConnectorThatDoesNotSayWhatItIsIsTold() {
        acmeWith("return DESCRIPTOR;", "throw new IllegalStateException(\"no licence\");", "a.jar");
        acmeWith("\"acme\",", "\"Acme CRM\",", "b.jar");
        assertThat(problems()).hasSize(2);
        assertThat(problems().get(0)).contains("com.example.acme.AcmeCrm does not tell what it is: no licence");
        assertThat(problems().get(1)).contains("needs a slug of 1 to 32 lower-case letters");
    }

    private Path acmeWith(String text, String other, String jar) {
        assertThat(CompiledJar.acmeSource()).contains(text);
        return new CompiledJar(work.resolve(jar + ".work"))
                .source(
                        "com/example/acme/AcmeCrm.java",
                        CompiledJar.acmeSource().replace(text, other))
                .resource(CompiledJar.SERVICES, "com.example.acme.AcmeCrm")
                .to(lib.resolve(jar));
    }

    @Test
    void twoConnectorsWithOneSlugAreTold() {
        Path one = CompiledJar.acme(work).to(lib.resolve("a.jar"));
        Path other = CompiledJar.acme(work).to(lib.resolve("b.jar"));
        Path ours = acmeWith("\"acme\",", "\"drip\",", "c.jar");
        assertThat(problems())
                .containsExactly(
                        other + ": a connector acme is there already, from " + one,
                        ours + ": a connector drip is there already, from crmux");
    }

    /** It would fail at the first search for a contact, and not before. */
    @Test
    void whatAJarUsesAndIsNotThereIsToldAtOnce() {
        String json = """
                package io.crmux.crm;
                public final class Json {
                    public static io.vertx.core.json.JsonArray array(io.vertx.core.json.JsonObject json, String key) { return null; }
                    public static io.vertx.core.json.JsonObject object(io.vertx.core.json.JsonObject json, String key) { return null; }
                    public static java.util.stream.Stream<io.vertx.core.json.JsonObject> objects(io.vertx.core.json.JsonObject json, String key) { return null; }
                    public static String text(io.vertx.core.json.JsonObject json, String key) { return null; }
                    public static String textOrNull(io.vertx.core.json.JsonObject json, String key) { return null; }
                    public static Long integer(io.vertx.core.json.JsonObject json, String key) { return null; }
                }
                """;
        acmeAgainst(
                "io/crmux/crm/Json.java",
                json,
                CompiledJar.acmeSource()
                        .replace("Json.integer(page, \"next\")", "Math.toIntExact(Json.integer(page, \"next\"))"));
        assertThat(problems()).hasSize(1);
        assertThat(problems().get(0))
                .contains("does not fit this crmux")
                .contains("io.crmux.crm.Json has no integer of the kind that was expected");
    }

    @Test
    void whatIsAskedOfAConnectorAndItHasNotIsToldAtOnce() {
        String older = """
                package io.crmux.crm;
                public interface Connector {
                    Descriptor descriptor();
                    Crm open(Settings settings, Http http);
                }
                """;
        String source = CompiledJar.acmeSource();
        int judge = source.indexOf("    @Override\n    public Verdict judge");
        int next = source.indexOf("    private static String message");
        acmeAgainst("io/crmux/crm/Connector.java", older, source.substring(0, judge) + source.substring(next));
        assertThat(problems()).hasSize(1);
        assertThat(problems().get(0))
                .contains("com.example.acme.AcmeCrm has no judge, which io.crmux.crm.Connector asks for");
    }

    private void acmeAgainst(String path, String api, String source) {
        new CompiledJar(work.resolve("against"))
                .against(path, api)
                .source("com/example/acme/AcmeCrm.java", source)
                .resource(CompiledJar.SERVICES, "com.example.acme.AcmeCrm")
                .to(lib.resolve("acme.jar"));
    }

    /** The class file's version stands in its seventh and eighth byte. */
    @Test
    void aJarForANewerJavaIsTold() throws IOException {
        Path classes = work.resolve("classes/com/example/acme");
        CompiledJar acme = CompiledJar.acme(work);
        acme.to(work.resolve("first.jar"));
        byte[] bytes = Files.readAllBytes(classes.resolve("AcmeCrm.class"));
        bytes[7] = 99;
        try (var jar = new java.util.jar.JarOutputStream(Files.newOutputStream(lib.resolve("new.jar")))) {
            jar.putNextEntry(new java.util.jar.JarEntry(CompiledJar.SERVICES));
            jar.write("com.example.acme.AcmeCrm".getBytes(StandardCharsets.UTF_8));
            jar.putNextEntry(new java.util.jar.JarEntry("com/example/acme/AcmeCrm.class"));
            jar.write(bytes);
        }
        assertThat(problems()).hasSize(1);
        assertThat(problems().get(0)).contains("more recent version of the Java Runtime");
    }
}
