package io.crmux.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real Ghost, started by the script that comes with the shared folder. Found by the environment variables CRMUX_SHARED and CRMUX_GHOST_DIR; where they
 * are not set, tests that need it are skipped.
 */
final class RealGhost implements AutoCloseable {

    private final Path script;
    private final String folder;
    private final int port;
    private Map<String, String> said;

    private RealGhost(Path script, String folder) {
        this.script = script;
        this.folder = folder;
        this.port = CrmuxProcess.freePort();
        this.said = run("start", Integer.toString(port));
    }

    /** Whether it is installed. */
    static boolean isThere() {
        return System.getenv("CRMUX_GHOST_DIR") != null && System.getenv("CRMUX_SHARED") != null;
    }

    static RealGhost start() {
        return new RealGhost(Path.of(System.getenv("CRMUX_SHARED"), "real", "ghost"), System.getenv("CRMUX_GHOST_DIR"));
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    String key() {
        return Optional.ofNullable(said.get("GHOST_KEY")).orElseThrow();
    }

    void stop() {
        Optional<ProcessHandle> process =
                Optional.ofNullable(said.get("GHOST_PID")).flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)));
        process.ifPresent(ProcessHandle::destroy);
        Waiting.until(
                "Ghost has ended",
                () -> process.map(running -> !running.isAlive()).orElse(true));
    }

    void startAgain() {
        Map<String, String> before = said;
        said = new HashMap<>(before);
        said.putAll(run("restart"));
    }

    private Map<String, String> run(String command, String... arguments) {
        List<String> line = new java.util.ArrayList<>(List.of("bash", script.toString(), command, folder));
        line.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Map<String, String> values = new HashMap<>();
            process.inputReader().lines().forEach(text -> {
                int equals = text.indexOf('=');
                if (equals > 0) {
                    values.put(text.substring(0, equals), text.substring(equals + 1));
                }
            });
            if (process.waitFor() != 0) {
                throw new AssertionError("Ghost does not start");
            }
            return values;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
