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
import io.crmux.crm.RetryAfter;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Verdict;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HubSpot: CRM API v3. It has no tags: what stands for one is a list ({@link HubSpotLists}) or an option of a property ({@link HubSpotOptions}), as the setting
 * {@code tag_type} says. Facts are from the vendor's descriptions of contacts, lists and properties, and from its pages on limits and errors; what is assumed
 * says so.
 */
public final class HubSpot implements Connector {

    static final String SEARCH = "search";
    private static final long DAILY_WAIT = Duration.ofMinutes(15).toMillis();
    private static final Pattern EXISTING = Pattern.compile("Existing ID: (\\d+)");

    private static final Duration BURST = Duration.ofSeconds(10);
    private static final Limit DAILY = Limit.of(250_000, Duration.ofDays(1));

    private static final Descriptor DESCRIPTOR = new Descriptor(
            "hubspot",
            "HubSpot",
            List.of(
                    Setting.optionalSecret(
                            "token", "the access token of a private app, from Settings > Integrations > Private Apps"),
                    Setting.optional(OAuth.CLIENT_ID, Setting.Type.TEXT, null, "the client id of an app"),
                    Setting.optionalSecret(OAuth.CLIENT_SECRET, "the client secret of the app"),
                    new Setting(
                            "tag_type",
                            Setting.Type.CHOICE,
                            false,
                            false,
                            "lists",
                            List.of("lists", "multiselect"),
                            "what stands for a tag: a list, or an option of a property"),
                    Setting.optional(
                            "multiselect_field",
                            Setting.Type.TEXT,
                            null,
                            "the internal name of the property (multiple checkboxes), for tag_type multiselect"),
                    Setting.optional("url", Setting.Type.URL, "https://api.hubapi.com", "where the API is"),
                    WebhookSecret.setting("the client secret of the app, which signs webhooks")),
            Authentication.either(Authentication.bearer("token"), Authentication.oauth(HubSpot::oauth)),
            List.of(Limit.of(100, BURST), DAILY, new Limit(4, Duration.ofSeconds(1), SEARCH)),
            10,
            "a list's id (active lists cannot be written), or an option of a property; applying does not create one",
            EnumSet.complementOf(EnumSet.of(Operation.SYNC_LISTS)),
            Map.of(
                    "user_email", FieldTarget.text("email"),
                    "first_name", FieldTarget.text("firstname"),
                    "last_name", FieldTarget.text("lastname"),
                    "billing_phone", FieldTarget.text("phone"),
                    "billing_company", FieldTarget.text("company"),
                    "billing_address_1", FieldTarget.text("address"),
                    "billing_city", FieldTarget.text("city"),
                    "billing_state", new FieldTarget("state", FieldType.STATE),
                    "billing_postcode", FieldTarget.text("zip"),
                    "billing_country", new FieldTarget("country", FieldType.COUNTRY)),
            Descriptor.Countries.NAME,
            "https://developers.hubspot.com/docs/api/crm/contacts");

    /** The scopes are assumed. */
    private static OAuth oauth(Settings settings) {
        return OAuth.code("https://app.hubspot.com/oauth/authorize", settings.url("url") + "/oauth/v1/token")
                .scope("crm.objects.contacts.read crm.objects.contacts.write crm.lists.read crm.lists.write"
                        + " crm.schemas.contacts.read");
    }

    @Override
    public Descriptor descriptor() {
        return DESCRIPTOR;
    }

    /** Apps that an operator has agreed to have no limit for the day. */
    @Override
    public List<Limit> limits(Settings settings) {
        return settings.find("token").isPresent()
                ? DESCRIPTOR.limits()
                : DESCRIPTOR.limits().stream()
                        .filter(limit -> !limit.equals(DAILY))
                        .toList();
    }

    /** Searches have a limit of their own, of which nothing is told: what such an answer would tell is not believed. */
    @Override
    public Verdict judge(Request request, Answer answer) {
        Verdict verdict = verdict(request, answer);
        return request.bucket().equals(SEARCH) ? verdict : verdict.telling(told(answer));
    }

    /**
     * What is left of ten seconds, and of the day. There is no reset. The day is told with what is left alone: an app that an operator has agreed to has no
     * limit for the day, and gets none by it. What is told of a second is left out: it is not known for which calls it holds.
     */
    private static List<Allowance> told(Answer answer) {
        List<Allowance> told = new ArrayList<>(2);
        if ("10000".equals(answer.headers().get("x-hubspot-ratelimit-interval-milliseconds"))) {
            told.addAll(Allowance.read(
                    answer, Limit.ORDINARY, "x-hubspot-ratelimit-max", BURST, "x-hubspot-ratelimit-remaining", null));
        }
        told.addAll(Allowance.read(
                answer, Limit.ORDINARY, null, DAILY.window(), "x-hubspot-ratelimit-daily-remaining", null));
        return told;
    }

    /**
     * A list that is unknown is a 404 like a contact that is, and must not be taken for one. How a second list of the same name is refused is assumed. When the
     * calls of a day are used up, it is not told for how long.
     */
    private static Verdict verdict(Request request, Answer answer) {
        int status = answer.status();
        if (status < 300) {
            return Verdict.ok();
        }
        JsonObject error = jsonOrNothing(answer);
        String message = error.getString("message", "");
        boolean ofLists = request.template().startsWith(HubSpotLists.LISTS)
                && !request.template().equals(HubSpotLists.OF_CONTACT);
        if (status == 404 && ofLists) {
            return Verdict.failed(CrmException.of(CrmException.Kind.INVALID, message, status));
        }
        if (status == 409 || (status == 400 && ofLists && message.contains("already exists"))) {
            Matcher existing = EXISTING.matcher(message);
            return Verdict.failed(CrmException.of(CrmException.Kind.DUPLICATE, message, status)
                    .existing(existing.find() ? existing.group(1) : null));
        }
        if (status == 429 && "DAILY".equals(error.getString("policyName"))) {
            Long wait = RetryAfter.millis(answer);
            return Verdict.failed(CrmException.of(CrmException.Kind.RATE_LIMITED, message, status)
                    .waiting(wait == null ? DAILY_WAIT : wait));
        }
        return Verdict.byStatus(answer, message);
    }

    private static JsonObject jsonOrNothing(Answer answer) {
        try {
            return answer.json();
        } catch (CrmException html) {
            return new JsonObject();
        }
    }

    @Override
    public Crm open(Settings settings, Http http) {
        String base = settings.url("url");
        WebhookSecret secret = WebhookSecret.of(settings);
        return settings.text("tag_type").equals("lists")
                ? new HubSpotLists(base, secret, http)
                : new HubSpotOptions(
                        base, secret, http, settings.find("multiselect_field").orElse(""));
    }
}
