package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeDrip;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class DripFaultTest extends FaultContract {

    private final FakeDrip fake = new FakeDrip(vertx);

    @Override
    protected Connector connector() {
        return new Drip();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "account", FakeDrip.ACCOUNT, "token", FakeDrip.TOKEN);
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(
                200, new JsonObject("{\"subscribers\":[{\"id\":\"1\",\"email\":\"other@example.com\",\"tags\":[]}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of(
                        "{}",
                        "{\"subscribers\":[]}",
                        "{\"subscribers\":[{\"id\":\"1\"}]}",
                        "{\"subscribers\":[{\"id\":\"1\",\"tags\":\"vip\"}]}")
                .map(JsonObject::new)
                .toList();
    }
}
