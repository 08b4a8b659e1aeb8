package io.crmux.crm;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One opened account: the standard operations on the vendor's wire. What only some CRMs can do is in the small interfaces {@link TagCreation},
 * {@link Lists}, {@link Events}, {@link Deletion}, {@link CombinedChange}, {@link BulkLookUp}, {@link BulkTagging}, {@link BulkUpdate} and {@link Webhooks}, implemented where
 * true.
 *
 * <p>Every future fails with a {@link CrmException} and with nothing else. "No such contact" is an empty answer of {@link #getContactId} and
 * {@link CrmException.Kind#NOT_FOUND} everywhere else. An operation that the CRM has not fails with {@link CrmException.Kind#UNSUPPORTED}, never
 * with an empty success.
 */
public interface Crm {

    /** What is true of this account: may depend on its settings. */
    Traits traits();

    /** Whether a contact's id is made of its address: then it has another one as soon as it has another address. */
    default boolean areIdsOfAddresses() {
        return false;
    }

    /** Proves that the credentials work and says whose they are. */
    Future<Account> connect(Call call);

    /** All tags of the account, paged to the very end. */
    Future<List<Tag>> syncTags(Call call);

    /** All fields that contacts have, standard and custom. */
    Future<List<Field>> syncCrmFields(Call call);

    /**
     * Looks an address up.
     *
     * @param email as the site wrote it
     * @return the contact whose address equals it (ignoring case), never somebody else; empty when there is none
     */
    Future<Optional<Contact>> getContactId(Call call, String email);

    /** The contact's tags. */
    Future<Set<Tag>> getTags(Call call, Contact contact);

    /**
     * Adds a contact.
     *
     * @param fields by the CRM's own field ids
     * @return its id and whether it is new; fails with {@link CrmException.Kind#DUPLICATE} where the CRM refuses a known address
     */
    Future<Added> addContact(Call call, Map<String, Value> fields);

    /**
     * Sets fields of a contact; fields that are not named stay.
     *
     * @return the contact, with its new id or address if they changed
     */
    Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields);

    /** Adds tags to a contact; those it has already are no failure. */
    Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags);

    /** Takes tags from a contact; those it has not are no failure. */
    Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags);

    /** The contact's fields, by the CRM's own field ids. */
    Future<Loaded> loadContact(Call call, Contact contact);

    /**
     * One page of the ids of all contacts that have a tag.
     *
     * @param limit at most so many; a page may be shorter
     * @param cursor from the page before, null for the first
     */
    Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor);

    /**
     * Which of several due batches are delivered together; the others are handed over again at once. By default all are. Overridden where only some go into
     * one call, and each of the others is a call of its own: those would be waited for, one after the other, and there may be no time for all.
     *
     * @param due at least two, of different contacts, the first of them due first
     * @return at least one of them
     */
    default List<Batch> together(List<Batch> due) {
        return due;
    }

    /**
     * Delivers batches of different contacts. The default makes one after the other with the methods above, or many together where the CRM does
     * {@link BulkTagging}; overridden where the CRM has a better call. The future itself never fails: each batch has its own outcome, in the order of
     * {@code batches}.
     */
    default Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
        return batches.size() > 1 && this instanceof BulkTagging tagging
                ? InBulk.deliver(this, tagging, call, batches)
                : OneByOne.deliver(this, call, batches);
    }
}
