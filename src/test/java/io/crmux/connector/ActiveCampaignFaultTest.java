package io.crmux.connector;

import io.crmux.connector.fake.FakeActiveCampaign;
import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

class ActiveCampaignFaultTest extends FaultContract {

    private final FakeActiveCampaign fake = new FakeActiveCampaign(vertx);

    @Override
    protected Connector connector() {
        return new ActiveCampaign();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeActiveCampaign.KEY, "urls.events", fake.url());
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(200, new JsonObject("{\"contacts\":[{\"id\":\"1\",\"email\":\"other@example.com\"}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        JsonObject good = new JsonObject().put("result_code", 1);
        return List.of(good.copy().put("tags", "vip"), good.copy(), good.copy().putNull("tags"));
    }
}
