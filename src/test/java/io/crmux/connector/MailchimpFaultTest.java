package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeMailchimp;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

class MailchimpFaultTest extends FaultContract {

    private final FakeMailchimp fake = new FakeMailchimp(vertx);

    @Override
    protected Connector connector() {
        return new Mailchimp();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeMailchimp.KEY, "list", FakeMailchimp.LIST, "optin", "false");
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(
                200,
                new JsonObject("{\"id\":\"4b9c\",\"email_address\":\"other@example.com\",\"status\":\"subscribed\"}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        JsonObject member = new JsonObject().put("status", "subscribed").put("tags_count", 1);
        return List.of(
                member.copy(),
                member.copy().put("tags", "vip"),
                member.copy().putNull("tags"),
                member.copy().put("tags", new JsonArray().add("vip")),
                new JsonObject().put("tags", new JsonArray()));
    }
}
