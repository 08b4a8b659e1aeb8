package io.crmux.gateway;

import io.crmux.crm.FieldTarget;
import java.util.List;
import java.util.Map;

/**
 * What the core must know of a connection beside its opened CRM.
 *
 * @param name as in the configuration and in paths
 * @param fields laid over the connector's default field map
 * @param cacheBytes its share of the memory for cached values
 * @param mode what becomes of writes
 * @param mirrors the connections that get the same writes
 * @param concurrent how many batches may be under way to the CRM at once
 * @param waiting how many look-ups of each kind may wait for the CRM on which visitors wait
 */
public record ConnectionOptions(
        String name,
        Map<String, FieldTarget> fields,
        CacheOptions cache,
        BatchOptions batch,
        Mode mode,
        List<String> mirrors,
        long cacheBytes,
        int concurrent,
        int waiting) {

    /** At a hundred calls a second, twice as many as are answered before their visitors have gone. */
    public static final int DEFAULT_WAITING = 2_000;

    /** What becomes of writes. */
    public enum Mode {
        /** They go to the CRM. */
        LIVE,
        /** They are recorded and answered, not sent. */
        STAGING
    }

    public ConnectionOptions {
        fields = Map.copyOf(fields);
        mirrors = List.copyOf(mirrors);
    }
}
