package io.crmux.crm;

import io.vertx.core.Future;

/** How a session is opened with a connection's settings. It is opened anew when it ends, and by one call at a time. */
@FunctionalInterface
public non-sealed interface LogIn extends TokenSource {

    /**
     * Opens a session.
     *
     * @param http sends requests without a signature; their answers are judged like all others
     * @return the session; fails with a {@link CrmException}, of kind {@link CrmException.Kind#UNAUTHORIZED} when the settings are not accepted
     */
    Future<Token> logIn(Call call, Settings settings, Http http);
}
