package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deletion;
import io.crmux.crm.Event;
import io.crmux.crm.Events;
import io.crmux.crm.Lists;
import io.crmux.crm.Operation;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.crmux.crm.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the core relies on of every connector. It knows of the CRM only what the connector tells, so that it holds a fake and the real thing to the same
 * rules. A subclass says how to open one.
 */
public abstract class ConnectorContract extends ValuesContract {

    // ---- connect

    @Test
    void connectTellsWhoseTheCredentialsAre() {
        assertThat(crm.connect(call()).await().name()).isNotBlank();
    }

    @Test
    void wrongCredentialsAreTold() {
        if (!wrongSettings().isEmpty()) {
            failsWith(Kind.UNAUTHORIZED, open(wrongSettings()).connect(call()));
            failsWith(Kind.UNAUTHORIZED, open(wrongSettings()).getTags(call(), new Contact(unknownId(), null)));
        }
    }

    // ---- looking up

    @Test
    void anAddedContactIsFoundByItsAddress() {
        Contact contact = added();
        assertThat(crm.getContactId(call(), contact.requireEmail()).await())
                .map(Contact::id)
                .hasValue(contact.id());
    }

    @Test
    void anUnknownAddressIsNobody() {
        assertThat(crm.getContactId(call(), address()).await()).isEmpty();
    }

    @Test
    void theCaseOfAnAddressDoesNotMatter() {
        Contact contact = added();
        assertThat(crm.getContactId(call(), contact.requireEmail().toUpperCase(Locale.ROOT))
                        .await())
                .map(Contact::id)
                .hasValue(contact.id());
    }

    @Test
    void aPartOfAnAddressIsNobody() {
        String email = added().requireEmail();
        assertThat(crm.getContactId(call(), email.substring(1)).await()).isEmpty();
        assertThat(crm.getContactId(call(), email.substring(0, email.length() - 1))
                        .await())
                .isEmpty();
    }

    @Test
    void addressesThatDifferByAPlusAreTwo() {
        String email = address();
        added(email.replace("@", "+a@"));
        assertThat(crm.getContactId(call(), email.replace("@", " a@")).await()).isEmpty();
    }

    // ---- tags

    @Test
    void aNewContactHasNoTags() {
        assertThat(tagsOf(added())).isEmpty();
    }

    @Test
    void tagsOfAnUnknownContactAreNotFound() {
        failsWith(Kind.NOT_FOUND, crm.getTags(call(), new Contact(unknownId(), null)));
    }

    @Test
    void appliedTagsAreThereAndRemovedOnesAreNot() {
        Contact contact = added();
        Tag one = creatable(tagName());
        Tag two = creatable(tagName());
        Tag three = creatable(tagName());
        crm.applyTags(call(), contact, Set.of(one, two)).await();
        assertThat(tagsOf(contact)).containsExactlyInAnyOrder(value(one), value(two));
        crm.applyTags(call(), contact, Set.of(three)).await();
        assertThat(tagsOf(contact)).containsExactlyInAnyOrder(value(one), value(two), value(three));
        crm.removeTags(call(), contact, Set.of(one, three)).await();
        assertThat(tagsOf(contact)).containsExactly(value(two));
    }

    @Test
    void applyingTwiceAndRemovingWhatIsNotThereAreNoFailures() {
        Contact contact = added();
        Tag tag = creatable(tagName());
        crm.removeTags(call(), contact, Set.of(tag)).await();
        crm.applyTags(call(), contact, Set.of(tag)).await();
        crm.applyTags(call(), contact, Set.of(tag)).await();
        assertThat(tagsOf(contact)).containsExactly(value(tag));
    }

