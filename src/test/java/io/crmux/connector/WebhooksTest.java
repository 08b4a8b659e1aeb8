package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Webhooks;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CRMs send by themselves: read when it is signed, and by nobody else. */
class WebhooksTest {

    private static final String SECRET = "a-long-secret";
    private static final String URL = "https://gateway.example.com/hooks/main?secret=" + SECRET;
    private static final String BARE = "https://gateway.example.com/hooks/main";
    private static final long NOW = 1_706_576_829_000L;

    private static Webhooks open(Connector connector, boolean withSecret) {
        Map<String, String> values = new HashMap<>();
        connector.descriptor().settings().forEach(setting -> values.put(setting.name(), value(setting)));
        values.put("optin", "false");
        if (!withSecret) {
            values.remove("webhook_secret");
        }
        return (Webhooks) connector.open(new Settings(values), (call, request) -> Future.failedFuture("no call"));
    }

    private static String value(Setting setting) {
        return setting.name().equals("webhook_secret")
                ? SECRET
                : setting.fallback() == null ? "https://crm.example.com" : setting.fallback();
    }

    private static Notice notice(String url, String body, String... headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return new Notice("POST", url, all, Buffer.buffer(body), NOW);
    }

    private static byte[] hmac(String message) {
        return hmac("HmacSHA256", message);
    }

