package io.crmux.upstream;

import io.crmux.crm.CrmException;
import io.crmux.crm.Settings;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** What an account's requests are signed with. Touched only on the account's loop. */
interface Signing {

    /** Of an account whose settings are all that it takes. */
    Signing OF_SETTINGS = new Signing() {

        @Override
        public Future<Void> recover() {
            return Future.succeededFuture();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public @Nullable CrmException refusal() {
            return null;
        }

        @Override
        public @Nullable CrmException trouble() {
            return null;
        }

        @Override
        public Settings over(Settings settings) {
            return settings;
        }

        @Override
        public int generation() {
            return 0;
        }

        @Override
        public boolean expired(int generation) {
            return false;
        }
    };

    /** Takes up what was stored. Never fails; ends when it is known whether there is something. */
    Future<Void> recover();

    /** Whether a request may be signed now. If not, something is done about it. */
    boolean isReady();

    /** Why no request will be signed before a person has done something; null when one may be. */
    @Nullable
    CrmException refusal();

    /** What went wrong the last time, with how long it will be until it is tried again; null when nothing did. */
    @Nullable
    CrmException trouble();

    /** A connection's settings with the token laid over them. */
    Settings over(Settings settings);

    /** Which token it is. */
    int generation();

    /**
     * The CRM says that a token is good no more.
     *
     * @return whether the request is worth another try
     */
    boolean expired(int generation);
}
