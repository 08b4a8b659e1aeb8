package io.crmux.command;

import java.net.URI;
import java.net.URISyntaxException;

/** The options that name a running gateway and one of its connections. The key is not one: other users of a machine see options. */
final class GatewayOption {

    static final String TOKEN = "CRMUX_TOKEN";

    private static final String RULE = "environment variable " + TOKEN + " must be a key that has the right admin";

    static final String FOOTER = "The " + RULE + ".";

    private static final String URL = "url";
    private static final String CONNECTION = "connection";
    private static final String DEFAULT = "http://127.0.0.1:8080";

    private GatewayOption() {}

    static Syntax addUrl(Syntax syntax) {
        return syntax.option(URL, "URL", "Where the gateway is, with its base path (default: " + DEFAULT + ").")
                .footer(FOOTER);
    }

    static Syntax addConnection(Syntax syntax) {
        return addUrl(syntax.required(CONNECTION, "NAME", "Whose dead letters are meant."));
    }

    /** The connection that the option names. */
    static GatewayClient open(Invocation invocation) {
        return open(invocation, invocation.option(CONNECTION, ""));
    }

    /** One of the gateway's connections; ends the command when the gateway is not named as it must be. */
    static GatewayClient open(Invocation invocation, String connection) {
        URI url = url(invocation.option(URL, DEFAULT));
        String token = invocation.variable(TOKEN);
        if (!token.matches("[!-~]+")) {
            throw new MisuseException("the " + RULE);
        }
        return new GatewayClient(url, connection, token);
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            String scheme = url.getScheme();
            if (url.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below, with what is no address of a gateway either.
        }
        throw new MisuseException("--url must be an address such as " + DEFAULT);
    }
}
