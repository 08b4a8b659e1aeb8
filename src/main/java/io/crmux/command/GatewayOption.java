package io.crmux.command;

import java.io.PrintWriter;
import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name the connection of a running gateway. The key is not one of them: other users of a machine see options. */
final class GatewayOption {

    static final String TOKEN = "CRMUX_TOKEN";

    private final Map<String, String> environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "Where the gateway is, with its base path (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(names = "--connection", paramLabel = "NAME", required = true, description = "Whose dead letters are meant.")
    private String connection = "";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    GatewayOption(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The gateway's connection; ends the command when it is not named as it must be. */
    GatewayClient open() {
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

    ParameterException misused(String why) {
        return new ParameterException(command.commandLine(), why);
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    PrintWriter err() {
        return command.commandLine().getErr();
    }
}
