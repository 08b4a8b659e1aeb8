package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeMautic;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class MauticFaultTest extends FaultContract {

    private final FakeMautic fake = new FakeMautic(vertx);

    @Override
    protected Connector connector() {
        return new Mautic();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "username", FakeMautic.USER, "password", FakeMautic.PASSWORD);
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
                        "{\"total\":\"1\",\"contacts\":{\"1\":{\"id\":1,\"fields\":{\"all\":{\"email\":\"other@example.com\"}}}}}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of(
                        "{}",
                        "{\"contact\":{\"id\":1}}",
                        "{\"contact\":{\"id\":1,\"tags\":\"vip\"}}",
                        "{\"contact\":{\"id\":1,\"tags\":[\"vip\"]}}")
                .map(JsonObject::new)
                .toList();
    }
}
