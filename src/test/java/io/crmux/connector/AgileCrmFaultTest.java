package io.crmux.connector;

import io.crmux.connector.fake.FakeAgileCrm;
import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class AgileCrmFaultTest extends FaultContract {

    private final FakeAgileCrm fake = new FakeAgileCrm(vertx);

    @Override
    protected Connector connector() {
        return new AgileCrm();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "domain", "acme", "user_email", FakeAgileCrm.USER, "key", FakeAgileCrm.KEY);
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(
                200,
                new JsonObject(
                        "{\"id\":1,\"type\":\"PERSON\",\"properties\":[{\"name\":\"email\",\"value\":\"other@example.com\"}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of("{}", "{\"id\":1,\"tags\":null}", "{\"id\":1,\"tags\":\"vip\"}", "{\"id\":1,\"tags\":[1]}")
                .map(JsonObject::new)
                .toList();
    }
}
