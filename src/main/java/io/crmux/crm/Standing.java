package io.crmux.crm;

import java.util.List;
import java.util.Map;

/**
 * How an account stands with its CRM.
 *
 * @param limits every limit that is kept
 * @param concurrent how many calls may be under way at once
 * @param underWay how many are
 * @param failing whether the CRM fails and is only tried now and then
 * @param lanes who waits
 */
public record Standing(List<Left> limits, int concurrent, int underWay, boolean failing, Map<Lane, Queue> lanes) {

    /**
     * What is left of a limit.
     *
     * @param remaining how many calls may leave now
     * @param opensMillis until there are more; 0 when all are there
     */
    public record Left(Limit limit, int remaining, long opensMillis) {}

    /**
     * The calls of a lane that wait for their turn.
     *
     * @param oldestMillis for how long the first of them has waited; 0 when none waits
     */
    public record Queue(int length, long oldestMillis) {}

    public Standing {
        limits = List.copyOf(limits);
        lanes = Map.copyOf(lanes);
    }

    /** Who waits in a lane. */
    public Queue queue(Lane lane) {
        return lanes.getOrDefault(lane, new Queue(0, 0));
    }
}
