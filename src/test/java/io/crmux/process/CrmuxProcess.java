package io.crmux.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** crmux as its users run it: the jar, a configuration, a port. It can be killed, stopped and started again on the same store. */
final class CrmuxProcess implements AutoCloseable {

    static final String KEY = "test-key-0123456789abcdef0123";
    private static final String SHA256 = "194cc8797d817fc447c47620d5a95e6e7b178e64b935c3a8b8cc55e595d3953b";
    private static final long START_SECONDS = 30;
    /** A loop that gets no processor for half a second, since others have them all, is not blocked. */
    private static final long BLOCKED_MILLIS = 1_000;

    private static final String BLOCKED = "has been blocked";
    private static final int STACK_LINES = 60;

    private final Path folder;
    private final int port;
    private final String basePath;
    private final List<String> options;
    private List<String> jvm = List.of();
    private Process process;
    /** Where in its log it began to serve: what blocks a loop while it starts is not looked for. */
    private long served = Long.MAX_VALUE;

    private CrmuxProcess(Path folder, int port, String basePath, List<String> options) {
        this.folder = folder;
        this.port = port;
        this.basePath = basePath;
        this.options = options;
        this.process = launch();
    }

    /** Starts it in a folder, with these connections (YAML, indented by two). */
    static CrmuxProcess start(Path folder, String connections) {
        return start(folder, "/", connections);
    }

    static CrmuxProcess start(Path folder, String basePath, String connections) {
        return start(folder, basePath, connections, List.of());
    }

    /** With the connectors in {@code lib} below the folder. */
    static CrmuxProcess startWithLib(Path folder, String connections) {
        return start(
                folder, "/", connections, List.of("--lib", folder.resolve("lib").toString()));
    }

    private static CrmuxProcess start(Path folder, String basePath, String connections, List<String> options) {
        int port = freePort();
        configure(folder, port, basePath, connections);
        CrmuxProcess crmux = new CrmuxProcess(folder, port, basePath, options);
        crmux.awaitReady();
        return crmux;
    }

    private static void configure(Path folder, int port, String basePath, String connections) {
        String config = String.join(
                System.lineSeparator(),
                "server: {port: " + port + ", base_path: " + basePath + "}",
                "store: {path: " + folder.resolve("crmux.db") + "}",
                "keys: [{name: test, sha256: " + SHA256 + ", connections: [\"*\"], may: [read, write, admin]}]",
                "connections:",
                connections);
        try {
            Files.writeString(folder.resolve("crmux.yaml"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it, changes its connections, and starts it again on the same store. */
    void restartWith(String connections) {
        stop();
        configure(folder, port, basePath, connections);
        restart();
    }

    /** A port that is free now. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-ea:io.crmux...");
        command.add("-Dcrmux.blocked.millis=" + BLOCKED_MILLIS);
        command.addAll(jvm);
        command.addAll(List.of("-jar", System.getProperty("crmux.jar", "target/crmux.jar")));
        command.addAll(List.of("serve", "--config", folder.resolve("crmux.yaml").toString()));
        command.addAll(options);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return folder.resolve("crmux.log");
    }

    /** Everything that it has said. */
    String said() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < until && process.isAlive()) {
            if (client().isReady()) {
                served = logged();
                return;
            }
            Waiting.briefly();
        }
        throw new AssertionError("crmux does not start:\n" + said());
    }

    private long logged() {
        try {
            return Files.size(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing blocks an event loop, whatever a test does. */
    private void assertNothingWasBlocked() {
        if (served > logged()) {
            return;
        }
        try (SeekableByteChannel channel = Files.newByteChannel(log()).position(served)) {
            String since = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            if (since.contains(BLOCKED)) {
                throw new AssertionError("an event loop was blocked:\n" + stack(since));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String stack(String log) {
        return log.lines()
                .dropWhile(line -> !line.contains(BLOCKED))
                .limit(STACK_LINES)
                .collect(Collectors.joining("\n"));
    }

    /** A client with the key. */
    Client client() {
        return new Client("http://127.0.0.1:" + port + basePath, KEY);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** Ends it without a warning. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
        assertNothingWasBlocked();
    }

    /** Asks it to stop, and answers with its exit code. */
    int stop() {
        process.destroy();
        int code = awaitEnd();
        assertNothingWasBlocked();
        return code;
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("crmux does not end:\n" + said());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Options of the JVM from the next start on. */
    void jvm(String... options) {
        jvm = List.of(options);
    }

    /** Starts it again on the same store. */
    void restart() {
        begin();
        awaitReady();
    }

    /** Starts it again, and does not wait until it is ready. */
    void begin() {
        served = Long.MAX_VALUE;
        process = launch();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        assertNothingWasBlocked();
    }
}
