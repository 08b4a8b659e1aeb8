package io.crmux.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that uses a store, and can be killed without a word. */
final class ChildProcess implements AutoCloseable {

    /** Marks what it says among what it logs. */
    private static final String MARK = "> ";

    private final Process process;
    private final BufferedReader output;

    private ChildProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a class of the tests. */
    static ChildProcess of(Class<?> main, Path store) throws IOException {
        return of(main, store, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** The same, with a folder of its own for temporary files. */
    static ChildProcess of(Class<?> main, Path store, Path temporary) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ChildProcess(new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        store.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** For the child: says something to the test that has started it. */
    static void say(String line) {
        System.out.println(MARK + line);
    }

    /** What it says next; waits for it. */
    String line() {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(MARK)) {
                    return line.substring(MARK.length());
                }
            }
            throw new AssertionError("the process ended");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it with SIGKILL. @return what it had said and was not read yet, whole lines only */
    List<String> kill() {
        process.toHandle().destroyForcibly();
        try {
            StringBuilder rest = new StringBuilder();
            for (int c = output.read(); c >= 0; c = output.read()) {
                rest.append((char) c);
            }
            process.waitFor();
            List<String> lines = new ArrayList<>(List.of(rest.toString().split("\n", -1)));
            lines.remove(lines.size() - 1);
            return lines.stream()
                    .filter(line -> line.startsWith(MARK))
                    .map(line -> line.substring(MARK.length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
