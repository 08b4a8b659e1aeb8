package io.crmux.gateway;

/**
 * How old an answer the caller takes: the directives of a request's {@code Cache-Control}.
 *
 * @param maxAgeMillis a value older than this is loaded anew before it is answered; {@link Long#MAX_VALUE} when any age is good
 * @param maxStaleMillis a value stale for longer than this is not answered; {@link Long#MAX_VALUE} when the connection's own bound holds
 * @param noCache wait for a load that began after the request
 * @param onlyIfCached never wait for a load
 */
public record Freshness(long maxAgeMillis, long maxStaleMillis, boolean noCache, boolean onlyIfCached) {

    /** Whatever the connection's settings call good. */
    public static final Freshness ANY = new Freshness(Long.MAX_VALUE, Long.MAX_VALUE, false, false);
}
