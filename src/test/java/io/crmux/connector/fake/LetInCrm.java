package io.crmux.connector.fake;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Field;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.Http;
import io.crmux.crm.Json;
import io.crmux.crm.Loaded;
import io.crmux.crm.OAuth;
import io.crmux.crm.Operation;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.crmux.crm.Verdict;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connector for a CRM that is not there but for its tests: with a token from the settings, or with OAuth 2 by either grant. It says where its API is when it
 * is connected. It has contacts with tags, and pages of them.
 */
public final class LetInCrm implements Connector {

    public static final String SCHEME = "Let-in";

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "let-in",
            "Let In",
            List.of(
                    Setting.required("url", Setting.Type.URL, "where it lets clients in"),
                    Setting.optionalSecret("token", "a token that does not end"),
                    Setting.optional("client_id", Setting.Type.TEXT, null, "the client"),
                    Setting.optionalSecret("client_secret", "its secret"),
                    OAuth.grantSetting(OAuth.Grant.AUTHORIZATION_CODE)),
            Authentication.either(Authentication.bearer("token"), Authentication.oauth(LetInCrm::oauth)),
            List.of(),
            4,
            "a name",
            EnumSet.of(
                    Operation.CONNECT,
                    Operation.GET_CONTACT_ID,
                    Operation.GET_TAGS,
                    Operation.APPLY_TAGS,
                    Operation.LOAD_CONTACTS),
            Map.of("user_email", FieldTarget.text("email")),
            Descriptor.Countries.NAME,
            "https://let-in.example");

    private static OAuth oauth(Settings settings) {
        String url = settings.url("url");
        OAuth declared = OAuth.isClientCredentials(settings)
                ? OAuth.clientCredentials(url + "/token").proof(OAuth.Proof.BASIC)
                : OAuth.code(url + "/authorize", url + "/token").scope("contacts tags");
        return declared.learning("api").scheme(SCHEME).authorizing("access_type", "offline");
    }

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Set<String> domains() {
        return Set.of("let-in.example");
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        return Verdict.byStatus(answer, "HTTP " + answer.status());
    }

    @Override
    public Crm open(Settings settings, Http http) {
        return new Opened(http);
    }

    private record Opened(Http http) implements Crm {

        private static Request get(String path) {
            return Request.get("{api}", path);
        }

        @Override
        public Traits traits() {
            return new Traits(
                    Traits.Canonical.NAME,
                    false,
                    Traits.Creation.BY_APPLYING,
                    Traits.Add.UPSERTS,
                    Traits.Address.ID,
                    Duration.ZERO,
                    1);
        }

        @Override
        public Future<Account> connect(Call call) {
            return http.send(call, get("/me")).map(answer -> new Account(Json.text(answer.json(), "name")));
        }

        @Override
        public Future<List<Tag>> syncTags(Call call) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<Field>> syncCrmFields(Call call) {
            return Future.failedFuture(CrmException.unsupported(Operation.SYNC_CRM_FIELDS));
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return http.send(call, get("/contacts").query("email", email))
                    .map(answer -> Optional.of(new Contact(Json.text(answer.json(), "id"), email)));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return http.send(call, get("/contacts/{id}").with("id", contact.requireId()))
                    .map(answer -> Set.of(Tag.named(Json.text(answer.json(), "tag"))));
        }

        @Override
        public Future<Added> addContact(Call call, Map<String, Value> fields) {
            return Future.failedFuture(CrmException.unsupported(Operation.ADD_CONTACT));
        }

        @Override
        public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
            return Future.failedFuture(CrmException.unsupported(Operation.UPDATE_CONTACT));
        }

        @Override
        public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
            return http.send(
                            call,
                            Request.post("{api}", "/contacts/{id}/tags")
                                    .with("id", contact.requireId())
                                    .json(new JsonObject()
                                            .put(
                                                    "tags",
                                                    tags.stream().map(Tag::name).toList())))
                    .mapEmpty();
        }

        @Override
        public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
            return Future.failedFuture(CrmException.unsupported(Operation.REMOVE_TAGS));
        }

        @Override
        public Future<Loaded> loadContact(Call call, Contact contact) {
            return Future.failedFuture(CrmException.unsupported(Operation.LOAD_CONTACT));
        }

        @Override
        public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
            return http.send(call, get("/pages").query("page", cursor == null ? "0" : cursor))
                    .map(answer -> new Page<>(
                            List.of(Json.text(answer.json(), "id")),
                            answer.json().getString("next")));
        }
    }
}
