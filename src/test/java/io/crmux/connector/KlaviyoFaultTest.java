package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeKlaviyo;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

class KlaviyoFaultTest extends FaultContract {

    private final FakeKlaviyo fake = new FakeKlaviyo(vertx);

    @Override
    protected Connector connector() {
        return new Klaviyo();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeKlaviyo.KEY);
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
        return Reply.json(
                200, new JsonObject("{\"data\":[{\"id\":\"1\",\"attributes\":{\"email\":\"other@example.com\"}}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return List.of(
                new JsonObject(),
                new JsonObject("{\"data\":\"vip\"}"),
                new JsonObject("{\"data\":null}"),
                new JsonObject("{\"data\":[\"vip\"]}"),
                new JsonObject("{\"data\":[{\"id\":null}]}"));
    }
}
