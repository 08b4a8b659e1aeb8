package io.crmux.connector;

import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Descriptor;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Http;
import io.crmux.crm.Limit;
import io.crmux.crm.OAuth;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Verdict;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Salesforce: REST API, whose version is part of each path. It has no tags: what stands for one is a topic ({@link SalesforceTopics}), a value of a multi-select
 * picklist ({@link SalesforcePicklist}), or a classic tag ({@link SalesforceTags}), as the setting {@code tag_type} says. Facts are from the vendor's collection
 * of calls and from its pages on limits, errors, objects and outbound messages; what is assumed says so.
 *
 * <p>How many calls an account has is told by every answer, and counts all that use it; what is told is kept.
 */
public final class Salesforce implements Connector {

    private static final String TOKEN = "/services/oauth2/token";
    private static final String INSTANCE = "instance_url";
    private static final Pattern USAGE = Pattern.compile("(?<![a-z-])api-usage=(\\d{1,9})/(\\d{1,9})");

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "salesforce",
            "Salesforce",
            List.of(
                    Setting.optionalSecret(
                            "token", "an access token that somebody else keeps valid; needs url beside it"),
                    Setting.optional(OAuth.CLIENT_ID, Setting.Type.TEXT, null, "the consumer key of a connected app"),
                    Setting.optionalSecret(OAuth.CLIENT_SECRET, "the consumer secret of the connected app"),
                    OAuth.grantSetting(OAuth.Grant.AUTHORIZATION_CODE),
                    Setting.optional(
                            "url",
                            Setting.Type.URL,
                            null,
                            "the organization's own address, https://acme.my.salesforce.com; left out, it is learned when the connection is connected, and client_credentials needs it"),
                    Setting.optional(
                            "urls.login",
                            Setting.Type.URL,
                            "https://login.salesforce.com",
                            "where an operator logs in: https://test.salesforce.com for a sandbox"),
                    Setting.optional("version", Setting.Type.TEXT, "64.0", "the version of the API"),
                    Setting.optional(
                            "object_type",
                            Setting.Type.TEXT,
                            "Contact",
                            "the API name of the object whose records are contacts: Contact, Lead or one of your own; fields that Contact alone has must be mapped anew"),
                    Setting.optional(
                            "lookup_field",
                            Setting.Type.TEXT,
                            "Email",
                            "the API name of the field that holds the address by which contacts are looked up"),
                    new Setting(
                            "tag_type",
                            Setting.Type.CHOICE,
                            false,
                            false,
                            "topics",
                            List.of("topics", "picklist", "personal", "public"),
                            "what stands for a tag: a topic, a value of a picklist, or a personal or public tag"),
                    Setting.optional(
                            "tag_picklist",
                            Setting.Type.TEXT,
                            null,
                            "the API name of the multi-select picklist, for tag_type picklist"),
                    Setting.optional(
                            "record_type", Setting.Type.TEXT, null, "the id of the record type of new contacts"),
                    Setting.optional(
                            "account", Setting.Type.TEXT, null, "the id of the account that new contacts belong to"),
                    Setting.optional(
                            "organization",
                            Setting.Type.TEXT,
                            null,
                            "the organization's id, if outbound messages of others are to be refused"),
                    WebhookSecret.setting("the word behind ?secret= in the address of outbound messages")),
            Authentication.either(Authentication.bearer("token"), Authentication.oauth(Salesforce::oauth)),
            List.of(),
            10,
            "a topic's id, a value of a picklist, or a tag's name; applying creates all but topics, and values of restricted picklists",
            EnumSet.complementOf(EnumSet.of(Operation.SYNC_LISTS, Operation.TRACK_EVENT)),
            Map.of(
                    "user_email", FieldTarget.text("Email"),
                    "first_name", FieldTarget.text("FirstName"),
                    "last_name", FieldTarget.text("LastName"),
                    "billing_phone", FieldTarget.text("Phone"),
                    "billing_address_1", FieldTarget.text("MailingStreet"),
                    "billing_city", FieldTarget.text("MailingCity"),
                    "billing_state", new FieldTarget("MailingState", FieldType.STATE),
                    "billing_postcode", FieldTarget.text("MailingPostalCode"),
                    "billing_country", new FieldTarget("MailingCountry", FieldType.COUNTRY)),
            Descriptor.Countries.NAME,
            "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/");

    /** Answers have no {@code expires_in}, and the refresh token stays. That a client gets a token by itself on the organization's own host is assumed. */
    private static OAuth oauth(Settings settings) {
        String host = settings.url("urls.login");
        if (!OAuth.isClientCredentials(settings)) {
            return OAuth.code(host + "/services/oauth2/authorize", host + TOKEN)
                    .scope("api refresh_token")
                    .learning(INSTANCE);
        }
        return OAuth.clientCredentials((isNamed(settings) ? settings.url("url") : host) + TOKEN)
                .learning(INSTANCE);
    }

    private static boolean isNamed(Settings settings) {
        return settings.find("url").isPresent();
    }

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public Set<String> domains() {
        return Set.of("salesforce.com", "force.com");
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        return verdict(request, answer).telling(told(answer));
    }

    /** A 404 is about a contact where one was named, and else about an object that there is not. */
    private static Verdict verdict(Request request, Answer answer) {
        if (answer.status() < 300) {
            return Verdict.ok();
        }
        SalesforceError error = SalesforceError.of(answer);
        if (answer.status() == 404 && !request.template().contains("{id}")) {
            return Verdict.failed(CrmException.of(CrmException.Kind.INVALID, error.message(), 404));
        }
        return error.isKnown() && answer.status() < 500
                ? Verdict.failed(error.failure(answer.status()))
                : Verdict.byStatus(answer, error.message());
    }

    /** {@code api-usage=18/5000}, perhaps with what a single application may use: that one is not ours to know. */
    private static List<Allowance> told(Answer answer) {
        String header = answer.headers().get("sforce-limit-info");
        Matcher usage = USAGE.matcher(header == null ? "" : header);
        int limit = usage.find() ? Integer.parseInt(usage.group(2)) : 0;
        if (limit == 0) {
            return List.of();
        }
        int used = Integer.parseInt(usage.group(1));
        return List.of(new Allowance(Limit.ORDINARY, limit, Duration.ofDays(1), Math.max(0, limit - used), null));
    }

    @Override
    public Crm open(Settings settings, Http http) {
        boolean isTold = !isNamed(settings) && settings.find("token").isEmpty();
        String host = isTold ? "{" + INSTANCE + "}" : "{url}";
        SalesforceApi api = new SalesforceApi(host + "/services/data/v" + settings.text("version"), http);
        SalesforceRecords records = SalesforceRecords.of(settings);
        return switch (settings.text("tag_type")) {
            case "picklist" ->
                new SalesforcePicklist(
                        api, records, settings.find("tag_picklist").orElse(""));
            case "personal" -> new SalesforceTags(api, records, "Personal");
            case "public" -> new SalesforceTags(api, records, "Public");
            default -> new SalesforceTopics(api, records);
        };
    }
}
