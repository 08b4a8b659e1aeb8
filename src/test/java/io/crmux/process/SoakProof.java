package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An hour of everything, or as long as {@code -Dminutes=} says: what the process holds stays what it is. Look-ups, misses, writes, and clients that come and
 * go, against a sandbox that fails now and then.
 */
class SoakProof {

    private static final long MINUTES = Long.getLong("minutes", 60);
    private static final int SAMPLES = 10;
    private static final int CONTACTS = 20_000;
    /** How much more at the end than in the middle is no growth. */
    private static final double NOISE = 1.2;

    /** What the process holds after a collection: the live heap, memory in all, open files, timers, and objects of Netty's buffers and their pools. */
    record Sample(long heapKilobytes, long residentKilobytes, long files, long timers, long buffers) {}

    @Test
    void whatTheProcessHoldsStaysWhatItIs(@TempDir Path folder) throws IOException, InterruptedException {
        try (CrmuxProcess crmux = CrmuxProcess.start(
                folder,
                "  main: {crm: sandbox, contacts: " + CONTACTS
                        + ", latency: 2ms, failure_rate: 0.01, cache: {fresh: 5s, stale: 10s}}")) {
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < SAMPLES; i++) {
                work(crmux, TimeUnit.MINUTES.toNanos(MINUTES) / SAMPLES);
                samples.add(sample(crmux));
                System.out.println(samples.get(i));
            }
            Sample middle = samples.get(SAMPLES / 2 - 1);
            Sample end = samples.get(SAMPLES - 1);
            assertThat((double) end.heapKilobytes()).isLessThan(NOISE * middle.heapKilobytes());
            assertThat((double) end.residentKilobytes()).isLessThan(NOISE * middle.residentKilobytes());
            assertThat(end.files()).isLessThanOrEqualTo(middle.files() + 5);
            assertThat((double) end.timers()).isLessThan(NOISE * middle.timers() + 50);
            assertThat((double) end.buffers()).isLessThan(NOISE * middle.buffers() + 50);
        }
    }

    private static void work(CrmuxProcess crmux, long nanos) {
        Random random = new Random(1);
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Client site = crmux.client();
            for (int i = 0; i < 200; i++) {
                int contact = 1 + random.nextInt(CONTACTS);
                site.get("v1/main/contacts/" + contact + "/tags");
                site.get("v1/main/contacts/email:user" + contact + "@example.com/tags");
                if (i % 10 == 0) {
                    JsonArray tags = new JsonArray().add("tag-" + random.nextInt(100));
                    site.post("v1/main/contacts/" + contact + "/tags", new JsonObject().put("tags", tags));
                }
            }
        }
    }

    private static Sample sample(CrmuxProcess crmux) throws IOException, InterruptedException {
        String pid = Long.toString(crmux.pid());
        List<String> live = jcmd(pid, "GC.class_histogram").lines().toList();
        try (Stream<Path> files = Files.list(Path.of("/proc", pid, "fd"))) {
            return new Sample(
                    sum(live, "Total", 2) / 1024,
                    resident(pid),
                    files.count(),
                    sum(live, "ScheduledFutureTask", 1),
                    sum(live, "io.netty.buffer.", 1));
        }
    }

    private static long resident(String pid) throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc", pid, "status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
    }

    /** The sum of a column of the lines that have a word in them. */
    private static long sum(List<String> histogram, String word, int column) {
        return histogram.stream()
                .filter(line -> line.contains(word))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[column]))
                .sum();
    }

    private static String jcmd(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
