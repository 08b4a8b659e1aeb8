package io.crmux.fault;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.function.Supplier;

/** One connection through the proxy: who asks, who answers, and the fault of the exchange that is under way. Lives on one event loop. */
final class Link {

    private final Vertx vertx;
    private final NetSocket asking;
    private final NetSocket answering;
    private final Supplier<Fault> faults;
    private Fault fault = new Fault.None();
    private boolean answered = true;
    private long answerBytes;

    Link(Vertx vertx, NetSocket asking, NetSocket answering, Supplier<Fault> faults) {
        this.vertx = vertx;
        this.asking = asking;
        this.answering = answering;
        this.faults = faults;
    }

    void open() {
        asking.exceptionHandler(broken -> {});
        answering.exceptionHandler(broken -> {});
        answering.handler(this::answer);
        answering.closeHandler(closed -> endWithTheServer());
        asking.handler(this::ask);
        asking.resume();
    }

    private void ask(Buffer bytes) {
        if (answered) {
            answered = false;
            answerBytes = 0;
            fault = faults.get();
        }
        if (fault instanceof Fault.Drop) {
            asking.close();
        } else if (!(fault instanceof Fault.Silence)) {
            answering.write(bytes);
        }
    }

    private void answer(Buffer bytes) {
        boolean first = !answered;
        answered = true;
        long before = answerBytes;
        answerBytes += bytes.length();
        if (fault instanceof Fault.Delay delay && first) {
            late(bytes, delay.millis());
        } else if (fault instanceof Fault.Reset reset) {
            passUpTo(reset.afterBytes(), before, bytes, () -> reset(asking));
        } else if (fault instanceof Fault.Truncate truncate) {
            passUpTo(truncate.afterBytes(), before, bytes, asking::close);
        } else if (fault instanceof Fault.Stall stall) {
            passUpTo(stall.afterBytes(), before, bytes, () -> {});
        } else {
            asking.write(bytes);
        }
    }

    /** What the server sends meanwhile, its closing too, waits behind it. */
    private void late(Buffer bytes, long millis) {
        answering.pause();
        vertx.setTimer(millis, over -> {
            asking.write(bytes);
            answering.resume();
        });
    }

    /** Passes an answer on up to a length; when that is reached, does what the fault says. An answer that is shorter passes whole. */
    private void passUpTo(int length, long before, Buffer bytes, Runnable then) {
        long left = length - before;
        if (left > bytes.length()) {
            asking.write(bytes);
        } else if (left > 0) {
            asking.write(bytes.slice(0, (int) left)).onComplete(written -> then.run());
        } else {
            then.run();
        }
    }

    private void endWithTheServer() {
        if (!(fault instanceof Fault.Stall || fault instanceof Fault.Silence)) {
            asking.close();
        }
    }

    void reset() {
        reset(asking);
    }

    /** Closing with a linger time of 0 sends RST. */
    static void reset(NetSocket socket) {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        channel.eventLoop().execute(() -> {
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                channel.close();
            }
        });
    }
}