    @Test
    void taggingAnUnknownContactIsNotFound() {
        Tag tag = creatable(tagName());
        failsWith(Kind.NOT_FOUND, crm.applyTags(call(), new Contact(unknownId(), null), Set.of(tag)));
        failsWith(Kind.NOT_FOUND, crm.removeTags(call(), new Contact(unknownId(), null), Set.of(tag)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with, comma",
                "with \"quotes\"",
                "with 'apostrophe'",
                "100 %41",
                "emoji \uD83D\uDE00",
                "ümläut",
                "a&b=c",
                "back\\slash",
                "<b>"
            })
    void oddTagNamesComeBackAsTheyWere(String name) {
        String odd = name + " " + SERIAL.incrementAndGet() + run;
        if (forbiddenInTags().chars().noneMatch(c -> odd.indexOf(c) >= 0)) {
            Contact contact = added();
            Tag tag = creatable(odd);
            crm.applyTags(call(), contact, Set.of(tag)).await();
            assertThat(tagsOf(contact)).containsExactly(value(tag));
            assertThat(crm.syncTags(call()).await()).extracting(Tag::name).contains(odd);
        }
    }

    @Test
    void theCaseOfATagMattersAsTheTraitsSay() {
        Contact contact = added();
        String name = tagName();
        crm.applyTags(call(), contact, Set.of(creatable(name))).await();
        String upper = name.toUpperCase(Locale.ROOT);
        boolean one = crm.traits().tagsIgnoreCase();
        if (one && crm.traits().creation() == Traits.Creation.BY_CALL) {
            failsWith(Kind.DUPLICATE, ((TagCreation) crm).addTag(call(), upper));
        } else {
            crm.applyTags(call(), contact, Set.of(creatable(upper))).await();
            assertThat(tagsOf(contact)).hasSize(one ? 1 : 2);
        }
    }

    /** Some create it nevertheless: then it is there. */
    @Test
    void aTagThatThereIsNotIsNotTakenForApplied() {
        if (crm.traits().creation() != Traits.Creation.BY_APPLYING) {
            Contact contact = added();
            Future<Void> applied = crm.applyTags(call(), contact, Set.of(new Tag(goneTag(), tagName(), null, true)));
            applied.otherwiseEmpty().await();
            assertThat(tagsOf(contact)).hasSize(applied.succeeded() ? 1 : 0);
            if (applied.failed()) {
                assertThat(CrmException.of(applied.cause()).kind().retry()).isFalse();
            }
        }
    }

    @Test
    void createdTagsAreListed() {
        if (crm instanceof TagCreation creation) {
            assertThat(supports(Operation.ADD_TAG)).isTrue();
            String name = tagName();
            Tag tag = creation.addTag(call(), name).await();
            assertThat(tag.name()).isEqualTo(name);
            assertThat(crm.syncTags(call()).await()).extracting(Tag::name).contains(name);
            failsWith(Kind.DUPLICATE, creation.addTag(call(), name));
        } else {
            assertThat(supports(Operation.ADD_TAG)).isFalse();
        }
    }

    @Test
    void tagsOfOneContactAreNotAnothers() {
        Contact one = added();
        Contact other = added();
        Tag tag = creatable(tagName());
        crm.applyTags(call(), one, Set.of(tag)).await();
        assertThat(tagsOf(one)).containsExactly(value(tag));
        assertThat(tagsOf(other)).isEmpty();
    }

    @Test
    void theLastTagCanBeRemoved() {
        Contact contact = added();
        Tag tag = creatable(tagName());
        crm.applyTags(call(), contact, Set.of(tag)).await();
        crm.removeTags(call(), contact, Set.of(tag)).await();
        assertThat(tagsOf(contact)).isEmpty();
    }

    @Test
    void aTagThatComesIntoBeingIsListedOnceWithItsId() {
        Tag tag = creatable(tagName());
        crm.applyTags(call(), added(), Set.of(tag)).await();
        List<Tag> listed = crm.syncTags(call()).await();
        assertThat(listed).extracting(this::value).doesNotHaveDuplicates().contains(value(tag));
        assertThat(listed)
                .filteredOn(each -> each.name().equals(tag.name()))
                .hasSize(1)
                .allMatch(Tag::writable);
    }

    @Test
    void contactsWithATagThatThereIsNotAreNone() {
        if (!supports(Operation.LOAD_CONTACTS)) {
            return;
        }
        Future<Page<String>> page = crm.loadContacts(call(), new Tag(goneTag(), tagName(), null, true), 10, null);
        Page<String> found = page.otherwise(failure -> {
                    assertThat(CrmException.of(failure).kind().retry()).isFalse();
                    return new Page<>(List.of(), null);
                })
                .await();
        assertThat(found.items()).isEmpty();
    }

    private @Nullable String goneTag() {
        return crm.traits().canonical() == Traits.Canonical.ID ? "999999999" : null;
    }

    // ---- contacts and fields

    @Test
    void addingAKnownAddressDoesWhatTheTraitsSay() {
        Contact contact = added();
        Future<Added> again = crm.addContact(call(), Map.of(email(), Value.text(contact.requireEmail())));
        if (crm.traits().add() == Traits.Add.REFUSES) {
            failsWith(Kind.DUPLICATE, again);
        } else if (crm.traits().add() == Traits.Add.UPSERTS) {
            assertThat(again.await().id()).isEqualTo(contact.id());
        }
    }

    @Test
    void anAddressThatIsNoneIsInvalid() {
        failsWith(Kind.INVALID, crm.addContact(call(), Map.of(email(), Value.text("nobody"))));
    }

    @Test
    void fieldsThatWereSetAreLoadedAndOthersStay() {
        String email = address();
        Added added = crm.addContact(call(), Map.of(email(), Value.text(email), firstName(), Value.text("Jané")))
                .await();
        Contact contact = new Contact(added.id(), email);
        crm.updateContact(call(), contact, Map.of(field("last_name"), Value.text("O'Doe & Söhne")))
                .await();
        Map<String, Value> fields = crm.loadContact(call(), contact).await().fields();
        assertThat(fields.get(firstName())).isEqualTo(Value.text("Jané"));
        assertThat(fields.get(field("last_name"))).isEqualTo(Value.text("O'Doe & Söhne"));
        assertThat(String.valueOf(fields.get(email()))).contains(email);
    }

    @Test
    void aChangedAddressIsFoundAndTheOldOneIsNot() {
        Contact contact = added();
        String changed = address();
        Contact now = crm.updateContact(call(), contact, Map.of(email(), Value.text(changed)))
                .await();
        assertThat(crm.getContactId(call(), changed).await()).map(Contact::id).hasValue(now.id());
        assertThat(crm.getContactId(call(), contact.requireEmail()).await()).isEmpty();
        assertThat(now.requireId().equals(contact.requireId())).isEqualTo(!crm.areIdsOfAddresses());
    }

    @Test
    void anAddressThatAnotherHasIsRefused() {
        Contact contact = added();
        Contact other = added();
        failsWith(
                Kind.DUPLICATE, crm.updateContact(call(), contact, Map.of(email(), Value.text(other.requireEmail()))));
        assertThat(crm.getContactId(call(), other.requireEmail()).await())
                .map(Contact::id)
                .hasValue(other.id());
    }

    @Test
    void updatingFieldsLeavesTagsAlone() {
        Contact contact = added();
        Tag tag = creatable(tagName());
        crm.applyTags(call(), contact, Set.of(tag)).await();
        crm.updateContact(call(), contact, Map.of(firstName(), Value.text("Jane")))
                .await();
        assertThat(tagsOf(contact)).containsExactly(value(tag));
    }

    @Test
    void aFieldCanBeCleared() {
        Contact contact = added();
        crm.updateContact(call(), contact, Map.of(firstName(), Value.text("Jane")))
                .await();
        crm.updateContact(call(), contact, Map.of(firstName(), Value.cleared())).await();
        assertThat(crm.loadContact(call(), contact).await().fields()).doesNotContainKey(firstName());
    }

    @Test
    void anUnknownContactCannotBeLoadedOrUpdated() {
        Contact nobody = new Contact(unknownId(), null);
        failsWith(Kind.NOT_FOUND, crm.loadContact(call(), nobody));
        failsWith(Kind.NOT_FOUND, crm.updateContact(call(), nobody, Map.of(firstName(), Value.text("Jane"))));
    }

    @Test
    void aLoadedContactTellsItsIdAndAddress() {
        Contact contact = added();
        Contact loaded =
                crm.loadContact(call(), new Contact(contact.id(), null)).await().contact();
        assertThat(loaded.id()).isEqualTo(contact.id());
        assertThat(loaded.requireEmail()).isEqualToIgnoringCase(contact.requireEmail());
    }

    // ---- what only some have

    @Test
    void deletedContactsAreGone() {
        if (crm instanceof Deletion deletion) {
            assertThat(supports(Operation.DELETE_CONTACT)).isTrue();
            Contact contact = added();
            deletion.deleteContact(call(), contact).await();
            failsWith(Kind.NOT_FOUND, crm.getTags(call(), contact));
            assertThat(crm.getContactId(call(), contact.requireEmail()).await()).isEmpty();
            failsWith(Kind.NOT_FOUND, deletion.deleteContact(call(), contact));
        } else {
            assertThat(supports(Operation.DELETE_CONTACT)).isFalse();
        }
    }

    @Test
    void listsAreNamed() {
        assertThat(crm instanceof Lists).isEqualTo(supports(Operation.SYNC_LISTS));
        if (crm instanceof Lists lists) {
            assertThat(lists.syncLists(call()).await())
                    .allSatisfy(list -> assertThat(list.name()).isNotBlank());
        }
    }

    @Test
    void eventsAreTakenByIdAlone() {
        assertThat(crm instanceof Events).isEqualTo(supports(Operation.TRACK_EVENT));
        if (crm instanceof Events events) {
            Contact contact = new Contact(added().id(), null);
            events.trackEvent(call(), contact, new Event("kit", new JsonObject().put("a", 1)))
                    .await();
        }
    }

    @Test
    void nobodyIsBelievedToBeTheCrmWithoutProof() {
        if (crm instanceof Webhooks webhooks) {
            Webhooks.Notice notice = new Webhooks.Notice(
                    "POST",
                    "https://gateway.example.com/hooks?secret=guess",
                    MultiMap.caseInsensitiveMultiMap(),
                    Buffer.buffer("{}"),
                    0);
            assertThatThrownBy(() -> webhooks.read(notice))
                    .isInstanceOfSatisfying(
                            CrmException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED));
        }
    }

