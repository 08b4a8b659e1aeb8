package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeSalesforce;
import io.crmux.connector.kit.FaultContract;
import io.crmux.crm.Connector;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Salesforce, whose tags are rows, unless a subclass knows better. */
abstract class SalesforceFaults extends FaultContract {

    protected final FakeSalesforce fake = new FakeSalesforce(vertx);
    private final String tagType;

    SalesforceFaults(String tagType) {
        this.tagType = tagType;
    }

    @Override
    protected Connector connector() {
        return new Salesforce();
    }

    @Override
    protected Map<String, String> settings() {
        return fake.settings(FakeSalesforce.TOKEN, tagType);
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
                        "{}",
                        "{\"done\":true,\"records\":null}",
                        "{\"done\":true,\"records\":[\"vip\"]}",
                        "{\"done\":true,\"records\":[{\"Id\":\"003xx000004TmiQAAS\"}]}",
                        "{\"done\":false,\"records\":[]}",
                        "{\"records\":[]}")
                .map(JsonObject::new)
                .toList();
    }
}
