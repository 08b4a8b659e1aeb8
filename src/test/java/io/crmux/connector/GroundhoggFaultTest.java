package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeGroundhogg;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class GroundhoggFaultTest extends FaultContract {

    private final FakeGroundhogg fake = new FakeGroundhogg(vertx);

    @Override
    protected Connector connector() {
        return new Groundhogg();
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
        return Reply.json(
                200,
                new JsonObject(
                        "{\"total_items\":1,\"items\":[{\"ID\":1,\"data\":{\"email\":\"other@example.com\"}}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of(
                        "{\"item\":{\"ID\":1}}",
                        "{\"item\":{\"ID\":1,\"tags\":\"vip\"}}",
                        "{\"item\":{\"ID\":1,\"tags\":[{\"ID\":1}]}}")
                .map(JsonObject::new)
                .toList();
    }

    @Override
    protected Tag tag(String name) {
        return Tag.of(fake.addTag(name), name);
    }
}