    // ---- delivery

    @Test
    void aBatchOfEverythingIsDelivered() {
        Contact contact = added();
        Tag before = creatable(tagName());
        Tag after = creatable(tagName());
        crm.applyTags(call(), contact, Set.of(before)).await();
        Batch batch = new Batch(
                1,
                contact,
                false,
                false,
                Map.of(firstName(), Value.text("Jane")),
                Set.of(before),
                Set.of(after),
                List.of());
        List<Outcome> outcomes = crm.deliver(call(), List.of(batch)).await();
        assertThat(outcomes).hasSize(1).first().isInstanceOf(Outcome.Done.class);
        assertThat(tagsOf(contact)).containsExactly(value(after));
        assertThat(crm.loadContact(call(), contact).await().fields()).containsEntry(firstName(), Value.text("Jane"));
    }

    @Test
    void aBatchOfNothingButARemovalIsDelivered() {
        Contact contact = added();
        Tag gone = creatable(tagName());
        Tag kept = creatable(tagName());
        crm.applyTags(call(), contact, Set.of(gone, kept)).await();
        Batch batch = new Batch(1, contact, false, false, Map.of(), Set.of(gone), Set.of(), List.of());
        assertThat(crm.deliver(call(), List.of(batch)).await()).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(tagsOf(contact)).containsExactly(value(kept));
    }

