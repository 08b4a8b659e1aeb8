package io.crmux.gateway;

import java.util.List;

/**
 * What became of the replay of many dead letters.
 *
 * @param replayed so many were entered as new writes, in whole or in part
 * @param superseded of so many nothing was left to be written
 */
public record ReplayCount(int replayed, int superseded) {

    ReplayCount plus(List<Replayed> more) {
        int entered = (int) more.stream().filter(one -> one.operation() != null).count();
        return new ReplayCount(replayed + entered, superseded + more.size() - entered);
    }
}
