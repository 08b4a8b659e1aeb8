package io.crmux.gateway;

/**
 * What makes the repetition of a request known.
 *
 * @param owner the name of the API key that it came with
 * @param key its {@code Idempotency-Key}
 * @param fingerprint equal for equal requests: of method, path and body
 */
public record RequestKey(String owner, String key, String fingerprint) {}