    @Test
    void aBatchThatCreatesTellsTheNewId() {
        String email = address();
        Tag tag = creatable(tagName());
        Batch batch = new Batch(
                1,
                new Contact(null, email),
                true,
                false,
                Map.of(email(), Value.text(email)),
                Set.of(),
                Set.of(tag),
                List.of());
        Outcome outcome = crm.deliver(call(), List.of(batch)).await().get(0);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        Contact contact = ((Outcome.Done) outcome).contact();
        assertThat(tagsOf(contact)).containsExactly(value(tag));
    }

    @Test
    void aBatchForNobodyFailsAsNotFound() {
        Batch batch = new Batch(
                1,
                new Contact(unknownId(), null),
                false,
                false,
                Map.of(),
                Set.of(),
                Set.of(creatable(tagName())),
                List.of());
        assertThat(crm.deliver(call(), List.of(batch)).await().get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void manyBatchesHaveEachTheirOwnOutcome() {
        Tag tag = creatable(tagName());
        Contact one = added();
        Contact other = added();
        List<Batch> batches = Stream.of(one, new Contact(unknownId(), null), other)
                .map(contact -> new Batch(
                        SERIAL.incrementAndGet(),
                        contact,
                        false,
                        false,
                        Map.of(firstName(), Value.text("Jane")),
                        Set.of(),
                        Set.of(tag),
                        List.of()))
                .toList();
        List<Outcome> outcomes = crm.deliver(call(), batches).await();
        assertThat(outcomes).extracting(Outcome::batch).containsExactlyElementsOf(batches);
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
        for (int i : List.of(0, 2)) {
            if (outcomes.get(i) instanceof Outcome.Failed together) {
                assertThat(together.failure().kind().retry()).as("sent alone").isFalse();
                assertThat(crm.deliver(call(), List.of(batches.get(i))).await())
                        .hasOnlyElementsOfType(Outcome.Done.class);
            }
        }
        assertThat(tagsOf(one)).containsExactly(value(tag));
        assertThat(tagsOf(other)).containsExactly(value(tag));
    }

    @Test
    void aBatchWithWhatTheCrmHasNotIsUnsupported() {
        Contact contact = added();
        if (!supports(Operation.DELETE_CONTACT)) {
            isUnsupported(new Batch(1, contact, false, true, Map.of(), Set.of(), Set.of(), List.of()));
        }
        if (!supports(Operation.TRACK_EVENT)) {
            List<Event> events = List.of(new Event("kit", new JsonObject()));
            isUnsupported(new Batch(1, contact, false, false, Map.of(), Set.of(), Set.of(), events));
        }
    }

    private void isUnsupported(Batch batch) {
        assertThat(crm.deliver(call(), List.of(batch)).await().get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.UNSUPPORTED));
    }

    // ---- what the connector says of itself

    @Test
    void whatItSaysThatItHasNotIsUnsupported() {
        Contact contact = added();
        Tag tag = Tag.of("1", "kit");
        Map<Operation, Supplier<Future<?>>> all = Map.of(
                Operation.SYNC_TAGS, () -> crm.syncTags(call()),
                Operation.SYNC_CRM_FIELDS, () -> crm.syncCrmFields(call()),
                Operation.GET_TAGS, () -> crm.getTags(call(), contact),
                Operation.APPLY_TAGS, () -> crm.applyTags(call(), contact, Set.of(tag)),
                Operation.REMOVE_TAGS, () -> crm.removeTags(call(), contact, Set.of(tag)),
                Operation.LOAD_CONTACT, () -> crm.loadContact(call(), contact),
                Operation.LOAD_CONTACTS, () -> crm.loadContacts(call(), tag, 10, null));
        all.forEach((operation, attempt) -> {
            if (!supports(operation)) {
                failsWith(Kind.UNSUPPORTED, attempt.get());
            }
        });
    }

    @Test
    void whatItSaysOfItselfIsComplete() {
        assertThat(connector().descriptor().slug()).matches("[a-z][a-z0-9-]*");
        assertThat(connector().descriptor().name()).isNotBlank();
        assertThat(connector().descriptor().tag()).isNotBlank();
        assertThat(connector().descriptor().fields()).containsKeys("user_email", "first_name", "last_name");
        assertThat(connector().descriptor().settings())
                .allSatisfy(setting -> assertThat(setting.about()).isNotBlank());
        assertThat(supports(Operation.GET_TAGS)).isTrue();
    }
}
