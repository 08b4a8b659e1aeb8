package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeSalesforce;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class SalesforceTopicsFaultTest extends FaultContract {

    private final FakeSalesforce fake = new FakeSalesforce(vertx);

    @Override
    protected Connector connector() {
        return new Salesforce();
    }

    @Override
    protected Map<String, String> settings() {
        return fake.settings(FakeSalesforce.TOKEN, "topics");
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
                        "{\"done\":true,\"records\":[{\"Id\":\"003xx000004TmiQAAS\",\"Email\":\"other@example.com\"}]}"));
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of(
                        "{\"done\":true,\"records\":[{\"Id\":\"003xx000004TmiQAAS\"}]}",
                        "{\"done\":false,\"records\":[]}",
                        "{\"records\":[]}")
                .map(JsonObject::new)
                .toList();
    }

    @Override
    protected Tag tag(String name) {
        return Tag.of(fake.topic(name), name);
    }
}
