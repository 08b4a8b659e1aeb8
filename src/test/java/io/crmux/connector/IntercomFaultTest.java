package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeIntercom;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class IntercomFaultTest extends FaultContract {

    private final FakeIntercom fake = new FakeIntercom(vertx);

    @Override
    protected Connector connector() {
        return new Intercom();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeIntercom.KEY);
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(
                200, new JsonObject("{\"data\":[{\"id\":\"1\",\"role\":\"user\",\"email\":\"other@example.com\"}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of(
                        "{}",
                        "{\"data\":null}",
                        "{\"data\":\"vip\"}",
                        "{\"data\":[\"vip\"]}",
                        "{\"data\":[{\"id\":\"1\"}]}")
                .map(JsonObject::new)
                .toList();
    }
}
