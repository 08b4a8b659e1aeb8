package io.crmux.connector;

import io.crmux.crm.Call;
import io.crmux.crm.Json;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * Salesforce with its classic tags, personal or public ones: known by their names, and made by applying. The rows of each object are an object of their own, as
 * the vendor's object reference says: {@code ContactTag} for contacts, {@code Member__tag} for an object {@code Member__c}. That tags ignore case is assumed.
 */
final class SalesforceTags extends SalesforceRows {

    private static final Traits TRAITS = new Traits(
            Traits.Canonical.NAME,
            true,
            Traits.Creation.BY_APPLYING,
            Traits.Add.DUPLICATES,
            Traits.Address.ID,
            Duration.ZERO,
            SalesforceApi.MOST_RECORDS);

    private final String type;

    /** @param type {@code Personal} or {@code Public} */
    SalesforceTags(SalesforceApi api, SalesforceRecords records, String type) {
        super(
                api,
                records,
                new Table(rowsOf(records.object()), "ItemId", "Name", "Type = " + SalesforceApi.literal(type)));
        this.type = type;
    }

    private static String rowsOf(String object) {
        return object.endsWith("__c") ? object.substring(0, object.length() - 1) + "tag" : object + "Tag";
    }

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public Future<List<Tag>> syncTags(Call call) {
        return api.query(call, "SELECT Id, Name FROM TagDefinition WHERE Type = " + SalesforceApi.literal(type))
                .map(found -> found.stream()
                        .map(tag -> Tag.of(id(tag, "Id"), Json.text(tag, "Name")))
                        .toList());
    }

    @Override
    String value(Tag tag) {
        return tag.name();
    }

    @Override
    Tag tag(String name) {
        return Tag.named(name);
    }

    @Override
    JsonObject row(String contact, Tag tag) {
        return new JsonObject().put("ItemId", contact).put("Type", type).put("Name", tag.name());
    }
}
