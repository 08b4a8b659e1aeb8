package io.crmux.connector;

import io.crmux.crm.Account;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.CombinedChange;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Json;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Salesforce with the values of one multi-select picklist as tags. The set of a contact is read, changed and written, together with fields. An unrestricted
 * picklist takes any value; a restricted one refuses those that it has not, and only its administrator can add to it.
 */
final class SalesforcePicklist extends SalesforceContacts implements CombinedChange {

    private static final int PAGE = 2_000;

    private static final Traits TRAITS = new Traits(
            Traits.Canonical.NAME,
            false,
            Traits.Creation.BY_APPLYING,
            Traits.Add.DUPLICATES,
            Traits.Address.ID,
            Duration.ZERO,
            SalesforceApi.MOST_RECORDS);

    private final TagField field;

    SalesforcePicklist(SalesforceApi api, SalesforceRecords records, String field) {
        super(api, records);
        this.field = new TagField(field, Tag::name);
    }

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public Future<Account> connect(Call call) {
        return super.connect(call).compose(account -> picklist(call).map(account));
    }

    private Future<JsonObject> picklist(Call call) {
        return describe(call).map(fields -> {
            JsonObject found = fields.get(field.name());
            if (found == null || !"multipicklist".equals(found.getString("type"))) {
                throw unset();
            }
            return found;
        });
    }

    private CrmException unset() {
        return CrmException.of(
                Kind.INVALID,
                "tag_type picklist needs the setting tag_picklist: a multi-select picklist of " + records.object(),
                null);
    }

    /** Without a name, all fields would be answered. */
    private Future<JsonObject> read(Call call, Contact contact) {
        return field.name().isBlank() ? Future.failedFuture(unset()) : record(call, contact, field.name());
    }

    @Override
    public Future<List<Tag>> syncTags(Call call) {
        return picklist(call)
                .map(found -> SalesforceFields.options(found).stream()
                        .map(option -> Tag.named(Json.text(option, "value")))
                        .toList());
    }

    @Override
    public Future<Set<Tag>> getTags(Call call, Contact contact) {
        return read(call, contact).map(record -> {
            Set<Tag> tags = new LinkedHashSet<>();
            field.chosen(record).forEach(value -> tags.add(Tag.named(value)));
            return tags;
        });
    }

    @Override
    public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
        if (cursor != null && !SalesforceId.is(cursor)) {
            return Members.foreignCursor();
        }
        int most = Math.min(PAGE, limit);
        String soql = "SELECT Id FROM " + records.object() + " WHERE " + field.name() + " INCLUDES "
                + SalesforceApi.literals(Set.of(tag.name()))
                + (cursor == null ? "" : " AND Id > " + SalesforceApi.literal(cursor)) + " ORDER BY Id LIMIT " + most;
        return api.query(call, soql).map(found -> {
            List<String> ids = found.stream().map(record -> id(record, "Id")).toList();
            return new Page<>(ids, ids.size() < most ? null : ids.get(ids.size() - 1));
        });
    }

    // ---- writes

    @Override
    public Future<Contact> change(
            Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return remove.isEmpty() && apply.isEmpty()
                ? updateContact(call, contact, fields)
                : read(call, contact)
                        .compose(before -> updateContact(
                                call, contact, field.changed(field.chosen(before), fields, remove, apply)));
    }

    /** Changes of many contacts are one call, after one that reads them; creations and deletions go by themselves. */
    @Override
    public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
        return Grouping.deliver(
                batches,
                batch -> Grouping.isPlain(batch)
                        && field.canHold(batch.apply())
                        && SalesforceId.is(batch.contact().requireId()),
                fitting -> together(call, fitting),
                rest -> super.deliver(call, rest));
    }

    private Future<List<Outcome>> together(Call call, List<Batch> batches) {
        List<String> ids = batches.stream().map(SalesforcePicklist::id).toList();
        String soql = "SELECT Id, " + field.name() + " FROM " + records.object() + " WHERE Id IN "
                + SalesforceApi.literals(ids);
        return api.query(call, soql).compose(found -> {
            Map<String, Set<String>> before = new HashMap<>();
            found.forEach(record -> before.put(id(record, "Id"), field.chosen(record)));
            return written(call, batches, field.changed(batches, SalesforcePicklist::id, before));
        });
    }

    private static String id(Batch batch) {
        String given = batch.contact().requireId();
        return SalesforceId.full(given).orElse(given);
    }

    private Future<List<Outcome>> written(Call call, List<Batch> batches, Map<String, Map<String, Value>> changed) {
        return updateContacts(call, changed)
                .map(failures -> batches.stream()
                        .map(batch ->
                                outcome(batch, changed.containsKey(id(batch)) ? failures.get(id(batch)) : nobody()))
                        .toList());
    }

    private static Outcome outcome(Batch batch, @Nullable CrmException failure) {
        return failure == null
                ? new Outcome.Done(batch, new Contact(id(batch), batch.contact().email()), null)
                : new Outcome.Failed(batch, failure);
    }
}
