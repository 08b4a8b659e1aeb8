package io.crmux.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Which exchange has which fault. The fault of the n-th exchange follows from the seed and n alone, so that a plan can be replayed. It prints itself with its
 * seed.
 */
public final class FaultPlan {

    private static final int ALL = 100;
    /** Spreads the seeds of neighbours: the golden ratio in 64 bits. */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final long seed;
    private final List<Share> shares;

    private record Share(int percent, String name, Function<Random, Fault> fault) {}

    private FaultPlan(long seed, List<Share> shares) {
        this.seed = seed;
        this.shares = List.copyOf(shares);
        if (shares.stream().mapToInt(Share::percent).sum() > ALL) {
            throw new IllegalArgumentException("more than 100 %: " + shares);
        }
    }

    /** A plan without faults. */
    public static FaultPlan seeded(long seed) {
        return new FaultPlan(seed, List.of());
    }

    /** The same, and so many of a hundred exchanges have this fault. */
    public FaultPlan with(int percent, Fault fault) {
        return with(percent, fault.toString(), random -> fault);
    }

    /** The same, with a fault that is drawn each time: the position of a cut, say. */
    public FaultPlan with(int percent, String name, Function<Random, Fault> fault) {
        List<Share> more = new ArrayList<>(shares);
        more.add(new Share(percent, name, fault));
        return new FaultPlan(seed, more);
    }

    /** The fault of the n-th exchange, counted from 0. */
    public Fault fault(long exchange) {
        Random random = new Random(seed + exchange * SPREAD);
        int drawn = random.nextInt(ALL);
        for (Share share : shares) {
            if (drawn < share.percent()) {
                return share.fault().apply(random);
            }
            drawn -= share.percent();
        }
        return new Fault.None();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("seed ").append(seed);
        shares.forEach(
                share -> text.append(", ").append(share.percent()).append(" % ").append(share.name()));
        return text.toString();
    }
}
