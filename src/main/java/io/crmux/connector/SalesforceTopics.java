package io.crmux.connector;

import io.crmux.crm.Call;
import io.crmux.crm.CrmException;
import io.crmux.crm.Json;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * Salesforce with topics as tags: known by their ids, and made by a call. A topic may be assigned to records of any object, so that assignments are told apart by
 * the object's name.
 */
final class SalesforceTopics extends SalesforceRows implements TagCreation {

    private static final Traits TRAITS = new Traits(
            Traits.Canonical.ID,
            true,
            Traits.Creation.BY_CALL,
            Traits.Add.DUPLICATES,
            Traits.Address.ID,
            Duration.ZERO,
            SalesforceApi.MOST_RECORDS);

    SalesforceTopics(SalesforceApi api, SalesforceRecords records) {
        super(
                api,
                records,
                new Table(
                        "TopicAssignment",
                        "EntityId",
                        "TopicId",
                        "EntityType = " + SalesforceApi.literal(records.object())));
    }

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public Future<List<Tag>> syncTags(Call call) {
        return topics(call, "");
    }

    private Future<List<Tag>> topics(Call call, String condition) {
        return api.query(call, "SELECT Id, Name FROM Topic" + condition)
                .map(found -> found.stream()
                        .map(topic -> Tag.of(id(topic, "Id"), Json.text(topic, "Name")))
                        .toList());
    }

    @Override
    String value(Tag tag) {
        return tag.requireId();
    }

    @Override
    Tag tag(String id) {
        return Tag.of(id, id);
    }

    @Override
    JsonObject row(String contact, Tag tag) {
        return new JsonObject().put("EntityId", contact).put("TopicId", tag.requireId());
    }

    /** Whether a second topic of a name is refused is assumed, and so it is looked for. The comparison ignores case. */
    @Override
    public Future<Tag> addTag(Call call, String name) {
        return topics(call, " WHERE Name = " + SalesforceApi.literal(name))
                .compose(found -> found.isEmpty()
                        ? api.send(call, api.post("/sobjects/Topic").json(new JsonObject().put("Name", name)))
                        : Future.failedFuture(
                                CrmException.of(CrmException.Kind.DUPLICATE, "there is a topic " + name, null)))
                .map(made -> Tag.of(id(made, "id"), name));
    }
}
