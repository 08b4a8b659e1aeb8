import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The CRMs of src/bench/limits, each with a limit that it counts at its own end, and the clients that ask crmux for its contacts, each for another one
 * as soon as it is answered. Prints what arrived and what was refused, and how long no call came after a refusal.
 */
public final class Limits {

    private static final int CLIENTS = 64;
    /**
     * What arrives so soon after a refusal may have left before the refusal was received: it is not taken for a call that breaks the silence. Only refusals
     * in the time that counts are judged by that: before, processes are cold, and calls take longer than this on their way.
     */
    private static final long ON_THE_WAY_MILLIS = 100;
    /** What every CRM answers to everything: each finds its own in it. */
    private static final String ANSWER = """
            {"result_code":1,"email":"jane@example.com","tags":[],"tags_count":0,"results":[{"listId":"1"}],"lists":[],"hasMore":false,"offset":0,
             "id":"%1$s","status":"subscribed","members":[{"id":"%1$s","labels":[]}],"labels":[],"meta":{"total":"0","pagination":{"next":null}}}
            """.formatted("0123456789abcdef01234567");

    private static volatile boolean over;

    /** So many calls in so many milliseconds, in any window; counted as they arrive. */
    private record Window(int calls, long millis, Deque<Long> arrivals) {

        static Window of(int calls, long millis) {
            return new Window(calls, millis, new ArrayDeque<>());
        }

        boolean isFull(long now) {
            while (!arrivals.isEmpty() && arrivals.peek() <= now - millis) {
                arrivals.poll();
            }
            return arrivals.size() >= calls;
        }

        int remaining(long now) {
            return isFull(now) ? 0 : calls - arrivals.size();
        }
    }

    /** The headers in which a CRM tells of its limits. */
    private interface Telling {

        /** Says nothing. */
        Telling NOTHING = (windows, refuses, now) -> Map.of();

        /** What is left of the second, and how long to wait after a refusal. */
        Telling ACTIVE_CAMPAIGN = (windows, refuses, now) -> {
            Map<String, String> headers = new HashMap<>();
            headers.put("RateLimit-Limit", Integer.toString(windows.get(0).calls()));
            headers.put("RateLimit-Remaining", Integer.toString(windows.get(0).remaining(now)));
            if (refuses) {
                headers.put("Retry-After", "1");
            }
            return headers;
        };

        /** What is left of the ten seconds and of the day. There is no limit for a second here, so that nothing is said of it. */
        Telling HUBSPOT = (windows, refuses, now) -> Map.of(
                "X-HubSpot-RateLimit-Max", Integer.toString(windows.get(0).calls()),
                "X-HubSpot-RateLimit-Remaining", Integer.toString(windows.get(0).remaining(now)),
                "X-HubSpot-RateLimit-Interval-Milliseconds", Long.toString(windows.get(0).millis()),
                "X-HubSpot-RateLimit-Daily", Integer.toString(windows.get(1).calls()),
                "X-HubSpot-RateLimit-Daily-Remaining", Integer.toString(windows.get(1).remaining(now)));

        Map<String, String> headers(List<Window> windows, boolean refuses, long now);
    }

    /** What becomes of a call that has arrived. */
    private record Arrived(boolean taken, Map<String, String> headers) {}

    private static final class Crm {
        private final String name;
        private final String says;
        private final List<Window> windows;
        private final int most;
        private final long work;
        private final Telling telling;
        /** When calls were refused after which none has come yet that left later. */
        private final List<Long> silences = new ArrayList<>();
        private int open;
        private long taken;
        private long refused;
        private long refusedBefore;
        private long shortestSilence = Long.MAX_VALUE;
        private boolean counts;

        /** @param most how many may be under way at once; @param work how long each takes, in milliseconds */
        Crm(String name, String says, List<Window> windows, int most, long work, Telling telling) {
            this.name = name;
            this.says = says;
            this.windows = windows;
            this.most = most;
            this.work = work;
            this.telling = telling;
        }

