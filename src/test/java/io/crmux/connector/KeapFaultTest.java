package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeKeap;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class KeapFaultTest extends FaultContract {

    private final FakeKeap fake = new FakeKeap(vertx);

    @Override
    protected Connector connector() {
        return new Keap();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.api(), "key", FakeKeap.KEY);
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
                        "{\"contacts\":[{\"id\":\"1\",\"email_addresses\":[{\"email\":\"other@example.com\",\"field\":\"EMAIL1\"}]}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of("{}", "{\"id\":\"1\",\"tag_ids\":\"91\"}", "{\"id\":\"1\",\"tag_ids\":[{}]}")
                .map(JsonObject::new)
                .toList();
    }

    @Override
    protected Tag tag(String name) {
        return Tag.of(fake.addTag(name), name);
    }
}
