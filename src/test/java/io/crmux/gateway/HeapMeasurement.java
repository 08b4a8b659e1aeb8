package io.crmux.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs what measures heap in a JVM of its own, and reads what it prints: a name and its bytes on a line for each. */
final class HeapMeasurement {

    private HeapMeasurement() {}

    /**
     * Bytes by name. The serial collector leaves nothing behind, so that what is measured is the same each time.
     *
     * @param most the most heap that it gets, as {@code -Xmx} takes it
     */
    static Map<String, Integer> of(Class<?> measuring, String most, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + most,
                "-cp",
                System.getProperty("java.class.path"),
                measuring.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(said);
        return said.lines()
                .filter(line -> line.matches("[a-z-]+ \\d+"))
                .map(line -> line.split(" ", -1))
                .collect(Collectors.toMap(words -> words[0], words -> Integer.parseInt(words[1])));
    }
}
