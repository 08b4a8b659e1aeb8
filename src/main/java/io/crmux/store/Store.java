package io.crmux.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * What must outlive the process. Every future that succeeds does so after the data was synced to disk; every future that fails does so with a
 * {@link StoreException} and has changed nothing. Writes take effect in the order in which they were called, and their futures complete in that
 * order, on whatever thread; so do reads. A read sees every write that was called before it, and perhaps some that were called after it: it holds
 * none of them up.
 */
public interface Store {

    /**
     * Accepts changes: all of them or none. Many calls share one sync. Fails with a {@link StoreFullException} when there is no room; then
     * {@link #record} still works, for as long as the reserve lasts.
     *
     * @return the same changes, numbered
     */
    Future<List<Change>> accept(List<NewChange> changes);

    /**
     * Writes down how far changes have come, and what was learned on the way, in one transaction. What is told of a change that is forgotten, or
     * another connection's, is left out.
     *
     * @param connection whose changes and aliases they are
     */
    Future<Void> record(String connection, List<Progress> progress, List<Alias> learned);

    /** Everything of a connection that is not settled. */
    Future<Recovered> recover(String connection);

    /** The changes of one operation of a connection, in order; empty when there is none, or it ended longer ago than fates are kept. */
    Future<List<StoredChange>> operation(String connection, String operation);

    /** How many changes of a connection are dead. */
    Future<Long> deadLetters(String connection);

    /** The tags of a connection as they were last kept; empty when they never were. */
    Future<Optional<TagList>> tagList(String connection);

    /** Keeps the tags of a connection, in place of those kept before. */
    Future<Void> keepTagList(String connection, TagList tags);

    /**
     * Forgets what ended before a time (milliseconds since 1970): fates of settled changes that are not dead, and old aliases. Done little by
     * little: others are served meanwhile, and a failure leaves the rest for the next time.
     */
    Future<Void> forget(long endedBefore, long aliasesBefore);

    /** Succeeds when the store can be written. */
    Future<Void> probe();

    /** Finishes what was asked before, then lets go of the files. */
    Future<Void> close();
}
