package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.Batch;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkTagging;
import io.crmux.crm.BulkUpdate;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Operation;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** None, one, a page and its neighbours, and a great many: nothing ends with the first page. */
abstract class QuantitiesContract extends ContractCase {

    private static final int AT_ONCE = 25;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 1_050})
    void tagsAreListedToTheEnd(int wanted) {
        int count = Math.min(wanted, many());
        Contact contact = added();
        Set<Tag> tags = new LinkedHashSet<>();
        String stem = tagName();
        for (int i = 0; i < count; i++) {
            tags.add(creatable(stem + " " + i));
        }
        if (count > 0) {
            crm.applyTags(call(), contact, tags).await();
        }
        assertThat(tagsOf(contact)).hasSize(count);
        List<String> listed =
                crm.syncTags(call()).await().stream().map(this::value).toList();
        assertThat(listed)
                .doesNotHaveDuplicates()
                .containsAll(tags.stream().map(this::value).toList());
        if (count > 0) {
            crm.removeTags(call(), contact, tags).await();
            assertThat(tagsOf(contact)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 101, 1_050})
    void contactsWithATagAreAllPagedThrough(int wanted) {
        if (!supports(Operation.LOAD_CONTACTS)) {
            return;
        }
        int count = Math.min(wanted, many());
        Tag tag = creatable(tagName());
        Contact marker = added();
        crm.applyTags(call(), marker, Set.of(tag)).await();
        crm.removeTags(call(), marker, Set.of(tag)).await();
        Set<String> expected = tagged(tag, count);
        assertThat(pagedThrough(tag, count > 200 ? 1_000 : 40))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void pagesOfOneContactAreAllPagedThrough() {
        if (!supports(Operation.LOAD_CONTACTS)) {
            return;
        }
        Tag tag = creatable(tagName());
        Set<String> expected = tagged(tag, 3);
        assertThat(pagedThrough(tag, 1)).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    }

    /** The caller's mistake, however the CRM itself tells it: not an outage, for which calls would be repeated and others held back. */
    @ParameterizedTest
    @ValueSource(strings = {"garbage", "99999999999999999999"})
    void aCursorThatNoPageHasEndedWithIsTheCallersMistake(String cursor) {
        if (!supports(Operation.LOAD_CONTACTS)) {
            return;
        }
        Tag tag = creatable(tagName());
        tagged(tag, 1);
        assertThatThrownBy(() -> crm.loadContacts(call(), tag, 10, cursor).await())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind().blame())
                                .as("%s: %s", failure.kind(), failure.words())
                                .isEqualTo(CrmException.Blame.CALLER));
    }

    private Set<String> tagged(Tag tag, int count) {
        Set<String> ids = new LinkedHashSet<>();
        for (int from = 0; from < count; from += AT_ONCE) {
            List<Future<String>> some = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + AT_ONCE); i++) {
                String email = address();
                some.add(crm.addContact(call(), Map.of(email(), Value.text(email)))
                        .compose(added -> crm.applyTags(call(), new Contact(added.id(), email), Set.of(tag))
                                .map(added.id())));
            }
            ids.addAll(Future.all(some).await().list());
        }
        return ids;
    }

    private List<String> pagedThrough(Tag tag, int limit) {
        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            Page<String> page = crm.loadContacts(call(), tag, limit, cursor).await();
            assertThat(page.items().size()).isLessThanOrEqualTo(limit);
            found.addAll(page.items());
            cursor = page.cursor();
        } while (cursor != null);
        return found;
    }

    @Test
    void asManyAddressesAsItSaysAreLookedUpAtOnce() {
        if (crm instanceof BulkLookUp bulk) {
            Map<String, String> expected = new LinkedHashMap<>();
            for (int i = 0; i < bulk.mostAddresses() - 1; i++) {
                Contact contact = added();
                expected.put(contact.requireEmail(), String.valueOf(contact.id()));
            }
            List<String> emails = new ArrayList<>(expected.keySet());
            emails.add(address());
            Map<String, String> found = new LinkedHashMap<>();
            bulk.getContactIds(call(), emails)
                    .await()
                    .forEach((email, contact) -> found.put(email, contact.requireId()));
            assertThat(found).isEqualTo(expected);
        }
    }

    /** Sent together or alone: none is left out. */
    @Test
    void asManyBatchesAsItSaysAreDeliveredAtOnce() {
        int count = Math.min(crm.traits().batchesPerCall(), many());
        Tag before = creatable(tagName());
        Tag after = creatable(tagName());
        List<Contact> contacts = new ArrayList<>();
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Contact contact = added();
            contacts.add(contact);
            Map<String, Value> fields = Map.of(firstName(), Value.text("Jane" + i));
            batches.add(new Batch(i, contact, false, false, fields, Set.of(before), Set.of(after), List.of()));
        }
        List<Outcome> outcomes = crm.deliver(call(), batches).await();
        assertThat(outcomes).hasSize(count).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(outcomes).extracting(Outcome::batch).containsExactlyElementsOf(batches);
        for (int i : List.of(0, count / 2, count - 1)) {
            assertThat(tagsOf(contacts.get(i))).containsExactly(value(after));
            assertThat(crm.loadContact(call(), contacts.get(i)).await().fields())
                    .containsEntry(firstName(), Value.text("Jane" + i));
        }
    }

    @Test
    void oneTagOfManyContactsIsAppliedAndRemovedAtOnce() {
        if (crm instanceof BulkTagging bulk) {
            Tag tag = creatable(tagName());
            List<Contact> contacts = List.of(added(), added(), added());
            List<String> ids = contacts.stream().map(Contact::requireId).toList();
            assertThat(bulk.applyTag(call(), tag, ids).await()).isEmpty();
            assertThat(bulk.applyTag(call(), tag, ids).await()).as("again").isEmpty();
            contacts.forEach(contact -> assertThat(tagsOf(contact)).containsExactly(value(tag)));
            assertThat(bulk.removeTag(call(), tag, ids.subList(1, 3)).await()).isEmpty();
            assertThat(tagsOf(contacts.get(0))).containsExactly(value(tag));
            assertThat(tagsOf(contacts.get(2))).isEmpty();
        }
    }

    /** Either the answer tells who is missing, or the whole call fails, so that each is tried alone. */
    @Test
    void aMissingContactAmongManyIsNotTakenForTagged() {
        if (crm instanceof BulkTagging bulk) {
            Tag tag = creatable(tagName());
            Set<String> missing = bulk.applyTag(call(), tag, List.of(added().requireId(), unknownId()))
                    .otherwise(failure -> {
                        assertThat(CrmException.of(failure).kind().retry()).isFalse();
                        return Set.of(unknownId());
                    })
                    .await();
            assertThat(missing).containsExactly(unknownId());
        }
    }

    @Test
    void fieldsOfManyContactsAreSetAtOnce() {
        if (crm instanceof BulkUpdate bulk) {
            Contact one = added();
            Contact other = added();
            Map<String, CrmException> failures = bulk.updateContacts(
                            call(),
                            Map.of(
                                    one.requireId(), Map.of(firstName(), Value.text("Jane")),
                                    unknownId(), Map.of(firstName(), Value.text("Nobody")),
                                    other.requireId(), Map.of(firstName(), Value.text("Joe"))))
                    .await();
            assertThat(failures).containsOnlyKeys(unknownId());
            assertThat(crm.loadContact(call(), other).await().fields()).containsEntry(firstName(), Value.text("Joe"));
        }
    }
}
