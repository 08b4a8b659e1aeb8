package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeEmailOctopus;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class EmailOctopusFaultTest extends FaultContract {

    private final FakeEmailOctopus fake = new FakeEmailOctopus(vertx);

    @Override
    protected Connector connector() {
        return new EmailOctopus();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeEmailOctopus.KEY, "list", FakeEmailOctopus.LIST);
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(200, new JsonObject("{\"id\":\"1\",\"email_address\":\"other@example.com\",\"tags\":[]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of("{}", "{\"tags\":\"vip\"}", "{\"tags\":[{\"tag\":\"vip\"}]}", "{\"tags\":{\"vip\":true}}")
                .map(JsonObject::new)
                .toList();
    }
}
