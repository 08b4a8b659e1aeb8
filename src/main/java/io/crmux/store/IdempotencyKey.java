package io.crmux.store;

/**
 * What makes a repeated request known: the scope of an {@code Idempotency-Key}.
 *
 * @param owner the name of the API key
 * @param key as the site sent it
 */
public record IdempotencyKey(String owner, String connection, String key) {}
