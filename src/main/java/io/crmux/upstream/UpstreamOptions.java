package io.crmux.upstream;

import io.crmux.crm.Limit;
import java.util.List;

/**
 * How a connection's account is called.
 *
 * @param rate replaces the connector's limits for ordinary calls; empty for the connector's own
 * @param concurrent how many calls may be under way at once; 0 for the connector's own number
 */
public record UpstreamOptions(List<Limit> rate, int concurrent) {

    public UpstreamOptions {
        rate = List.copyOf(rate);
    }

    /** As the connector says. */
    public static UpstreamOptions defaults() {
        return new UpstreamOptions(List.of(), 0);
    }
}
