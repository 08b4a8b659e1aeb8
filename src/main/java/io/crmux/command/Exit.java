package io.crmux.command;

import io.crmux.config.ConfigException;
import io.crmux.store.StoreLockedException;
import org.jspecify.annotations.Nullable;

/** What the process ends with. */
public final class Exit {

    public static final int FAILURE = 1;
    public static final int USAGE = 2;
    public static final int CONFIGURATION = 3;
    public static final int CHECK = 4;
    public static final int STORE_LOCKED = 5;
    public static final int CANNOT_BIND = 6;
    public static final int UNREACHABLE = 7;
    public static final int REFUSED = 8;

    /** For the help of the command line. */
    static final String HELP = """
            Exit codes:
              0   done
              1   a failure that is none of the others
              2   the command line cannot be understood
              3   the configuration, or a jar of connectors, has mistakes
              4   a check has failed
              5   another process uses the store
              6   the address cannot be listened on
              7   the gateway cannot be reached
              8   the gateway refuses: the key, its rights, or what was asked""";

    private Exit() {}

    /** The code for a failure. */
    public static int code(@Nullable Throwable failure) {
        if (failure == null) {
            return FAILURE;
        }
        if (failure instanceof ConfigException || failure instanceof LibraryException) {
            return CONFIGURATION;
        }
        if (failure instanceof StoreLockedException) {
            return STORE_LOCKED;
        }
        if (failure instanceof UnreachableException) {
            return UNREACHABLE;
        }
        if (failure instanceof RefusedException) {
            return REFUSED;
        }
        return failure instanceof CannotListenException ? CANNOT_BIND : code(failure.getCause());
    }
}
