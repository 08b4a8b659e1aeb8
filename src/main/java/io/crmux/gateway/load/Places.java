package io.crmux.gateway.load;

import java.util.HashMap;
import java.util.Map;

/**
 * How many loads may be under way for visitors. When all places are taken, a key that holds fewer than its share (the places, divided by the keys that hold
 * some, itself among them) gets in all the same: so a key that asks much keeps no other out, one that is alone has all places, and {@code n} keys hold
 * at most 1 + 1/2 + … + 1/n times as many, each share rounded up.
 */
final class Places {

    private final int most;
    /** By key; none is zero. */
    private final Map<String, Integer> held = new HashMap<>();

    private int taken;

    Places(int most) {
        this.most = most;
    }

    /** Whether a key may take one. */
    boolean isFreeFor(String key) {
        if (taken < most) {
            return true;
        }
        long holders = held.containsKey(key) ? held.size() : held.size() + 1;
        return held.getOrDefault(key, 0) * holders < most;
    }

    void take(String key) {
        held.merge(key, 1, Integer::sum);
        taken++;
    }

    /** Gives one back that the key holds. */
    void release(String key) {
        held.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
        taken--;
    }
}
