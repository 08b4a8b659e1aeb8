package io.crmux.crm;

import java.util.List;
import java.util.Set;

/**
 * The code for one vendor. Found by {@link java.util.ServiceLoader}; stateless, so one instance serves all connections of that vendor.
 */
public interface Connector {

    /** What is known of the vendor without a call: slug, name, settings, authentication, published limits, default field map. */
    Descriptor descriptor();

    /**
     * Says what an answer means, before anybody acts on it: only the connector knows that a 403 is a quota or a 200 a failure.
     *
     * @param request what was sent
     * @param answer what came back, whole
     * @return that it is good, or the failure it stands for
     */
    Verdict judge(Request request, Answer answer);

    /** The limits of one account: the published ones, unless its settings say more. */
    default List<Limit> limits(Settings settings) {
        return descriptor().limits();
    }

    /**
     * The vendor's own domains. Hosts that no setting names, because the connector derives them or an answer has told them, are called by https only, must
     * have public addresses, and are given credentials only where they are in one of these: {@code mailchimp.com} is {@code us1.api.mailchimp.com}, too.
     */
    default Set<String> domains() {
        return Set.of();
    }

    /**
     * Opens one account. No call is made.
     *
     * @param settings the connection's settings, already checked against {@link Descriptor#settings()}
     * @param http the only way out to the CRM
     */
    Crm open(Settings settings, Http http);
}
