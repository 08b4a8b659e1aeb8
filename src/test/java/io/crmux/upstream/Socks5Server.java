package io.crmux.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A SOCKS 5 proxy (RFC 1928) that wants a user and a password (RFC 1929), and connects to names: each of its client's messages comes in one piece. */
final class Socks5Server {

    private static final int VERSION = 5;
    private static final int BY_PASSWORD = 2;
    private static final int BY_NAME = 3;

    private final Vertx vertx;
    private final List<String> seen = new CopyOnWriteArrayList<>();

    Socks5Server(Vertx vertx) {
        this.vertx = vertx;
    }

    int listen() {
        return vertx.createNetServer()
                .connectHandler(client -> client.handler(greeting -> greeted(client)))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
    }

    /** Who came, and whereto: {@code user:password host:port}. */
    List<String> seen() {
        return seen;
    }

    private void greeted(NetSocket client) {
        client.handler(login -> loggedIn(client, login));
        client.write(bytes(VERSION, BY_PASSWORD));
    }

    private void loggedIn(NetSocket client, Buffer login) {
        int user = login.getByte(1);
        String words = login.getString(2, 2 + user) + ":" + login.getString(3 + user, login.length());
        client.handler(request -> asked(client, words, request));
        client.write(bytes(1, 0));
    }

    private void asked(NetSocket client, String words, Buffer request) {
        int name = request.getByte(4);
        String host = request.getByte(3) == BY_NAME ? request.getString(5, 5 + name) : "an address";
        int port = request.getUnsignedShort(5 + name);
        seen.add(words + " " + host + ":" + port);
        client.pause();
        vertx.createNetClient().connect(port, host).onSuccess(server -> {
            client.write(bytes(VERSION, 0, 0, 1, 0, 0, 0, 0, 0, 0));
            client.pipeTo(server);
            server.pipeTo(client);
        });
    }

    private static Buffer bytes(int... bytes) {
        Buffer buffer = Buffer.buffer();
        for (int each : bytes) {
            buffer.appendByte((byte) each);
        }
        return buffer;
    }
}
