package io.crmux.command;

import java.io.PrintWriter;
import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names a running gateway. The key is not one: other users of a machine see options. */
class GatewayAddress {

    static final String TOKEN = "CRMUX_TOKEN";

    private final Map<String, String> environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the gateway is, with its base path (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    GatewayAddress(Map<String, String> environment) {
        this.environment = environment;
    }

    /** One of the gateway's connections; ends the command when the gateway is not named as it must be. */
    final GatewayClient open(String connection) {
        String scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw misused("--url must be an address such as http://127.0.0.1:8080");
        }
        String token = environment.getOrDefault(TOKEN, "");
        if (!token.matches("[!-~]+")) {
            throw misused("the environment variable " + TOKEN + " must be a key that has the right admin");
        }
        return new GatewayClient(url, connection, token);
    }

    final ParameterException misused(String why) {
        return new ParameterException(command.commandLine(), why);
    }

    final PrintWriter out() {
        return command.commandLine().getOut();
    }

    final PrintWriter err() {
        return command.commandLine().getErr();
    }
}
