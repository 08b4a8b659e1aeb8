package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeFluentCrm;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class FluentCrmFaultTest extends FaultContract {

    private final FakeFluentCrm fake = new FakeFluentCrm(vertx);

    @Override
    protected Connector connector() {
        return new FluentCrm();
    }

    @Override
    protected Map<String, String> settings() {
        return fake.settings();
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }

    @Override
    protected Reply somebodyElse() {
        return Reply.json(200, new JsonObject("{\"subscriber\":{\"id\":1,\"email\":\"other@example.com\"}}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of(
                        "{}",
                        "{\"subscriber\":{\"id\":1}}",
                        "{\"subscriber\":{\"id\":1,\"tags\":\"vip\"}}",
                        "{\"subscriber\":{\"id\":1,\"tags\":[\"vip\"]}}",
                        "{\"subscriber\":{\"id\":1,\"tags\":[{\"id\":1}]}}")
                .map(JsonObject::new)
                .toList();
    }

    @Override
    protected Tag tag(String name) {
        return Tag.of(fake.addTag(name), name);
    }
}
