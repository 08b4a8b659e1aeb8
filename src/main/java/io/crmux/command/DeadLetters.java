package io.crmux.command;

import java.util.function.UnaryOperator;

/** Does something to each of the dead letters that are named. */
final class DeadLetters {

    private DeadLetters() {}

    /** Prints what the action says of each. One that is no dead letter does not keep the others from their turn. */
    static int each(Invocation invocation, UnaryOperator<String> action) {
        int code = 0;
        for (String operation : invocation.parameters()) {
            try {
                invocation.out().println(operation + ": " + action.apply(operation));
            } catch (RefusedException refused) {
                if (!refused.isNotFound()) {
                    throw refused;
                }
                invocation.err().println(operation + ": " + refused.getMessage());
                code = Exit.REFUSED;
            }
        }
        return code;
    }
}
