package io.crmux.upstream;

import io.crmux.crm.Limit;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a connection's account is called.
 *
 * @param rate replaces the connector's limits for ordinary calls; empty for the connector's own
 * @param concurrent how many calls may be under way at once; 0 for the connector's own number
 * @param authorities certificates in PEM of authorities that are trusted beside those that Java trusts; null for none
 * @param proxy through which all calls go: {@code http://user:password@host:port}, or {@code socks5}; null for none
 */
public record UpstreamOptions(
        List<Limit> rate,
        int concurrent,
        @Nullable String authorities,
        @Nullable URI proxy) {

    public UpstreamOptions {
        rate = List.copyOf(rate);
    }

    /** As the connector says, and directly. */
    public static UpstreamOptions defaults() {
        return new UpstreamOptions(List.of(), 0, null, null);
    }
}
