package io.crmux.command;

import ch.qos.logback.classic.LoggerContext;
import io.crmux.config.Config;
import io.crmux.crm.Quantities;
import io.crmux.store.SqliteStore;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the gateway until it is told to stop. */
final class ServeCommand implements Command {

    private static final String NETTY_RECORDINGS = "io.netty.jfr.enabled";

    private static final String DRAIN = "drain";
    private static final String DEFAULT_DRAIN = "10s";

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String description() {
        return "Runs the gateway.";
    }

    @Override
    public Syntax syntax() {
        return ConfigOption.addTo(new Syntax())
                .option(
                        DRAIN,
                        "DURATION",
                        "How long due changes are still delivered when the gateway stops (default: " + DEFAULT_DRAIN
                                + ").");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        long began = System.nanoTime();
        leaveOutRecordings();
        SqliteStore.prepare();
        long drainMillis = drainMillis(invocation);
        Config checked = ConfigOption.read(invocation);
        RunningGateway gateway = RunningGateway.start(checked);
        // Not a field: all commands are made together, and most of them keep no log.
        Logger log = LoggerFactory.getLogger(ServeCommand.class);
        log.info(
                "crmux {} serves {} connections on http://{}:{}{} after {} ms",
                Version.get(),
                checked.connections().size(),
                checked.server().host(),
                gateway.port(),
                checked.server().basePath(),
                (System.nanoTime() - began) / 1_000_000);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway, drainMillis, log), "stop"));
        new CountDownLatch(1).await();
        return 0;
    }

    private static long drainMillis(Invocation invocation) {
        try {
            return Quantities.duration(invocation.option(DRAIN, DEFAULT_DRAIN)).toMillis();
        } catch (IllegalArgumentException notOne) {
            throw new MisuseException("--" + DRAIN + ": " + notOne.getMessage());
        }
    }

    /** Netty would get ready for a flight recording of its buffers with the first request, which would wait a tenth of a second for it. */
    private static void leaveOutRecordings() {
        if (System.getProperty(NETTY_RECORDINGS) == null) {
            System.setProperty(NETTY_RECORDINGS, "false");
        }
    }

    /** The JVM would end with the signal's number: an orderly stop is a success, and says so. */
    private static void stop(RunningGateway gateway, long drainMillis, Logger log) {
        log.info("stopping");
        try {
            gateway.stop(drainMillis);
            log.info("stopped");
        } catch (RuntimeException failure) {
            log.error("not stopped in order", failure);
        }
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
            logging.stop();
        }
        Runtime.getRuntime().halt(0);
    }
}
