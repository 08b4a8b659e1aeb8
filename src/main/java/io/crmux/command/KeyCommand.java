package io.crmux.command;

import io.crmux.crm.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a new random key and what the configuration has to know of it. */
@Command(name = "key", description = "Prints a new random key and its SHA-256, for the configuration.")
public final class KeyCommand implements Callable<Integer> {

    private static final int BYTES = 32;

    @Parameters(paramLabel = "NAME", description = "What logs are to call the key.")
    private String name = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String sha256 = HexFormat.of().formatHex(Sha256.of(key));
        CommandLine line = spec.commandLine();
        line.getOut().println("key:    " + key);
        line.getOut().println("sha256: " + sha256);
        line.getOut().println();
        line.getOut().println("For the configuration, with the connections and rights that it is to have:");
        line.getOut()
                .println("  - {name: " + name + ", sha256: " + sha256 + ", connections: [\"*\"], may: [read, write]}");
        return 0;
    }
}
