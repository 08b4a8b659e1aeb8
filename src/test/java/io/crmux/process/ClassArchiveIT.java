package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive with which crmux starts in half the time. */
class ClassArchiveIT {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String JAR = System.getProperty("crmux.jar");

    @Test
    void theClassesComeFromTheArchive(@TempDir Path folder) throws IOException, InterruptedException {
        Path archive = folder.resolve("crmux.archive");
        List<String> options =
                said("src/dist/class-archive", JAR, archive.toString()).lines().toList();
        assertThat(options).last().asString().startsWith("-XX:").endsWith("=" + archive);
        assertThat(loaded(options)).contains("shared objects file");
        assertThat(loaded(List.of())).doesNotContain("shared objects file");
    }

    /** Where the JVM says that it has our first class from. */
    private static String loaded(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(options);
        command.add(0, JAVA);
        command.addAll(List.of("-Xlog:class+load", "-jar", JAR, "version"));
        List<String> lines = said(command.toArray(String[]::new))
                .lines()
                .filter(line -> line.contains(" io.crmux.Main source: "))
                .toList();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    private static String said(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA", JAVA);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
