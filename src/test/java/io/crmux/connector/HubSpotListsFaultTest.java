package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeHubSpot;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

class HubSpotListsFaultTest extends FaultContract {

    private final FakeHubSpot fake = new FakeHubSpot(vertx);

    @Override
    protected Connector connector() {
        return new HubSpot();
    }

    @Override
    protected Map<String, String> settings() {
        return fake.settings(FakeHubSpot.TOKEN, "lists");
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Tag tag(String name) {
        return Tag.of(fake.list(name), name);
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(200, new JsonObject("{\"id\":\"1\",\"properties\":{\"email\":\"other@example.com\"}}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return List.of(
                new JsonObject(),
                new JsonObject("{\"results\":\"vip\"}"),
                new JsonObject("{\"results\":null}"),
                new JsonObject("{\"results\":[\"vip\"]}"));
    }
}
