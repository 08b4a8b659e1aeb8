import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks at fixed rates, however slow the answers are, and takes the time of each from the moment at which it was due: a server that stalls is charged for all
 * who would have asked meanwhile. The first seconds are not counted, in which the server becomes fast. Several loads go on at once in one thread, and over
 * bare sockets, so that little is taken from a server on the same machine: what is taken from it would be told as its slowness. Prints a line for each load.
 */
final class OpenLoop {

    /** So long nothing is looked for when nothing was to do. */
    private static final long REST_NANOS = 20_000;

    private static final int WARM_UP_SECONDS = 3;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** One way of asking. */
    private static final class Load {

        private final String name;
        private final String head;
        private final String tail;
        private final int first;
        private final int contacts;
        private final double perNano;
        private final int uncounted;
        private final int all;
        private final long[] micros;
        private final Random random = new Random(42);
        private final Queue<Connection> free = new ArrayDeque<>();
        private int opened;
        private int sent;
        private int answered;
        private int ok;
        private int unavailable;
        private int withRetryAfter;
        private int ended;

        /**
         * A load that has not begun.
         *
         * @param path with %d where the contact's number goes
         * @param contacts so many, chosen at random, from {@code first} on; 0 for each in turn, none twice
         */
        Load(String name, double rate, double seconds, String path, int first, int contacts) {
            this.name = name;
            this.head = "GET " + path.substring(0, path.indexOf("%d"));
            this.tail = path.substring(path.indexOf("%d") + 2);
            this.first = first;
            this.contacts = contacts;
            this.perNano = rate / 1e9;
            this.uncounted = (int) (rate * WARM_UP_SECONDS);
            this.micros = new long[(int) (rate * seconds)];
            this.all = uncounted + micros.length;
        }

        /** Sends what is due, as far as connections are free. Answers how many requests that was. */
        int send(long began, Client client) throws IOException {
            int before = sent;
            long now = System.nanoTime();
            for (long due = due(began, sent); sent < all && due <= now; due = due(began, sent)) {
                Connection connection = free.poll();
                if (connection == null && opened == client.connections) {
                    break;
                }
                if (connection == null) {
                    connection = client.open(this);
                    opened++;
                }
                int contact = contacts == 0 ? first + sent : first + random.nextInt(contacts);
                connection.ask(head + contact + tail + client.rest, due, sent >= uncounted);
                sent++;
            }
            return sent - before;
        }

        private long due(long began, int requests) {
            return began + (long) (requests / perNano);
        }

        /** When all are due. */
        long allDue(long began) {
            return due(began, all);
        }

        boolean isOver() {
            return ended == all;
        }

        void ended(Connection connection, int status, boolean hasRetryAfter) {
            if (connection.counts) {
                micros[answered++] = (System.nanoTime() - connection.due) / 1000;
                ok += status == 200 ? 1 : 0;
                unavailable += status == 503 ? 1 : 0;
                withRetryAfter += status == 503 && hasRetryAfter ? 1 : 0;
            }
            free.add(connection);
            ended++;
        }

        void close() throws IOException {
            for (Connection connection : free) {
                connection.channel.close();
            }
        }

        String line() {
            long[] sorted = Arrays.copyOf(micros, answered);
            Arrays.sort(sorted);
            return String.format(
                    Locale.ROOT,
                    "%s rate %.0f sent %d ok %d unavailable %d with_retry_after %d other %d p50 %.2f p99 %.2f p99.9 %.2f max %.2f",
                    name,
                    perNano * 1e9,
                    micros.length,
                    ok,
                    unavailable,
                    withRetryAfter,
                    micros.length - ok - unavailable,
                    millis(sorted, 0.5),
                    millis(sorted, 0.99),
                    millis(sorted, 0.999),
                    millis(sorted, 1));
        }

        private static double millis(long[] sorted, double part) {
            return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(part * sorted.length) - 1] / 1000.0;
        }
    }

    /** One connection, with one request at a time. */
    private static final class Connection {

        private final SocketChannel channel;
        private final Load load;
        private final ByteBuffer in = ByteBuffer.allocate(8_192);
        private long due;
        private boolean counts;

        Connection(SocketChannel channel, Load load) {
            this.channel = channel;
            this.load = load;
        }

        void ask(String request, long dueAt, boolean counted) throws IOException {
            due = dueAt;
            counts = counted;
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1));
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the server has closed a connection");
            }
            String read = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
            int end = read.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            String head = read.substring(0, end).toLowerCase(Locale.ROOT);
            if (in.position() >= end + 4 + length(head)) {
                in.clear();
                load.ended(this, Integer.parseInt(head.substring(9, 12)), head.contains("\r\nretry-after: "));
            }
        }

        private static int length(String head) {
            int at = head.indexOf("\r\ncontent-length: ") + 18;
            int end = head.indexOf('\r', at);
            return Integer.parseInt(head.substring(at, end < 0 ? head.length() : end));
        }
    }

    /** The connections of all loads. */
    private static final class Client {

        private final InetSocketAddress server;
        private final int connections;
        private final String rest;
        private final Selector selector;

        Client(int port, String key, int connections) throws IOException {
            this.server = new InetSocketAddress("127.0.0.1", port);
            this.connections = connections;
            this.rest = " HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer " + key + "\r\n\r\n";
            this.selector = Selector.open();
        }

        Connection open(Load load) throws IOException {
            SocketChannel channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel, load);
            channel.register(selector, SelectionKey.OP_READ, connection);
            return connection;
        }

        /** Takes the answers that are there. Answers from how many connections. */
        int read() throws IOException {
            return selector.selectNow(key -> {
                try {
                    ((Connection) key.attachment()).read();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /**
     * Arguments: the port, the key, the most connections of a load, the seconds that count; then for each load its name, the rate a second, the path with %d,
     * the first contact's number, and from how many contacts to choose, 0 for each in turn. What stands behind "--" follows when the loads before it are over.
     */
    public static void main(String[] arguments) throws IOException {
        Client client = new Client(Integer.parseInt(arguments[0]), arguments[1], Integer.parseInt(arguments[2]));
        double seconds = Double.parseDouble(arguments[3]);
        List<Load> loads = new ArrayList<>();
        for (int i = 4; i < arguments.length; ) {
            if (arguments[i].equals("--")) {
                run(loads, client);
                loads.clear();
                i++;
            } else {
                loads.add(new Load(
                        arguments[i],
                        Double.parseDouble(arguments[i + 1]),
                        seconds,
                        arguments[i + 2],
                        Integer.parseInt(arguments[i + 3]),
                        Integer.parseInt(arguments[i + 4])));
                i += 5;
            }
        }
        run(loads, client);
    }

    private static void run(List<Load> loads, Client client) throws IOException {
        long began = System.nanoTime();
        long end = GRACE_NANOS
                + loads.stream().mapToLong(load -> load.allDue(began)).max().orElse(began);
        while (!loads.stream().allMatch(Load::isOver) && System.nanoTime() < end) {
            int done = client.read();
            for (Load load : loads) {
                done += load.send(began, client);
            }
            if (done == 0) {
                LockSupport.parkNanos(REST_NANOS);
            }
        }
        for (Load load : loads) {
            System.out.println(load.line());
            load.close();
        }
    }

    private OpenLoop() {}
}