    private static byte[] hmac(String kind, String message) {
        try {
            Mac mac = Mac.getInstance(kind);
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), kind));
            return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(String message) {
        return HexFormat.of().formatHex(hmac(message));
    }

    private static void isRefused(Connector connector, Notice notice) {
        assertThatThrownBy(() -> open(connector, true).read(notice))
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED));
    }

    static Stream<Connector> all() {
        return Stream.of(
                new ActiveCampaign(),
                new Ghost(),
                new Mailchimp(),
                new HubSpot(),
                new Klaviyo(),
                new Drip(),
                new EmailOctopus(),
                new AgileCrm(),
                new Mautic(),
                new Intercom(),
                new FluentCrm(),
                new Groundhogg(),
                new Keap(),
                new Salesforce());
    }

    @ParameterizedTest
    @MethodSource("all")
    void nobodyIsBelievedWithoutSignatureOrSecret(Connector connector) {
        isRefused(connector, notice(BARE, "{}"));
        isRefused(connector, notice(BARE + "?secret=guess", "{}"));
        assertThatThrownBy(() -> open(connector, false).read(notice(URL, "{}"))).isInstanceOf(CrmException.class);
    }

    @Test
    void activeCampaignTellsTheTags() {
        String body =
                "type=contact_tag_added&contact%5Bid%5D=42&contact%5Bemail%5D=jane%2Bx%40example.com&contact%5Btags%5D=vip%2C+gold";
        assertThat(open(new ActiveCampaign(), true).read(notice(URL, body)))
                .containsExactly(new Changed(
                        new Contact("42", "jane+x@example.com"), null, Set.of(Tag.named("vip"), Tag.named("gold"))));
    }

    @Test
    void ghostTellsTheAddressBefore() {
        String body =
                "{\"member\":{\"current\":{\"id\":\"6\",\"email\":\"new@example.com\",\"labels\":[{\"id\":\"1\",\"name\":\"vip\"}]},\"previous\":{\"email\":\"old@example.com\"}}}";
        String signature = "sha256=" + hex(body + NOW) + ", t=" + NOW;
        assertThat(open(new Ghost(), true).read(notice(BARE, body, "X-Ghost-Signature", signature)))
                .containsExactly(new Changed(
                        new Contact("6", "new@example.com"),
                        new Contact("6", "old@example.com"),
                        Set.of(Tag.of("1", "vip"))));
        isRefused(new Ghost(), notice(BARE, body + " ", "X-Ghost-Signature", signature));
        long old = NOW - 400_000;
        isRefused(new Ghost(), notice(BARE, body, "X-Ghost-Signature", "sha256=" + hex(body + old) + ", t=" + old));
    }

    @Test
    void mailchimpTellsTheIdOfBothAddresses() {
        String body =
                "type=upemail&data%5Bnew_email%5D=new%40example.com&data%5Bold_email%5D=old%40example.com&data%5Bnew_id%5D=7";
        String time = Long.toString(NOW / 1_000);
        String signature = "t=" + time + ",v1=" + hex(time + "." + body);
        List<Changed> changed =
                open(new Mailchimp(), true).read(notice(BARE, body, "X-Mailchimp-Signature", signature));
        assertThat(changed).extracting(each -> each.contact().email()).containsExactly("new@example.com");
        assertThat(changed).extracting(each -> each.contact().id()).containsExactly(Addresses.md5("new@example.com"));
        assertThat(open(new Mailchimp(), true).read(notice(URL, "type=profile&data%5Bemail%5D=jane%40example.com")))
                .extracting(each -> each.contact().email())
                .containsExactly("jane@example.com");
        isRefused(new Mailchimp(), notice(URL, body + "&x=y", "X-Mailchimp-Signature", signature));
    }

    @Test
    void hubSpotTellsManyAtOnceAndMerges() {
        String body =
                "[{\"subscriptionType\":\"contact.propertyChange\",\"objectId\":123,\"propertyName\":\"email\",\"propertyValue\":\"a@b.c\"},"
                        + "{\"subscriptionType\":\"contact.merge\",\"objectId\":9,\"newObjectId\":9,\"mergedObjectIds\":[7]},"
                        + "{\"subscriptionType\":\"company.creation\",\"objectId\":5}]";
        String time = Long.toString(NOW);
        String signature = Base64.getEncoder().encodeToString(hmac("POST" + BARE + body + time));
        assertThat(open(new HubSpot(), true)
                        .read(notice(
                                BARE, body, "X-HubSpot-Signature-v3", signature, "X-HubSpot-Request-Timestamp", time)))
                .containsExactly(
                        new Changed(new Contact("123", "a@b.c"), null, null),
                        new Changed(new Contact("9", null), new Contact("7", null), null));
        isRefused(
                new HubSpot(),
                notice(URL, body, "X-HubSpot-Signature-v3", signature, "X-HubSpot-Request-Timestamp", time));
    }

    @Test
    void klaviyoTellsOfEventsAndOfFlows() {
        String body =
                "{\"data\":[{\"topic\":\"event:klaviyo.x\",\"payload\":{\"data\":{\"relationships\":{\"profile\":{\"data\":{\"id\":\"01GD\"}}}}}}]}";
        assertThat(open(new Klaviyo(), true)
                        .read(notice(BARE, body, "Klaviyo-Signature", hex(body + NOW), "Klaviyo-Timestamp", "" + NOW)))
                .containsExactly(new Changed(new Contact("01GD", null), null, null));
        assertThat(open(new Klaviyo(), true).read(notice(URL, "{\"contact_id\":\"01GD\",\"email\":\"a@b.c\"}")))
                .containsExactly(new Changed(new Contact("01GD", "a@b.c"), null, null));
        isRefused(
                new Klaviyo(),
                notice(URL, body + " ", "Klaviyo-Signature", hex(body + NOW), "Klaviyo-Timestamp", "" + NOW));
    }

    @Test
    void dripTellsAllTags() {
        String subscriber = "{\"subscriber\":{\"id\":\"z1to\",\"email\":\"a@b.c\",\"tags\":[\"vip\",\"a, b\"]}}";
        Changed expected = new Changed(new Contact("z1to", "a@b.c"), null, Set.of(Tag.named("vip"), Tag.named("a, b")));
        String event = "{\"event\":\"subscriber.applied_tag\",\"data\":" + subscriber + "}";
        assertThat(open(new Drip(), true).read(notice(URL, event))).containsExactly(expected);
        assertThat(open(new Drip(), true).read(notice(URL, subscriber))).containsExactly(expected);
        assertThat(open(new Drip(), true).read(notice(URL, "{\"event\":\"account.x\"}")))
                .isEmpty();
    }

    @Test
    void agileCrmTellsNoTags() {
        String body =
                "{\"eventName\":\"Contact is Updated\",\"eventData\":{\"id\":5667000000000001,\"properties\":[{\"name\":\"email\",\"value\":\"a@b.c\"}]}}";
        assertThat(open(new AgileCrm(), true).read(notice(URL, body)))
                .containsExactly(new Changed(new Contact("5667000000000001", "a@b.c"), null, null));
        assertThat(open(new AgileCrm(), true).read(notice(URL, "email=a%40b.c&other=1")))
                .containsExactly(new Changed(new Contact(null, "a@b.c"), null, null));
    }

    @Test
    void mauticTellsOfSeveralKindsAtOnce() {
        String body =
                "{\"mautic.lead_post_save_update\":[{\"contact\":{\"id\":47,\"tags\":[{\"tag\":\"a &amp; b\"}],\"fields\":{\"core\":{\"email\":{\"value\":\"a@b.c\"}}}}},{\"lead\":{\"id\":48}}],"
                        + "\"mautic.lead_post_save_new\":[{\"contact\":{\"id\":49}}]}";
        String signature = Base64.getEncoder().encodeToString(hmac(body));
        assertThat(open(new Mautic(), true).read(notice(BARE, body, "Webhook-Signature", signature)))
                .containsExactly(
                        new Changed(new Contact("47", "a@b.c"), null, Set.of(Tag.named("a & b"))),
                        new Changed(new Contact("48", null), null, null),
                        new Changed(new Contact("49", null), null, null));
        isRefused(new Mautic(), notice(URL, body + " ", "Webhook-Signature", signature));
    }

    @Test
    void intercomTellsOfContactsAndOfTags() {
        String contact = "{\"data\":{\"item\":{\"type\":\"contact\",\"id\":\"6762\",\"email\":\"a@b.c\"}}}";
        String tag =
                "{\"data\":{\"item\":{\"type\":\"contact_tag\",\"contact\":{\"type\":\"contact\",\"id\":\"6763\"},\"tag\":{\"id\":\"80\"}}}}";
        String other = "{\"data\":{\"item\":{\"type\":\"conversation\",\"id\":\"9\"}}}";
        assertThat(intercom(contact)).containsExactly(new Changed(new Contact("6762", "a@b.c"), null, null));
        assertThat(intercom(tag)).containsExactly(new Changed(new Contact("6763", null), null, null));
        assertThat(intercom(other)).isEmpty();
        isRefused(new Intercom(), notice(URL, contact, "X-Hub-Signature", "sha1=" + hex(contact)));
    }

    private static List<Changed> intercom(String body) {
        String signature = "sha1=" + HexFormat.of().formatHex(hmac("HmacSHA1", body));
        return open(new Intercom(), true).read(notice(BARE, body, "X-Hub-Signature", signature));
    }

    @Test
    void emailOctopusTellsOfManyContactsOfOneList() {
        String events = """
                [{"id":"e1","type":"contact.updated","list_id":"https://crm.example.com","contact_id":"42",
                  "contact_email_address":"a@b.c","contact_tags":["vip"]},
                 {"id":"e2","type":"contact.updated","list_id":"another","contact_id":"43","contact_tags":[]},
                 {"id":"e3","type":"contact.deleted","list_id":"https://crm.example.com","contact_id":"44","contact_tags":["vip"]}]""";
        Notice signed = notice(BARE, events, "EmailOctopus-Signature", "sha256=" + hex(events));
        assertThat(open(new EmailOctopus(), true).read(signed))
                .containsExactly(
                        new Changed(new Contact("42", "a@b.c"), null, Set.of(Tag.named("vip"))),
                        new Changed(new Contact("44", null), null, null));
        isRefused(new EmailOctopus(), notice(BARE, events, "EmailOctopus-Signature", "sha256=" + hex(events + " ")));
    }

    @Test
    void crmsInWordPressMayEscapeOnceTooOften() {
        Changed expected = new Changed(new Contact("42", "a@b.c"), null, null);
        for (Connector connector : List.of(new FluentCrm(), new Groundhogg())) {
            Webhooks webhooks = open(connector, true);
            assertThat(webhooks.read(notice(URL, "{\"id\":42,\"email\":\"a@b.c\",\"tags\":[{\"slug\":\"vip\"}]}")))
                    .containsExactly(expected);
            assertThat(webhooks.read(notice(URL, "{\\\"id\\\":42,\\\"email\\\":\\\"a@b.c\\\"}")))
                    .containsExactly(expected);
            assertThat(webhooks.read(notice(URL, "id=42&email=a%40b.c"))).containsExactly(expected);
            assertThat(webhooks.read(notice(URL, "{}"))).isEmpty();
        }
    }

    @Test
    void keapTellsManyContactsAndThoseOfATag() {
        String contacts = "{\"event_key\":\"contact.edit\",\"object_keys\":[{\"id\":4711},{\"id\":4712}]}";
        String tag =
                "{\"event_key\":\"contactGroup.applied\",\"object_keys\":[{\"id\":91,\"contact_details\":[{\"id\":4713}]}]}";
        assertThat(keap(contacts)).containsExactly("4711", "4712");
        assertThat(keap(tag)).containsExactly("4713");
        assertThat(keap("contactId=4714&x=1")).containsExactly("4714");
        assertThat(keap("{\"event_key\":\"order.add\",\"object_keys\":[{\"id\":1}]}"))
                .isEmpty();
    }

    private static List<String> keap(String body) {
        return open(new Keap(), true).read(notice(URL, body)).stream()
                .map(changed -> changed.contact().requireId())
                .toList();
    }

    private static String outbound(String type) {
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
            <soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound">
            <OrganizationId>00Dxx0000001gPLEAY</OrganizationId><SessionId xsi:nil="true"/>
            <Notification><Id>04lxx</Id><sObject xsi:type="sf:%1$s" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
            <sf:Id>003xx000004TmiQ</sf:Id><sf:Email>a@b.c</sf:Email></sObject></Notification>
            <Notification><Id>04lxy</Id><sObject xsi:type="sf:%1$s" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
            <sf:Id>003xx000004TmiRAAS</sf:Id></sObject></Notification>
            </notifications></soapenv:Body></soapenv:Envelope>
            """.formatted(type);
    }

    private static Webhooks ofOrganization(String id) {
        return (Webhooks) new Salesforce()
                .open(
                        new Settings(Map.of(
                                "version",
                                "64.0",
                                "object_type",
                                "Contact",
                                "lookup_field",
                                "Email",
                                "tag_type",
                                "topics",
                                "webhook_secret",
                                SECRET,
                                "organization",
                                id)),
                        (call, request) -> Future.failedFuture("no call"));
    }

    @Test
    void salesforceTellsManyContactsOfItsOwnOrganization() {
        Webhooks webhooks = ofOrganization("00Dxx0000001gPL");
        assertThat(webhooks.read(notice(URL, outbound("Contact"))))
                .containsExactly(
                        new Changed(new Contact("003xx000004TmiQAAS", "a@b.c"), null, null),
                        new Changed(new Contact("003xx000004TmiRAAS", null), null, null));
        assertThat(webhooks.read(notice(URL, outbound("Account")))).isEmpty();
        assertThatThrownBy(() -> ofOrganization("00Dxx0000001gPM").read(notice(URL, outbound("Contact"))))
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SYSTEM \"file:///etc/passwd\"", "\"grows\""})
    void salesforceNamesNothingToReadAndNothingThatGrows(String entity) {
        String evil = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b " + entity + ">]><a>&b;</a>";
        assertThatThrownBy(() -> ofOrganization("00Dxx0000001gPL").read(notice(URL, evil)))
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));
    }

    @Test
    void nonsenseThatIsSignedIsInvalid() {
        assertThatThrownBy(() -> open(new Klaviyo(), true).read(notice(URL, "nonsense")))
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));
    }
}
