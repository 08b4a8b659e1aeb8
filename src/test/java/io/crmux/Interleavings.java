package io.crmux;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Calls the operations of a test class on two threads at once, by Lincheck: each outcome must be one that the calls could have had one after another.
 * {@code -Dlincheck=} for so many times as many scenarios.
 */
public final class Interleavings {

    private static final int TIMES = Integer.getInteger("lincheck", 1);
    private static final int SCENARIOS = 10;
    private static final int INVOCATIONS = 300;

    private Interleavings() {}

    /** Tries interleavings one by one: of what is small, so that none is left out. Fails with the one that has an outcome that cannot be. */
    public static void checkEach(Class<?> test) {
        check(new ModelCheckingOptions(), test);
    }

    /**
     * The same of what rests on a library, each call of which is one step.
     *
     * @param library its package
     */
    public static void checkEach(Class<?> test, String library) {
        check(
                new ModelCheckingOptions()
                        .addGuarantee(forClasses(name -> name.startsWith(library))
                                .allMethods()
                                .treatAsAtomic()),
                test);
    }

    /** Tries those that the machine makes: of what rests on a library, whose steps are too many to be tried one by one. */
    public static void checkSome(Class<?> test) {
        check(new StressOptions(), test);
    }

    private static void check(Options<?, ?> options, Class<?> test) {
        options.iterations(SCENARIOS * TIMES);
        options.invocationsPerIteration(INVOCATIONS);
        options.threads(2);
        options.actorsPerThread(2);
        options.actorsBefore(0);
        options.actorsAfter(1);
        options.check(test);
    }
}
