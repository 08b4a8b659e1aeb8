package io.crmux.crm;

/**
 * What ties a call to what caused it, in logs.
 *
 * @param id the request's id, or that of the work that the core does by itself
 */
public record Trace(String id) {}
