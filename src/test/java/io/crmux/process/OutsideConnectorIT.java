package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An author outside crmux's tree needs nothing but crmux and its kit: the example in {@code src/it} is built and judged by the kit in a project of its own, whose
 * repository has crmux as a release would put it there.
 */
class OutsideConnectorIT {

    private static final Path EXAMPLE = Path.of("src/it/acme-crm");
    private static final long MINUTES = 5;

    /** What the repository has is taken, whichever mirror it came from: no file tells. */
    private static final String ANY_ORIGIN = "-Daether.enhancedLocalRepository.trackingFilename=none";

    private final List<Path> links = new ArrayList<>();

    @TempDir
    private Path work = Path.of("");

    /** Before the folder is deleted, which warns of each. */
    @AfterEach
    void unlink() throws IOException {
        for (Path link : links) {
            Files.delete(link);
        }
    }

    @Test
    void theKitJudgesAConnectorOfAnotherProject() throws Exception {
        String version = System.getProperty("crmux.version", "");
        Path repository = repository(version);
        Path project = work.resolve("acme-crm");
        copy(project);
        List<String> command = List.of(
                Path.of(System.getProperty("maven.home", ""), "bin", "mvn").toString(),
                "-B",
                "-o",
                "-Dmaven.repo.local=" + repository,
                ANY_ORIGIN,
                "-Dcrmux.version=" + version,
                "verify");
        Path said = work.resolve("said");
        Process maven = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(maven.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            maven.destroyForcibly();
        }
        String output = Files.readString(said);
        assertThat(maven.exitValue()).as(output).isZero();
        assertThat(output)
                .containsPattern("Tests run: \\d{2,}, Failures: 0, Errors: 0, Skipped: 0.*AcmeContractTest")
                .containsPattern("Tests run: \\d{2,}, Failures: 0, Errors: 0, Skipped: 0.*AcmeFaultTest");
        assertThat(project.resolve("target/acme-crm-1.0.jar")).exists();
    }

    /** The machine's own repository, with crmux in it, and without a change to the real one. */
    private Path repository(String version) throws IOException {
        Path real = Path.of(System.getProperty("maven.repository", ""));
        Path repository = Files.createDirectories(work.resolve("repository"));
        link(real, repository, "io");
        link(real.resolve("io"), Files.createDirectory(repository.resolve("io")), "crmux");
        Path crmux =
                Files.createDirectories(repository.resolve("io/crmux/crmux").resolve(version));
        String name = "crmux-" + version;
        Files.copy(Path.of(System.getProperty("crmux.jar", "target/crmux.jar")), crmux.resolve(name + ".jar"));
        Files.copy(Path.of("target/crmux-kit.jar"), crmux.resolve(name + "-kit.jar"));
        Files.copy(Path.of("dependency-reduced-pom.xml"), crmux.resolve(name + ".pom"));
        return repository;
    }

    private void link(Path from, Path to, String butNot) throws IOException {
        try (Stream<Path> children = Files.list(from)) {
            for (Path child : children.toList()) {
                String name = child.getFileName().toString();
                if (!name.equals(butNot)) {
                    links.add(Files.createSymbolicLink(to.resolve(name), child));
                }
            }
        }
    }

    private static void copy(Path to) throws IOException {
        try (Stream<Path> all = Files.walk(EXAMPLE)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(EXAMPLE.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
