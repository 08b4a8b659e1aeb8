package io.crmux.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What must outlive the process. Every future that succeeds does so after the data was synced to disk; every future that fails does so with a
 * {@link StoreException} and has changed nothing. Writes take effect in the order in which they were called, and their futures complete in that
 * order, on whatever thread; so do reads. A read sees every write that was called before it, and perhaps some that were called after it: it holds
 * none of them up.
 */
public interface Store {

    /** The kind of the texts that are {@linkplain #kept kept} of which account each connection is, by {@link #moveTo}. */
    String ACCOUNTS = "account";

    /**
     * Accepts changes: all of them or none, but for those of mirrors, which are left out while unsettled changes that mirror others take half of the
     * store and the mirror's own are not the smaller part of them. Many calls share one sync. Fails with a {@link StoreFullException} when there is no room; then
     * {@link #record} still works, for as long as the reserve lasts.
     *
     * @param request remembered in the same transaction, in place of what its key stood for before; null when there is nothing to remember
     * @param publish told of the accepted changes before the future is: in the order of their numbers, whoever has called, so that what it hands on to
     *     one loop arrives there in that order, too. Handlers of the future cannot know: one may be added when it has completed already. On whatever
     *     thread, which it must not hold up; not told of what was not accepted
     * @return the same changes, numbered, without what was left out
     */
    Future<List<Change>> accept(List<NewChange> changes, @Nullable Remembered request, Consumer<List<Change>> publish);

    /** Accepts changes that nobody else is told of. */
    default Future<List<Change>> accept(List<NewChange> changes) {
        return accept(changes, null, accepted -> {});
    }

    /** Keeps changes that are not to be delivered: they are {@link ChangeState#STAGED} and settled from the beginning. */
    Future<List<Change>> stage(List<NewChange> changes, @Nullable Remembered request);

    /**
     * Accepts changes in the place of dead ones, all in one transaction. Fails with a {@link SupersededException} when a change of these contacts was
     * accepted after {@link Replay#lookedUpTo()}, or when one of the dead ones is dead no more.
     *
     * @param publish told as {@link #accept} tells it
     */
    Future<List<Change>> replay(String connection, Replay replay, Consumer<List<Change>> publish);

    /** The request that a key stands for; empty when there is none, or it is forgotten. */
    Future<Optional<Remembered>> remembered(IdempotencyKey key);

    /** Remembers a request that accepted no change. */
    Future<Void> remember(Remembered request);

    /**
     * Writes down how far changes have come, and what was learned on the way, in one transaction. What is told of a change that is forgotten, or
     * another connection's, is left out.
     *
     * @param connection whose changes and aliases they are
     */
    Future<Void> record(String connection, List<Progress> progress, Learned learned);

    /**
     * Writes down whose changes are, of which that was not known at acceptance, or is another by now. What is told of a change that is forgotten, or another
     * connection's, is left out.
     *
     * @param changes their numbers
     * @param email the contact's address as it is to go to the CRM; null where each keeps its own
     * @param originContact the contact's id where the changes that these mirror were accepted; null where each keeps its own
     */
    Future<Void> identify(
            String connection, List<Long> changes, @Nullable String email, @Nullable String originContact);

    /**
     * Says which account of which CRM a connection is. When it was another one until now, all that came from that one is taken out: what was learned of ids and tags is
     * forgotten, changes wait under their contacts' addresses, and what that CRM has but does not show yet is settled. To be called before {@link #recover}.
     *
     * @param account the CRM's slug, and more after a blank where one CRM has several
     * @return empty when it is the same as before, or the first
     */
    Future<Optional<Moved>> moveTo(String connection, String account);

    /** Tells everything of a connection that is not settled. Succeeds when all is told. */
    Future<Void> recover(String connection, Recovery recovery);

    /** The changes of one operation of a connection, in order; empty when there is none, or it ended longer ago than fates are kept. */
    Future<List<StoredChange>> operation(String connection, UUID operation);

    /**
     * A page of the changes that are {@link ChangeState#DEAD} or {@link ChangeState#STAGED}, in order of acceptance.
     *
     * @param whose of these contacts alone; null for all
     * @param after the number of the last change of the page before; 0 for the first page
     * @param limit at most so many
     */
    Future<List<StoredChange>> list(
            String connection, ChangeState state, @Nullable Identity whose, long after, int limit);

    /** The changes of contacts that were accepted after another one, as far as their fates are kept: those that follow a dead one are, as long as it is. */
    Future<Later> later(String connection, Identity whose, long after);

    /** All addresses that are known of contacts, which are given by some of their addresses or ids. */
    Future<List<Alias>> aliases(String connection, Identity whose);

    /** How many changes of a connection are dead. */
    Future<Long> deadLetters(String connection);

    /** The tags of a connection as they were last kept; empty when they never were. */
    Future<Optional<TagList>> tagList(String connection);

    /** Keeps the tags of a connection, in place of those kept before. */
    Future<Void> keepTagList(String connection, TagList tags);

    /**
     * Forgets what ended before a time: fates of settled changes that are neither dead nor staged nor follow a dead one of the same contact, and
     * requests by their keys. What was learned or staged is forgotten later. Done little by little: others are served meanwhile, and a failure leaves the
     * rest for the next time.
     *
     * @param endedBefore milliseconds since 1970
     * @param learnedBefore aliases, renames and staged changes, milliseconds since 1970
     */
    Future<Void> forget(long endedBefore, long learnedBefore);

    /**
     * Keeps a small text, in place of the one that was kept of the same kind and name: counters of long windows, deadlines. It is never forgotten.
     *
     * @param text null to keep none
     */
    Future<Void> keep(String kind, String name, @Nullable String text);

    /** All texts of a kind, by name. */
    Future<Map<String, String>> kept(String kind);

    /** Succeeds when the store can be written; fails with a {@link StoreFullException} when it takes no changes. */
    Future<Void> probe();

    /** Finishes what was asked before, then lets go of the files. */
    Future<Void> close();
}
