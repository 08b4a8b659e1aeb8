package com.example.acme;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class AcmeFaultTest extends FaultContract {

    private final FakeAcme fake = new FakeAcme(vertx);

    @Override
    protected Connector connector() {
        return new AcmeCrm();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeAcme.KEY);
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(
                200, new JsonObject("{\"people\":[{\"id\":\"1\",\"fields\":{\"email\":\"other@example.com\"}}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of("{}", "{\"tags\":\"vip\"}").map(JsonObject::new).toList();
    }
}
