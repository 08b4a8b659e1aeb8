package io.crmux.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** strace on a process that runs: sees its system calls, and makes them fail, until it is closed. */
final class Strace implements AutoCloseable {

    private static final long END_SECONDS = 30;

    private final Process process;
    private final Path output;

    private Strace(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Attaches to all threads of a process; blocks until that is done. @param options which calls to see, and what to do to them */
    static Strace attach(long pid, Path output, String... options) {
        List<String> command = new ArrayList<>(List.of("strace", "-f", "-s", "100", "-o", output.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-p", Long.toString(pid)));
        try {
            Process strace =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            if (line == null || !line.contains("attached")) {
                throw new AssertionError("strace does not attach: " + line);
            }
            return new Strace(strace, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Detaches. @return what it has seen, a line for each call; a call that another one overtook has two */
    List<String> end() {
        close();
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM lets it detach: the process that is traced goes on. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("strace does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
