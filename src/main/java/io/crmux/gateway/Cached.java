package io.crmux.gateway;

/**
 * An answer and where it came from.
 *
 * @param hit from memory
 * @param collapsed loaded, together with others who wanted the same
 * @param ageMillis since its load began
 * @param ttlMillis until it is stale; negative when it is
 * @param crmUnavailable stale because the CRM fails
 */
public record Cached<T>(
        T value, boolean hit, boolean collapsed, long ageMillis, long ttlMillis, boolean crmUnavailable) {}
