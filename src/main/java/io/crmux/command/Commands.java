package io.crmux.command;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes what the command line is made of; what reads the environment is given it. */
public final class Commands implements IFactory {

    private final Map<String, String> environment;
    private final IFactory others = CommandLine.defaultFactory();

    public Commands(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        if (type == GatewayOption.class) {
            return type.cast(new GatewayOption(environment));
        }
        if (type == GatewayAddress.class) {
            return type.cast(new GatewayAddress(environment));
        }
        return type == ConnectCommand.class
                ? type.cast(new ConnectCommand(new GatewayAddress(environment)))
                : others.create(type);
    }
}
