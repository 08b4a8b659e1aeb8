package io.crmux.crm;

/** A connector whose CRM lives in this process. Its requests keep limits, are judged, repeated and counted like all others. */
public interface InMemory extends Connector {

    /**
     * The CRM itself.
     *
     * @param loop for its latency
     */
    Transport transport(Settings settings, Loop loop);
}