        void listen(int port) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), CLIENTS);
            server.setExecutor(Executors.newCachedThreadPool(Limits::daemon));
            server.createContext("/", this::handle);
            server.start();
        }

        private void handle(HttpExchange exchange) throws IOException {
            exchange.getRequestBody().readAllBytes();
            Arrived arrived = begin();
            if (arrived.taken()) {
                sleep(work);
                end();
            }
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            arrived.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(arrived.taken() ? 200 : 429, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        }

        /** A refusal is answered at once, so that the time of its arrival is the time of its answer, too. */
        private synchronized Arrived begin() {
            long now = System.nanoTime() / 1_000_000;
            silences.removeIf(since -> isBroken(now - since));
            boolean full = open >= most || windows.stream().filter(window -> window.isFull(now)).count() > 0;
            if (full) {
                refuse(now);
            } else {
                windows.forEach(window -> window.arrivals().add(now));
                taken += counts ? 1 : 0;
                open++;
            }
            return new Arrived(!full, telling.headers(windows, full, now));
        }

        private void refuse(long now) {
            if (counts) {
                refused++;
                silences.add(now);
            } else {
                refusedBefore++;
            }
        }

        private boolean isBroken(long silence) {
            if (silence <= ON_THE_WAY_MILLIS) {
                return false;
            }
            shortestSilence = Math.min(shortestSilence, silence);
            return true;
        }

        private synchronized void end() {
            open--;
        }

        synchronized void count() {
            counts = true;
        }

        synchronized String told(long seconds) {
            counts = false;
            double allowed = windows.isEmpty()
                    ? most * seconds * 1000.0 / work
                    : windows.get(0).calls() * seconds * 1000.0 / windows.get(0).millis();
            return String.format(
                    Locale.ROOT,
                    "%-15s %-34s %5d calls %3d refused, %3d before  %5.1f %% used%s",
                    name,
                    says,
                    taken,
                    refused,
                    refusedBefore,
                    100 * taken / allowed,
                    shortestSilence == Long.MAX_VALUE
                            ? ""
                            : "  no call from " + ON_THE_WAY_MILLIS + " to " + shortestSilence + " ms after a refusal");
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ask(String url, String token, String pattern, AtomicLong next) {
        HttpClient client = HttpClient.newHttpClient();
        while (!over) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(url + "/contacts/" + String.format(Locale.ROOT, pattern, next.incrementAndGet()) + "/tags"))
                    .header("authorization", "Bearer " + token)
                    .build();
            try {
                if (client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() != 200) {
                    sleep(1_000);
                }
            } catch (IOException | InterruptedException e) {
                return;
            }
        }
    }

    /** Arguments: crmux's address, the key, the first port, seconds to begin with, seconds that count. */
    public static void main(String[] arguments) throws IOException {
        String url = arguments[0];
        int port = Integer.parseInt(arguments[2]);
        long begin = Long.parseLong(arguments[3]);
        long seconds = Long.parseLong(arguments[4]);
        List<Crm> crms = new ArrayList<>();
        crms.add(new Crm("activecampaign", "5/s", List.of(Window.of(5, 1_000)), 1_000, 100, Telling.ACTIVE_CAMPAIGN));
        crms.add(new Crm(
                "hubspot",
                "100/10s, 250000/day",
                List.of(Window.of(100, 10_000), Window.of(250_000, 86_400_000)),
                1_000,
                100,
                Telling.HUBSPOT));
        crms.add(new Crm("mailchimp", "10 at once", List.of(), 10, 1_000, Telling.NOTHING));
        crms.add(new Crm("bare", "20/s, which nothing tells but 429", List.of(Window.of(20, 1_000)), 1_000, 100, Telling.NOTHING));
        List<String> ids = List.of("%d", "%d", "%032x", "%024x");
        for (int i = 0; i < crms.size(); i++) {
            crms.get(i).listen(port + i);
            String connection = url + "/v1/" + crms.get(i).name;
            String pattern = ids.get(i);
            AtomicLong next = new AtomicLong();
            for (int client = 0; client < CLIENTS; client++) {
                daemon(() -> ask(connection, arguments[1], pattern, next)).start();
            }
        }
        sleep(begin * 1_000);
        crms.forEach(Crm::count);
        sleep(seconds * 1_000);
        crms.forEach(crm -> System.out.println(crm.told(seconds)));
        over = true;
        System.exit(0); // the servers' own threads would keep the process alive
    }
}
