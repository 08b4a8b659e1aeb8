package io.crmux.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers every question with as many letters as it says. */
class FaultProxyTest {

    private static final int NEVER_MILLIS = 200;
    private static final int LONG = 300_000;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private final NetServer server = vertx.createNetServer()
            .connectHandler(socket -> socket.handler(question -> {
                questions.add(question.toString());
                socket.write("a".repeat(Integer.parseInt(question.toString())));
            }));

    FaultProxyTest() {
        server.listen(0, "127.0.0.1").await();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private FaultProxy proxy(Fault fault) {
        return FaultProxy.before(vertx, server.actualPort(), FaultPlan.seeded(1).with(100, fault));
    }

    private static Socket ask(FaultProxy proxy, String question) throws IOException {
        Socket socket = new Socket("127.0.0.1", proxy.port());
        socket.setSoTimeout(10_000);
        ask(socket, question);
        return socket;
    }

    private static void ask(Socket socket, String question) throws IOException {
        socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
    }

    private static int read(Socket socket, int bytes) throws IOException {
        return socket.getInputStream().readNBytes(bytes).length;
    }

    @Test
    void withoutAFaultAllPassesHoweverLong() throws IOException {
        FaultProxy proxy = proxy(new Fault.None());
        try (Socket socket = ask(proxy, Integer.toString(LONG))) {
            assertThat(read(socket, LONG)).isEqualTo(LONG);
            ask(socket, "5");
            assertThat(read(socket, 5)).isEqualTo(5);
        }
        assertThat(proxy.exchanges()).isEqualTo(2);
        assertThat(proxy.faults()).isEmpty();
    }

    @Test
    void aDelayedAnswerComesLaterAndWhole() throws IOException {
        long began = System.nanoTime();
        try (Socket socket = ask(proxy(new Fault.Delay(NEVER_MILLIS)), Integer.toString(LONG))) {
            assertThat(read(socket, LONG)).isEqualTo(LONG);
        }
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(NEVER_MILLIS * 1_000_000L);
    }

    @Test
    void aDroppedRequestNeverArrives() throws IOException {
        try (Socket socket = ask(proxy(new Fault.Drop()), "5")) {
            assertThat(read(socket, 5)).isZero();
        }
        assertThat(questions).isEmpty();
    }

    @Test
    void aResetCutsTheAnswerAndTells() throws IOException {
        try (Socket socket = ask(proxy(new Fault.Reset(0)), "5")) {
            assertThatThrownBy(() -> read(socket, 5)).isInstanceOf(SocketException.class);
        }
        try (Socket socket = ask(proxy(new Fault.Reset(100_000)), Integer.toString(LONG))) {
            assertThatThrownBy(() -> read(socket, LONG)).isInstanceOf(SocketException.class);
        }
        assertThat(questions).containsExactly("5", Integer.toString(LONG));
    }

    @Test
    void aTruncatedAnswerEndsAtTheByte() throws IOException {
        try (Socket socket = ask(proxy(new Fault.Truncate(123_456)), Integer.toString(LONG))) {
            assertThat(read(socket, LONG)).isEqualTo(123_456);
        }
        try (Socket socket = ask(proxy(new Fault.Truncate(5)), "5")) {
            assertThat(read(socket, 6)).isEqualTo(5);
        }
    }

    @Test
    void aStalledAnswerStopsAtTheByteAndTheConnectionStaysOpen() throws IOException {
        try (Socket socket = ask(proxy(new Fault.Stall(3)), "5")) {
            assertThat(read(socket, 3)).isEqualTo(3);
            socket.setSoTimeout(NEVER_MILLIS);
            assertThatThrownBy(() -> read(socket, 1)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void silenceIsAConnectionWithoutAnyAnswer() throws IOException {
        try (Socket socket = ask(proxy(new Fault.Silence()), "5")) {
            socket.setSoTimeout(NEVER_MILLIS);
            assertThatThrownBy(() -> read(socket, 1)).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(questions).isEmpty();
    }

    @Test
    void eachExchangeOfAConnectionHasItsOwnFault() throws IOException {
        FaultPlan plan = FaultPlan.seeded(3).with(50, new Fault.Truncate(2));
        FaultProxy proxy = FaultProxy.before(vertx, server.actualPort(), plan);
        Socket socket = new Socket();
        for (int i = 0; i < 20; i++) {
            if (!socket.isConnected() || socket.isClosed()) {
                socket = new Socket("127.0.0.1", proxy.port());
            }
            ask(socket, "5");
            int answered = plan.fault(i) instanceof Fault.None ? 5 : 2;
            assertThat(read(socket, 5)).as("exchange %d of %s", i, plan).isEqualTo(answered);
            if (answered < 5) {
                socket.close();
            }
        }
        socket.close();
        assertThat(proxy.faults()).hasSizeBetween(5, 15);
    }

    @Test
    void aCutEndsWhatIsOpenAndAnotherPlanHoldsForWhatComes() throws IOException {
        FaultProxy proxy = proxy(new Fault.Silence());
        try (Socket socket = ask(proxy, "5")) {
            socket.setSoTimeout(NEVER_MILLIS);
            assertThatThrownBy(() -> read(socket, 1)).isInstanceOf(SocketTimeoutException.class);
            proxy.follow(FaultPlan.seeded(1));
            proxy.cut();
            assertThatThrownBy(() -> read(socket, 1)).isInstanceOf(SocketException.class);
        }
        try (Socket socket = ask(proxy, "5")) {
            assertThat(read(socket, 5)).isEqualTo(5);
        }
    }

    @Test
    void whenTheServerIsGoneSoIsTheConnection() {
        FaultProxy proxy = proxy(new Fault.None());
        server.close().await();
        assertThatThrownBy(() -> askAndRead(proxy)).isInstanceOf(SocketException.class);
    }

    /** The reset may come before the question is asked. */
    private static void askAndRead(FaultProxy proxy) throws IOException {
        try (Socket socket = ask(proxy, "5")) {
            read(socket, 1);
        }
    }
}
