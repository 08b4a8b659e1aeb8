package io.crmux.command;

import java.util.Map;
import picocli.CommandLine.Option;

/** The options that name the connection of a running gateway. */
final class GatewayOption extends GatewayAddress {

    @Option(names = "--connection", paramLabel = "NAME", required = true, description = "Whose dead letters are meant.")
    private String connection = "";

    GatewayOption(Map<String, String> environment) {
        super(environment);
    }

    /** The gateway's connection; ends the command when it is not named as it must be. */
    GatewayClient open() {
        return open(connection);
    }
}
