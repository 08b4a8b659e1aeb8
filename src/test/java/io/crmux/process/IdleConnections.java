package io.crmux.process;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens many connections, asks once on each, leaves them alone until a file is there, and asks once more on each. */
final class IdleConnections {

    private static final int AT_ONCE = 100;

    private IdleConnections() {}

    /** @param arguments port, key, how many, the file to wait for */
    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        int many = Integer.parseInt(arguments[2]);
        Buffer request =
                Buffer.buffer("GET /v1/main/contacts/17/tags HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + arguments[1] + "\r\n\r\n");
        AtomicInteger answers = new AtomicInteger();
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        NetClient client = vertx.createNetClient();
        List<NetSocket> sockets = new ArrayList<>();
        while (sockets.size() < many) {
            List<Future<NetSocket>> opening = new ArrayList<>();
            for (int i = 0; i < Math.min(AT_ONCE, many - sockets.size()); i++) {
                opening.add(client.connect(port, "127.0.0.1")
                        .map(socket -> socket.handler(answer -> answers.addAndGet(good(answer)))));
            }
            Future.all(opening).await();
            opening.forEach(opened -> sockets.add(opened.result()));
        }
        ask(sockets, request, answers);
        System.out.println("open: " + answers.getAndSet(0) + " of " + many + " answered");
        while (!Files.exists(Path.of(arguments[3]))) {
            Waiting.briefly();
        }
        ask(sockets, request, answers);
        System.out.println("afterwards: " + answers.get() + " of " + many + " answered");
        vertx.close().await();
    }

    private static int good(Buffer answer) {
        return answer.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200") ? 1 : 0;
    }

    private static void ask(List<NetSocket> sockets, Buffer request, AtomicInteger answers) {
        sockets.forEach(socket -> socket.write(request));
        for (int tries = 0; tries < 500 && answers.get() < sockets.size(); tries++) {
            Waiting.briefly();
        }
    }
}
