package io.crmux.command;

import io.crmux.crm.Sha256;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Prints a new random key and what the configuration has to know of it. */
final class KeyCommand implements Command {

    private static final int BYTES = 32;

    @Override
    public String name() {
        return "key";
    }

    @Override
    public String description() {
        return "Prints a new random key and its SHA-256, for the configuration.";
    }

    @Override
    public Syntax syntax() {
        return new Syntax().parameter("NAME", 1, 1, "What logs are to call the key.");
    }

    @Override
    public int run(Invocation invocation) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String sha256 = HexFormat.of().formatHex(Sha256.of(key));
        PrintWriter out = invocation.out();
        out.println("key:    " + key);
        out.println("sha256: " + sha256);
        out.println();
        out.println("For the configuration, with the connections and rights that it is to have:");
        out.println("  - {name: " + invocation.parameters().get(0) + ", sha256: " + sha256
                + ", connections: [\"*\"], may: [read, write]}");
        return 0;
    }
}
