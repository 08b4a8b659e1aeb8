package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.command.CompiledJar;
import io.crmux.connector.fake.FakeCrm;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product with a connector that is not its own: dropped into a folder, and served at the next start. */
class ConnectorJarIT {

    @TempDir
    private Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final OnePerson acme = new OnePerson(vertx);

    /** As much of Acme as one contact with one tag needs. */
    private static final class OnePerson extends FakeCrm {

        private final JsonArray tags = new JsonArray().add("customer");

        OnePerson(Vertx vertx) {
            super(vertx);
        }

        @Override
        public String add(String email, String... more) {
            throw new UnsupportedOperationException("there is one person, and no other");
        }

        @Override
        protected synchronized Reply handle(Received call) {
            if (call.path().equals("/tags")) {
                return Reply.json(200, new JsonObject().put("tags", tags));
            }
            if (call.method().equals("PATCH")) {
                call.json().getJsonArray("apply").forEach(tags::add);
            }
            JsonObject person = new JsonObject()
                    .put("id", "7")
                    .put("fields", new JsonObject().put("email", "jane@example.com"))
                    .put("tags", tags);
            return Reply.json(
                    200,
                    call.path().equals("/people")
                            ? new JsonObject().put("people", new JsonArray().add(person))
                            : person);
        }
    }

    @AfterEach
    void stop() {
        acme.close();
        vertx.close().await();
    }

    @Test
    void aJarInTheFolderIsServed() throws IOException {
        Path lib = Files.createDirectory(folder.resolve("lib"));
        CompiledJar.acme(folder.resolve("work")).to(lib.resolve("acme.jar"));
        String connection = "  main: {crm: acme, url: \"" + acme.url() + "\", key: secret}";
        try (CrmuxProcess crmux = CrmuxProcess.startWithLib(folder, connection)) {
            Client site = crmux.client();
            assertThat(site.get("v1/main/contacts/email:jane@example.com/tags").tags())
                    .containsExactly("customer");
            assertThat(site.post(
                                    "v1/main/contacts/7/tags",
                                    new JsonObject().put("tags", new JsonArray().add("gold")),
                                    "Prefer",
                                    "wait=10")
                            .status())
                    .isEqualTo(200);
            assertThat(acme.tags).containsExactly("customer", "gold");
        }
        assertThat(crmux(lib, "connectors"))
                .contains("acme (Acme)")
                .contains(lib.resolve("acme.jar").toString());
    }

    @Test
    void aJarThatCannotBeUsedIsToldAndNothingIsServed() throws IOException {
        Path lib = Files.createDirectory(folder.resolve("lib"));
        Files.writeString(lib.resolve("broken.jar"), "no jar");
        assertThat(crmux(lib, "serve")).contains("exit 3").contains("broken.jar: this is no jar, or a broken one");
    }

    /** What a command says, and how it ends. */
    private String crmux(Path lib, String command) throws IOException {
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        System.getProperty("crmux.jar", "target/crmux.jar"),
                        command,
                        "--lib",
                        lib.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(said) + "exit " + process.exitValue();
    }
}
