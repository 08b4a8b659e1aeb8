package io.crmux.crm;

import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a connection comes by what its requests are signed with, for whoever leads an operator through it. Any thread may ask. */
public interface Credentials {

    /** Where they come from. */
    enum Source {
        /** The configuration: there is nothing to be got. */
        SETTINGS,
        /** crmux gets them by itself, with what the configuration says. */
        ITSELF,
        /** An operator must agree, on a page of the CRM's. */
        OPERATOR
    }

    /**
     * How things stand.
     *
     * @param sinceMillis since when it is connected by an operator, since 1970; null when it is not
     * @param problem why there is nothing to sign with at present, or why the last attempt of an operator came to nothing; null when all is well
     * @param answers how many times an operator has come back from the CRM's page since the start
     */
    record State(
            Source source,
            boolean isConnected,
            @Nullable Long sinceMillis,
            @Nullable String problem,
            int answers) {}

    Future<State> now();

    /**
     * Begins to connect.
     *
     * @param callback the address to which the CRM is to send the operator back
     * @return the address of the CRM's page; fails with {@link CrmException.Kind#UNSUPPORTED} where no operator is needed
     */
    Future<String> start(String callback);

    /**
     * Ends it, with what the operator has brought back. Each state works once, and not for long.
     *
     * @param parameters of the callback, {@code state} among them
     * @return when the token is stored and in use; fails with {@link CrmException.Kind#INVALID} when the state is not one that is waited for, and with
     *     other kinds when the CRM has refused
     */
    Future<Void> finish(Map<String, String> parameters);

    /** Of a connection that has all it needs in its settings. */
    static Credentials ofSettings() {
        return new Credentials() {

            @Override
            public Future<State> now() {
                return Future.succeededFuture(new State(Source.SETTINGS, true, null, null, 0));
            }

            @Override
            public Future<String> start(String callback) {
                return Future.failedFuture(needsNobody());
            }

            @Override
            public Future<Void> finish(Map<String, String> parameters) {
                return Future.failedFuture(needsNobody());
            }
        };
    }

    /** The failure where no operator is needed. */
    static CrmException needsNobody() {
        return CrmException.of(
                CrmException.Kind.UNSUPPORTED, "no operator is needed: the credentials are in the configuration", null);
    }
}
