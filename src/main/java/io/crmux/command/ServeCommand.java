package io.crmux.command;

import ch.qos.logback.classic.LoggerContext;
import io.crmux.config.Config;
import io.crmux.crm.Quantities;
import io.crmux.store.SqliteStore;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the gateway until it is told to stop. */
@Command(name = "serve", description = "Runs the gateway.")
public final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private static final String NETTY_RECORDINGS = "io.netty.jfr.enabled";

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--drain",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description =
                    "How long due changes are still delivered when the gateway stops (default: ${DEFAULT-VALUE}).")
    private String drain = "10s";

    @Override
    public Integer call() throws Exception {
        long began = System.nanoTime();
        leaveOutRecordings();
        SqliteStore.prepare();
        long drainMillis = Quantities.duration(drain).toMillis();
        Config checked = config.read();
        RunningGateway gateway = RunningGateway.start(checked);
        LOG.info(
                "crmux {} serves {} connections on http://{}:{}{} after {} ms",
                Version.get(),
                checked.connections().size(),
                checked.server().host(),
                gateway.port(),
                checked.server().basePath(),
                (System.nanoTime() - began) / 1_000_000);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway, drainMillis), "stop"));
        new CountDownLatch(1).await();
        return 0;
    }

    /** Netty would get ready for a flight recording of its buffers with the first request, which would wait a tenth of a second for it. */
    private static void leaveOutRecordings() {
        if (System.getProperty(NETTY_RECORDINGS) == null) {
            System.setProperty(NETTY_RECORDINGS, "false");
        }
    }

    /** The JVM would end with the signal's number: an orderly stop is a success, and says so. */
    private static void stop(RunningGateway gateway, long drainMillis) {
        LOG.info("stopping");
        try {
            gateway.stop(drainMillis);
            LOG.info("stopped");
        } catch (RuntimeException failure) {
            LOG.error("not stopped in order", failure);
        }
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
            logging.stop();
        }
        Runtime.getRuntime().halt(0);
    }
}
