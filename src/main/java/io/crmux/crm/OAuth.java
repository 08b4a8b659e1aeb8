package io.crmux.crm;

import io.crmux.crm.Request.Pair;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a vendor speaks OAuth 2 (RFC 6749). Immutable: each method answers a changed copy. A connector makes it from a connection's settings each time
 * that it is needed; what was learned when the connection was connected is laid over them, so that even the token address may be learned.
 *
 * <p>A refresh token that comes with an answer takes the place of the former one, and the former one stays where none comes, so that nothing needs to be
 * said of rotation.
 *
 * @param grant how the first token is got
 * @param authorize the address of the page on which an operator agrees; empty for {@link Grant#CLIENT_CREDENTIALS}
 * @param token the address of the token endpoint. The client's secret goes there, so that it must be of a setting or of {@link Connector#domains()}
 * @param scope as the vendor wants it, separators included; empty for none
 * @param pkce whether the page and the code are bound together by a key of their own (RFC 7636, S256)
 * @param proof how the client proves itself when it brings a code, or gets a token by itself
 * @param refreshProof how it does when it refreshes
 * @param authorizing further parameters of the page
 * @param asking further parameters of every call to the token endpoint
 * @param lifetime of an access token whose answer has no {@code expires_in}
 * @param learned members of the token's answer, or parameters of the callback, that are laid over the settings from then on. An address (one with
 *     {@code ://}) is believed only within {@link Connector#domains()}, or on a host that a setting names
 * @param scheme the word before the access token in the header {@code authorization}
 */
public record OAuth(
        Grant grant,
        String authorize,
        String token,
        String scope,
        boolean pkce,
        Proof proof,
        Proof refreshProof,
        List<Pair> authorizing,
        List<Pair> asking,
        Duration lifetime,
        Set<String> learned,
        String scheme)
        implements TokenSource {

    /** The settings that name the client. */
    public static final String CLIENT_ID = "client_id";

    public static final String CLIENT_SECRET = "client_secret";
    /** The setting by which an operator chooses, where a vendor has both grants: see {@link #grantSetting}. */
    public static final String GRANT = "grant";
    /** Under this name the access token is laid over the settings. */
    public static final String ACCESS_TOKEN = "access_token";

    private static final Duration USUAL_LIFETIME = Duration.ofHours(1);

    /** How the first token is got. */
    public enum Grant {
        /** An operator agrees on a page of the vendor's; from then on it is refreshed. */
        AUTHORIZATION_CODE,
        /** By the client itself, and so are those that follow. */
        CLIENT_CREDENTIALS;

        /** As in the configuration and on the wire. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How the client proves itself. */
    public enum Proof {
        /** Id and secret are members of the form. */
        FORM,
        /** Id and secret are user and password (HTTP Basic). */
        BASIC
    }

    public OAuth {
        authorizing = List.copyOf(authorizing);
        asking = List.copyOf(asking);
        learned = Set.copyOf(learned);
    }

    /** An operator agrees on a page; with PKCE, and secrets in the form. */
    public static OAuth code(String authorize, String token) {
        return of(Grant.AUTHORIZATION_CODE, authorize, token);
    }

    /** The client gets its token by itself; secrets in the form. */
    public static OAuth clientCredentials(String token) {
        return of(Grant.CLIENT_CREDENTIALS, "", token);
    }

    private static OAuth of(Grant grant, String authorize, String token) {
        return new OAuth(
                grant,
                authorize,
                token,
                "",
                true,
                Proof.FORM,
                Proof.FORM,
                List.of(),
                List.of(),
                USUAL_LIFETIME,
                Set.of(),
                "Bearer");
    }

    /** A setting by which an operator chooses between both grants; {@link #isClientCredentials} tells. */
    public static Setting grantSetting(Grant otherwise) {
        return new Setting(
                GRANT,
                Setting.Type.CHOICE,
                false,
                false,
                otherwise.toString(),
                Stream.of(Grant.values()).map(Grant::toString).toList(),
                "how crmux gets its first token: by an operator who agrees on a page of the CRM's, or by itself");
    }

    /** Whether the setting of {@link #grantSetting} says that no operator is needed. */
    public static boolean isClientCredentials(Settings settings) {
        return settings.find(GRANT)
                .filter(Grant.CLIENT_CREDENTIALS.toString()::equals)
                .isPresent();
    }

    public OAuth scope(String words) {
        return with(draft -> draft.scope = words);
    }

    public OAuth withoutPkce() {
        return with(draft -> draft.pkce = false);
    }

    /** How the client proves itself, be it for the first time or when it refreshes. */
    public OAuth proof(Proof always) {
        return proof(always, always);
    }

    public OAuth proof(Proof first, Proof refreshing) {
        return with(draft -> {
            draft.proof = first;
            draft.refreshProof = refreshing;
        });
    }

    /** Another parameter of the page. */
    public OAuth authorizing(String name, String value) {
        return with(draft -> draft.authorizing = Request.plus(authorizing, new Pair(name, value)));
    }

    /** Another parameter of every call to the token endpoint. */
    public OAuth asking(String name, String value) {
        return with(draft -> draft.asking = Request.plus(asking, new Pair(name, value)));
    }

    public OAuth lifetime(Duration ofAccessTokens) {
        return with(draft -> draft.lifetime = ofAccessTokens);
    }

    /** What else the token's answer or the callback teaches. A request whose base is {@code {instance_url}} goes where that says. */
    public OAuth learning(String... names) {
        return with(draft -> draft.learned =
                Stream.concat(learned.stream(), Stream.of(names)).collect(Collectors.toUnmodifiableSet()));
    }

    public OAuth scheme(String word) {
        return with(draft -> draft.scheme = word);
    }

    /** Whether an operator must lead the way, and what was got cannot be got again without one: so it is stored. */
    public boolean needsOperator() {
        return grant == Grant.AUTHORIZATION_CODE;
    }

    private OAuth with(Consumer<Draft> change) {
        Draft draft = new Draft();
        change.accept(draft);
        return new OAuth(
                grant,
                authorize,
                token,
                draft.scope,
                draft.pkce,
                draft.proof,
                draft.refreshProof,
                draft.authorizing,
                draft.asking,
                draft.lifetime,
                draft.learned,
                draft.scheme);
    }

    /** What a copy may have otherwise; as it is here until it is said. */
    private final class Draft {
        private String scope = OAuth.this.scope;
        private boolean pkce = OAuth.this.pkce;
        private Proof proof = OAuth.this.proof;
        private Proof refreshProof = OAuth.this.refreshProof;
        private List<Pair> authorizing = OAuth.this.authorizing;
        private List<Pair> asking = OAuth.this.asking;
        private Duration lifetime = OAuth.this.lifetime;
        private Set<String> learned = OAuth.this.learned;
        private String scheme = OAuth.this.scheme;
    }
}
