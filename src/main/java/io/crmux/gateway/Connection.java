package io.crmux.gateway;

import io.crmux.crm.Account;
import io.crmux.crm.Crm;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Field;
import io.crmux.crm.Lists.MailingList;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Page;
import io.crmux.crm.Trace;
import io.crmux.store.Store;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One configured account, as the API sees it. Every method may be called on any event loop; futures complete on any thread. They fail with a
 * {@link Refusal} or a {@link io.crmux.crm.CrmException}, and with nothing else.
 */
public interface Connection {

    /**
     * Opens a connection. Nothing is called and nothing is read before {@link #start()}.
     *
     * @param other opens the same CRM with other settings
     * @param loop owns all of the connection's state
     */
    static Connection open(
            ConnectionOptions options,
            Descriptor descriptor,
            Crm crm,
            OtherSettings other,
            Store store,
            Loop loop,
            Metrics metrics) {
        return new LiveConnection(options, descriptor, crm, other, store, loop, metrics, RandomGenerator.getDefault());
    }

    /** As in the configuration and in paths. */
    String name();

    /** Whether the connector has an operation. */
    boolean supports(Operation operation);

    /** Lays all unsettled changes back on, so that reads and deliveries may begin. */
    Future<Void> start();

    /** Makes due what waits, and ends when it is delivered or the time (milliseconds) is up. What is left stays in the store. */
    Future<Void> stop(long millis);

    /**
     * Tries the credentials.
     *
     * @param otherSettings to try in place of the configured ones; empty for none
     */
    Future<Account> connect(Map<String, String> otherSettings, Trace trace);

    /** The tag list. */
    Future<Cached<List<TagEntry>>> syncTags(Freshness freshness, Trace trace);

    /** Creates a tag in the CRM; in staging it is recorded only. */
    Future<AddedTag> addTag(String name, WriteOptions write);

    /** The field list. */
    Future<Cached<List<Field>>> syncCrmFields(Freshness freshness, Trace trace);

    /** The mailing lists. */
    Future<List<MailingList>> syncLists(Trace trace);

    /** The contact's id: {@code null} in the answer while its creation is pending. Fails with CONTACT_NOT_FOUND when there is none. */
    Future<Cached<ContactTags>> getContactId(ContactRef contact, Freshness freshness, Trace trace);

    /**
     * What is in memory of the contact's tags and fresh enough to be answered without any further ado. Never waits, makes no object, and may be called on
     * any thread.
     *
     * @param known filled with it
     * @return whether there is something; if not, {@code known} is as it was
     */
    boolean peekTags(ContactRef contact, KnownTags known);

    /** The contact's tags. Fails with CONTACT_NOT_FOUND when there is no such contact. */
    Future<Cached<ContactTags>> getTags(ContactRef contact, Freshness freshness, Trace trace);

    /**
     * Applies and removes tags.
     *
     * @param apply as the site wrote them, disjoint from {@code remove}
     */
    Future<Written> changeTags(ContactRef contact, List<String> apply, List<String> remove, WriteOptions write);

    /**
     * Adds a contact, or updates the one that is there.
     *
     * @param map whether the keys of {@code fields} are the site's (true) or the CRM's own
     * @param tags to apply afterwards; may be empty
     */
    Future<AddedContact> addContact(JsonObject fields, boolean map, List<String> tags, WriteOptions write);

    /** Sets fields of a contact. */
    Future<Written> updateContact(ContactRef contact, JsonObject fields, boolean map, WriteOptions write);

    /**
     * The contact's fields.
     *
     * @param map whether keys are mapped back to the site's
     */
    Future<ContactFields> loadContact(ContactRef contact, boolean map, Trace trace);

    /**
     * One page of the ids of all contacts that have a tag.
     *
     * @param bulk whether nobody waits for this page alone
     */
    Future<Page<String>> loadContacts(String tag, int limit, @Nullable String cursor, boolean bulk, Trace trace);

    /** Records an event. */
    Future<Written> trackEvent(ContactRef contact, String name, JsonObject properties, WriteOptions write);

    /** Deletes a contact. */
    Future<Written> deleteContact(ContactRef contact, WriteOptions write);

    /**
     * Many visitors at once, in order.
     *
     * @param waitMillis how long to wait for what is not in memory; the loads go on behind it
     */
    Future<List<LookupRow>> lookup(List<Address> addresses, long waitMillis, Trace trace);

    /** The fate of a write. Fails with OPERATION_NOT_FOUND. */
    Future<Fate> operation(String operation);

    /**
     * A page of the dead letters, oldest first.
     *
     * @param contact of this contact alone; null for all
     * @param cursor of the page before; null for the first page
     */
    Future<Page<Recorded>> deadLetters(@Nullable ContactRef contact, @Nullable String cursor, int limit);

    /** One dead letter. Fails with OPERATION_NOT_FOUND when the operation is not dead. */
    Future<Recorded> deadLetter(String operation);

    /**
     * Enters a dead letter as a new write, without the tags and fields on which a later change was accepted. Fails with OPERATION_NOT_FOUND when the
     * operation is not dead.
     */
    Future<Replayed> replay(String operation);

    /** Replays all that match. What is accepted stays so when it fails half-way. */
    Future<ReplayCount> replay(DeadFilter filter);

    /** Gives a dead letter up. Fails with OPERATION_NOT_FOUND when the operation is not dead. */
    Future<Void> discard(String operation);

    /** A page of the staged writes, oldest first. */
    Future<Page<Recorded>> staged(@Nullable String cursor, int limit);

    /** Forgets everything that was loaded. */
    Future<Void> purge();

    /** Forgets what was loaded of a contact. */
    Future<Void> purge(ContactRef contact);
}
