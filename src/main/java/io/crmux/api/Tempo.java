package io.crmux.api;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the pace of one connection: a request that has begun to arrive must be complete in a certain time, however slowly its bytes drip; a connection
 * on which nothing happens is closed after a while; while an answer is being waited for, nothing is cut.
 *
 * <p>It stands in Netty's pipeline in front of the HTTP decoder, because only there the first bytes of a request can be seen: a server's idle timeout
 * counts any byte as life, and would cut an answer off that takes its time.
 */
final class Tempo extends ChannelInboundHandlerAdapter {

    private static final String NAME = "tempo";

    private static final String REFUSAL = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

    private final FoldedLines folded = new FoldedLines();
    private final long arrivalMillis;
    private final long idleMillis;
    private State state = State.IDLE;
    private long deadline;
    private @Nullable ScheduledFuture<?> limit;
    private @Nullable ChannelHandlerContext context;

    private enum State {
        IDLE,
        ARRIVING,
        ANSWERING
    }

    private Tempo(long arrivalMillis, long idleMillis) {
        this.arrivalMillis = arrivalMillis;
        this.idleMillis = idleMillis;
    }

    /** Begins to watch a connection that was just accepted. */
    static void watch(HttpConnection connection, long arrivalMillis, long idleMillis) {
        if (connection instanceof ConnectionBase base) {
            base.channel().pipeline().addFirst(NAME, new Tempo(arrivalMillis, idleMillis));
        }
    }

    /** The watcher of a connection; null when it is not watched. */
    static @Nullable Tempo of(HttpConnection connection) {
        return connection instanceof ConnectionBase base
                        && base.channel().pipeline().get(NAME) instanceof Tempo tempo
                ? tempo
                : null;
    }

    /** The request is here, whole. */
    void arrived() {
        change(State.ANSWERING, 0);
    }

    /** It is answered. */
    void answered() {
        change(State.IDLE, idleMillis);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        change(State.IDLE, idleMillis);
        lookAgain(added, Long.MAX_VALUE);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            if (state == State.IDLE) {
                change(State.ARRIVING, arrivalMillis);
                folded.requestBegins();
            }
            if (folded.isIn(bytes)) {
                bytes.release();
                refuse(reading);
                return;
            }
        }
        super.channelRead(reading, message);
    }

    private static void refuse(ChannelHandlerContext reading) {
        reading.writeAndFlush(Unpooled.copiedBuffer(REFUSAL, StandardCharsets.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) throws Exception {
        if (limit != null) {
            limit.cancel(false);
        }
        super.channelInactive(gone);
    }

    /**
     * Only notes the time until which the connection is kept, since a timer for every request would cost more than the request. The one timer looks again
     * after the shortest time that can be noted meanwhile, so that it is never late.
     */
    private void change(State next, long millis) {
        state = next;
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void look() {
        ChannelHandlerContext watched = context;
        if (watched == null || !watched.channel().isActive()) {
            return;
        }
        long left = deadline - System.nanoTime();
        if (state == State.ANSWERING) {
            lookAgain(watched, Long.MAX_VALUE);
        } else if (left > 0) {
            lookAgain(watched, left);
        } else {
            watched.close();
        }
    }

    private void lookAgain(ChannelHandlerContext watched, long nanos) {
        long shortest = TimeUnit.MILLISECONDS.toNanos(Math.min(arrivalMillis, idleMillis));
        limit = watched.executor().schedule(this::look, Math.min(nanos, shortest), TimeUnit.NANOSECONDS);
    }
}
