package io.crmux.crm;

/**
 * What ties a call to what caused it, in logs and in queues.
 *
 * @param id the request's id, or that of the work that the core does by itself
 * @param key the name of the API key that asked; empty for the core itself
 */
public record Trace(String id, String key) {

    /** Of work that no key asked for. */
    public Trace(String id) {
        this(id, "");
    }
}
