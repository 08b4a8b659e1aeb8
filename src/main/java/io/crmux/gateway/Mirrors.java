package io.crmux.gateway;

import io.crmux.crm.CrmException;
import io.crmux.crm.Operation;
import io.crmux.crm.Tag;
import io.crmux.gateway.contact.CommonTags;
import io.crmux.gateway.contact.OwnChanges;
import io.crmux.gateway.tags.Resolution;
import io.crmux.gateway.tags.TagBook;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.NewChange;
import io.crmux.store.Origin;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a connection's changes to the connections that mirror it, too, in the same transaction. Tags cross by name; fields as the site wrote them, to
 * be mapped by the mirror. What is mirrored is not mirrored on.
 */
final class Mirrors {

    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);

    /** A connection that mirrors another. */
    interface Mirror {

        String name();

        boolean supports(Operation operation);

        /** Whether it sends nothing. */
        boolean isStaging();

        /** Publishes changes of its own that another connection has handed to the store. May be called on any thread. */
        void enter(List<Change> accepted);

        /**
         * Is told the address of a contact of another connection before that cannot be asked for it any more. Succeeds when it is written down, if it is
         * needed.
         *
         * @param contact by the id that mirrored changes are given
         * @param ids all ids that it has had there
         * @param own its address, and what is its own of that which went by it
         * @param goes whether the contact is about to be deleted there
         */
        Future<Void> introduce(Origin contact, Set<String> ids, OwnChanges own, boolean goes);

        /** Is told that an id of another connection is another contact's by now, and by which id the one that had it before is known from now on. */
        void rename(Origin former, String id);
    }

    /**
     * What mirrors are to get of a write.
     *
     * @param changes to be accepted with it
     * @param leftOut the mirrors that do not get it
     */
    record Share(List<NewChange> changes, List<String> leftOut) {}

    private final Supplier<TagBook> book;
    private final UnaryOperator<String> firstId;
    private final Metrics metrics;
    private final String connection;
    private final Set<String> withoutRoom = ConcurrentHashMap.newKeySet();
    private List<Mirror> mirrors = List.of();

    /** @param firstId the id by which a contact was known first: mirrors know it by that one, whichever it gets later, so that all of it is one queue there */
    Mirrors(Supplier<TagBook> book, UnaryOperator<String> firstId, Metrics metrics, String connection) {
        this.book = book;
        this.firstId = firstId;
        this.metrics = metrics;
        this.connection = connection;
    }

    void are(List<? extends Mirror> all) {
        mirrors = List.copyOf(all);
    }

    /**
     * What mirrors are to get of changes of one contact.
     *
     * @param email its address when all that waits of it is done: a mirror may be ahead; null when none is known
     */
    Share of(List<NewChange> changes, @Nullable String email) {
        List<NewChange> mirrored = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        List<ChangeBody> bodies = changes.stream().map(NewChange::body).toList();
        for (Mirror mirror : mirrors) {
            if (gets(mirror, bodies)) {
                changes.forEach(change -> mirrored.add(mirrored(change, email, mirror.name())));
            } else {
                leftOut.add(mirror.name());
            }
        }
        return new Share(mirrored, leftOut);
    }

    /** The mirrors that do not get such changes of one contact. */
    List<String> leftOut(List<ChangeBody> bodies) {
        return mirrors.stream()
                .filter(mirror -> !gets(mirror, bodies))
                .map(Mirror::name)
                .toList();
    }

    private static boolean gets(Mirror mirror, List<ChangeBody> bodies) {
        return !mirror.isStaging() && bodies.stream().allMatch(body -> canBeMirrored(body, mirror));
    }

    /**
     * Hands over to the mirrors what is theirs of an acceptance: before the connection's own part is published, so that nothing of it is delivered before
     * they know theirs. May be called on any thread.
     *
     * @return the mirrors for which the store had no room
     */
    List<String> tell(Share share, List<Change> accepted) {
        List<String> leftOut = new ArrayList<>();
        for (Mirror mirror : mirrors) {
            List<Change> its = accepted.stream()
                    .filter(change -> change.accepted().connection().equals(mirror.name()))
                    .toList();
            if (!its.isEmpty()) {
                noteRoom(mirror.name());
                mirror.enter(its);
            } else if (!share.leftOut().contains(mirror.name())) {
                noteNoRoom(mirror.name());
                leftOut.add(mirror.name());
            }
        }
        return leftOut;
    }

    private void noteNoRoom(String mirror) {
        metrics.notMirrored(connection, mirror);
        if (withoutRoom.add(mirror)) {
            LOG.warn(
                    "{}: writes are not mirrored to {}: changes that wait for mirrors take half of the store",
                    connection,
                    mirror);
        }
    }

    private void noteRoom(String mirror) {
        if (withoutRoom.remove(mirror)) {
            LOG.info("{}: writes are mirrored to {} again", connection, mirror);
        }
    }

    boolean isEmpty() {
        return mirrors.isEmpty();
    }

    /** Tells all mirrors the address of a contact, which is known by its ids here. */
    Future<Void> introduce(Set<String> ids, OwnChanges own, boolean goes) {
        Origin contact = new Origin(connection, firstId.apply(ids.iterator().next()));
        return Future.all(mirrors.stream()
                        .map(mirror -> mirror.introduce(contact, ids, own, goes))
                        .toList())
                .recover(failure -> Future.failedFuture(
                        CrmException.unavailable("the contact's address could not be written down for mirrors", null)))
                .mapEmpty();
    }

    /** Tells all mirrors that an id is another contact's by now, and by which id the one that had it before is known from now on. */
    void rename(String former, String id) {
        mirrors.forEach(mirror -> mirror.rename(new Origin(connection, former), id));
    }

    private static boolean canBeMirrored(ChangeBody body, Mirror mirror) {
        if (body instanceof ChangeBody.Create create) {
            return create.map();
        }
        if (body instanceof ChangeBody.Update update) {
            return update.map();
        }
        if (body instanceof ChangeBody.Event) {
            return mirror.supports(Operation.TRACK_EVENT);
        }
        return !(body instanceof ChangeBody.Delete) || mirror.supports(Operation.DELETE_CONTACT);
    }

    private NewChange mirrored(NewChange change, @Nullable String email, String mirror) {
        String id = change.contactId();
        return new NewChange(
                change.operation(),
                mirror,
                null,
                email,
                byName(change.body()),
                new Origin(change.connection(), id == null ? null : firstId.apply(id)),
                change.accepted());
    }

    private ChangeBody byName(ChangeBody body) {
        return body instanceof ChangeBody.Tags tags ? CommonTags.of(names(tags.apply()), names(tags.remove())) : body;
    }

    private List<String> names(List<String> words) {
        return words.stream().map(this::name).toList();
    }

    private String name(String word) {
        if (book.get().resolve(word) instanceof Resolution.Known known) {
            Tag tag = known.tag();
            return tag.name();
        }
        return word;
    }
}
