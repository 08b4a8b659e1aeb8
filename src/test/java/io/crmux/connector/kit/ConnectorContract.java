package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deletion;
import io.crmux.crm.Event;
import io.crmux.crm.Events;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.Lists;
import io.crmux.crm.Operation;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the core relies on of every connector. It knows of the CRM only what the connector tells, so that it holds a fake and the real thing to the same
 * rules. A subclass says how to open one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ConnectorContract {

    private static final String NO_ID = "999999999";
    private static final AtomicInteger SERIAL = new AtomicInteger();

    protected final Vertx vertx = Vertx.vertx();
    private final String run = Long.toString(System.nanoTime(), 36);

    @SuppressWarnings("NullAway.Init")
    private Crm crm;

    /** The connector that is judged. */
    protected abstract Connector connector();

    /** The settings of an account to judge it with. */
    protected abstract Map<String, String> settings();

    /** Settings with credentials that the CRM rejects; empty where it asks for none. */
    protected abstract Map<String, String> wrongSettings();

    /** Characters that a tag's name may not have here. */
    protected String forbiddenInTags() {
        return "";
    }

    /** An id of the CRM's own form that no contact has. */
    protected String unknownId() {
        return NO_ID;
    }

    @BeforeAll
    void openCrm() {
        crm = open(settings());
    }

    @AfterAll
    void closeVertx() {
        vertx.close().await();
    }

    protected final Crm open(Map<String, String> values) {
        return Bench.open(vertx, connector(), values);
    }

    protected static Call call() {
        return Bench.call();
    }

    private String address() {
        return "kit-" + run + "-" + SERIAL.incrementAndGet() + "@example.com";
    }

    private String tagName() {
        return "kit " + run + " " + SERIAL.incrementAndGet();
    }

    private Contact added(String email) {
        Added added = crm.addContact(call(), Map.of(email(), Value.text(email))).await();
        return new Contact(added.id(), email);
    }

    private Contact added() {
        return added(address());
    }

    private Tag creatable(String name) {
        return crm.traits().creation() == Traits.Creation.BY_CALL
                ? ((TagCreation) crm).addTag(call(), name).await()
                : Tag.named(name);
    }

    /** The canonical value, which reads answer with. */
    private String value(Tag tag) {
        return crm.traits().canonical() == Traits.Canonical.ID ? tag.requireId() : tag.name();
    }

    private Set<String> tagsOf(Contact contact) {
        Set<String> values = new LinkedHashSet<>();
        crm.getTags(call(), contact).await().forEach(tag -> values.add(value(tag)));
        return values;
    }

    /** The CRM's own field that a site's key goes to by default. */
    private String field(String key) {
        FieldTarget target = connector().descriptor().fields().get(key);
        assertThat(target).as("where %s goes", key).isNotNull();
        return target == null ? key : target.field();
    }

    private String email() {
        return field("user_email");
    }

    private String firstName() {
        return field("first_name");
    }

    private boolean supports(Operation operation) {
        return connector().descriptor().supports().contains(operation);
    }

    private static void failsWith(Kind kind, Future<?> future) {
        assertThatThrownBy(future::await)
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

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

    @ParameterizedTest
    @ValueSource(strings = {"plus+tag", "o'brien", "dash-dash", "under_score", "dots.and.dots", "percent%41", "am&per"})
    void oddAddressesAreFound(String local) {
        Contact contact = added(local + address());
        assertThat(crm.getContactId(call(), contact.requireEmail()).await())
                .map(Contact::id)
                .hasValue(contact.id());
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
    void aHundredAndOneTagsAreListedToTheEnd() {
        Contact contact = added();
        Set<Tag> tags = new LinkedHashSet<>();
        String stem = tagName();
        IntStream.range(0, 101).forEach(i -> tags.add(creatable(stem + "-" + i)));
        crm.applyTags(call(), contact, tags).await();
        assertThat(tagsOf(contact)).hasSize(101);
        List<String> listed = crm.syncTags(call()).await().stream()
                .map(Tag::name)
                .filter(name -> name.startsWith(stem))
                .toList();
        assertThat(listed).hasSize(101).doesNotHaveDuplicates();
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

    @Test
    void theFieldsThatTheDefaultMapGoesToAreThere() {
        List<String> ids = crm.syncCrmFields(call()).await().stream()
                .map(field -> field.id())
                .toList();
        assertThat(ids).contains(email()).doesNotHaveDuplicates();
        connector()
                .descriptor()
                .fields()
                .values()
                .forEach(target -> assertThat(target.field().matches("\\d+")
                                || ids.contains(target.field())
                                || target.field().equals("note"))
                        .as(target.field())
                        .isTrue());
    }

    // ---- contacts by tag

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 101})
    void contactsWithATagAreAllPagedThrough(int count) {
        Tag tag = creatable(tagName());
        Contact marker = added();
        crm.applyTags(call(), marker, Set.of(tag)).await();
        crm.removeTags(call(), marker, Set.of(tag)).await();
        Set<String> expected = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            Contact contact = added();
            crm.applyTags(call(), contact, Set.of(tag)).await();
            expected.add(String.valueOf(contact.id()));
        }
        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            Page<String> page = crm.loadContacts(call(), tag, 40, cursor).await();
            assertThat(page.items().size()).isLessThanOrEqualTo(40);
            found.addAll(page.items());
            cursor = page.cursor();
        } while (cursor != null);
        assertThat(found).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
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

    // ---- what the connector says of itself

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
