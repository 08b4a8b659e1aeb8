package io.crmux.connector;

import io.crmux.crm.BulkTagging;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Json;
import io.crmux.crm.Page;
import io.crmux.crm.Tag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Salesforce where each tag of each contact is a record of its own: applying makes such rows, and removing looks for them and deletes them. */
abstract class SalesforceRows extends SalesforceContacts implements BulkTagging {

    private static final int PAGE = 2_000;

    private final Table table;

    /**
     * Where the rows are.
     *
     * @param name the object's API name
     * @param contact the field with the contact's id
     * @param tag the field with what the tag is known by
     * @param condition which of the rows are meant, as part of a query
     */
    record Table(String name, String contact, String tag, String condition) {

        String select(String fields, String field, Collection<String> values) {
            return "SELECT Id, " + fields + " FROM " + name + " WHERE " + condition + " AND " + field + " IN "
                    + SalesforceApi.literals(values);
        }
    }

    SalesforceRows(SalesforceApi api, SalesforceRecords records, Table table) {
        super(api, records);
        this.table = table;
    }

    /** What the tag is known by, in a row. */
    abstract String value(Tag tag);

    /** The tag that a row's value stands for. */
    abstract Tag tag(String value);

    /** A row that makes a contact have a tag. */
    abstract JsonObject row(String contact, Tag tag);

    /** That there are no rows does not mean that there is such a contact. */
    @Override
    public Future<Set<Tag>> getTags(Call call, Contact contact) {
        return SalesforceId.of(contact)
                .compose(id -> api.query(call, table.select(table.tag(), table.contact(), Set.of(id)))
                        .compose(rows -> {
                            Set<Tag> tags = new LinkedHashSet<>();
                            rows.forEach(row -> tags.add(tag(Json.text(row, table.tag()))));
                            return tags.isEmpty() ? there(call, id).map(tags) : Future.succeededFuture(tags);
                        }));
    }

    private Future<Void> there(Call call, String id) {
        return missing(call, Set.of(id))
                .compose(missing -> missing.isEmpty() ? Future.succeededFuture() : Future.failedFuture(nobody()));
    }

    /** By ascending id of the rows, so that a page is as short as it is wanted. */
    @Override
    public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
        if (cursor != null && !SalesforceId.is(cursor)) {
            return Members.foreignCursor();
        }
        int most = Math.min(PAGE, limit);
        String soql = table.select(table.contact(), table.tag(), Set.of(value(tag)))
                + (cursor == null ? "" : " AND Id > " + SalesforceApi.literal(cursor)) + " ORDER BY Id LIMIT " + most;
        return api.query(call, soql)
                .map(rows -> new Page<>(
                        rows.stream().map(row -> id(row, table.contact())).toList(),
                        rows.size() < most ? null : id(rows.get(rows.size() - 1), "Id")));
    }

    // ---- writes

    @Override
    public Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
        return SalesforceId.of(contact)
                .compose(id -> apply(call, Set.of(id), tags))
                .compose(SalesforceRows::first);
    }

    @Override
    public Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
        return SalesforceId.of(contact)
                .compose(id -> remove(call, Set.of(id), tags))
                .compose(SalesforceRows::first);
    }

    private static Future<Void> first(Map<String, CrmException> failures) {
        return failures.values().stream()
                .findFirst()
                .map(Future::<Void>failedFuture)
                .orElseGet(Future::succeededFuture);
    }

    @Override
    public int mostContacts() {
        return SalesforceApi.MOST_RECORDS;
    }

    @Override
    public Future<Set<String>> applyTag(Call call, Tag tag, List<String> ids) {
        Map<String, String> given = SalesforceId.byFull(ids);
        return apply(call, given.keySet(), Set.of(tag)).compose(failures -> missing(ids, given, failures));
    }

    @Override
    public Future<Set<String>> removeTag(Call call, Tag tag, List<String> ids) {
        Map<String, String> given = SalesforceId.byFull(ids);
        return remove(call, given.keySet(), Set.of(tag)).compose(failures -> missing(ids, given, failures));
    }

    /** Contacts that there are not are no failure of the call; everything else is. */
    private static Future<Set<String>> missing(
            List<String> ids, Map<String, String> given, Map<String, CrmException> failures) {
        Set<String> missing = new HashSet<>(ids);
        missing.removeAll(given.values());
        for (Map.Entry<String, CrmException> failure : failures.entrySet()) {
            if (failure.getValue().kind() != Kind.NOT_FOUND) {
                return Future.failedFuture(failure.getValue());
            }
            missing.add(given.getOrDefault(failure.getKey(), failure.getKey()));
        }
        return Future.succeededFuture(missing);
    }

    /** A row that is there already is as good as a new one. */
    private Future<Map<String, CrmException>> apply(Call call, Collection<String> ids, Set<Tag> tags) {
        List<JsonObject> rows = new ArrayList<>();
        List<String> owners = new ArrayList<>();
        ids.forEach(id -> tags.forEach(tag -> {
            rows.add(row(id, tag));
            owners.add(id);
        }));
        return inPortions(rows, some -> api.create(call, table.name(), some))
                .map(outcomes -> outcomes.stream()
                        .map(outcome -> outcome.filter(error -> !error.isDuplicateValue()))
                        .toList())
                .compose(outcomes -> failures(call, owners, outcomes));
    }

    /** Rows that are gone when they are to be deleted are no failure. A contact without any may be none. */
    private Future<Map<String, CrmException>> remove(Call call, Collection<String> ids, Set<Tag> tags) {
        List<String> values = tags.stream().map(this::value).toList();
        Map<String, String> owners = new HashMap<>();
        Future<Void> found = Future.succeededFuture();
        for (List<String> some : SalesforceApi.portions(values, SalesforceApi.MOST_RECORDS)) {
            String soql = table.select(table.contact(), table.contact(), ids) + " AND " + table.tag() + " IN "
                    + SalesforceApi.literals(some);
            found = found.compose(done -> api.query(call, soql)).map(rows -> {
                rows.forEach(row -> owners.put(id(row, "Id"), id(row, table.contact())));
                return null;
            });
        }
        return found.compose(done -> {
                    Set<String> untagged = new LinkedHashSet<>(ids);
                    untagged.removeAll(owners.values());
                    return missing(call, untagged);
                })
                .compose(missing -> delete(call, owners).map(failures -> {
                    missing.forEach(id -> failures.put(id, nobody()));
                    return failures;
                }));
    }

    private Future<Map<String, CrmException>> delete(Call call, Map<String, String> owners) {
        List<String> rows = List.copyOf(owners.keySet());
        return inPortions(rows, some -> api.delete(call, table.name(), some)).map(outcomes -> {
            Map<String, CrmException> failures = new HashMap<>();
            for (int i = 0; i < rows.size(); i++) {
                String owner = owners.getOrDefault(rows.get(i), "");
                outcomes.get(i)
                        .filter(error -> !error.isOfReference())
                        .ifPresent(error -> failures.put(owner, error.ofRecord()));
            }
            return failures;
        });
    }

    private interface Sending<T> {
        Future<List<Optional<SalesforceError>>> send(List<T> some);
    }

    private static <T> Future<List<Optional<SalesforceError>>> inPortions(List<T> all, Sending<T> call) {
        Future<List<Optional<SalesforceError>>> sent = Future.succeededFuture(new ArrayList<>());
        for (List<T> some : SalesforceApi.portions(all, SalesforceApi.MOST_RECORDS)) {
            sent = sent.compose(before -> call.send(some).map(outcomes -> {
                before.addAll(outcomes);
                return before;
            }));
        }
        return sent;
    }
}
