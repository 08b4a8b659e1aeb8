package io.crmux.gateway;

import io.crmux.crm.ManualLoop;
import io.crmux.store.Alias;
import io.crmux.store.Change;
import io.crmux.store.ChangeState;
import io.crmux.store.IdempotencyKey;
import io.crmux.store.Identity;
import io.crmux.store.Later;
import io.crmux.store.Learned;
import io.crmux.store.Leaving;
import io.crmux.store.ListedChanges;
import io.crmux.store.Moved;
import io.crmux.store.NewChange;
import io.crmux.store.Origin;
import io.crmux.store.Progress;
import io.crmux.store.Recovery;
import io.crmux.store.Remembered;
import io.crmux.store.Rename;
import io.crmux.store.Replay;
import io.crmux.store.Store;
import io.crmux.store.StoreException;
import io.crmux.store.StoredChange;
import io.crmux.store.SupersededException;
import io.crmux.store.TagList;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store for tests of the core: answers after a while, in order, and fails when it is told to. It survives its connection, as a file does. */
final class MemoryStore implements Store {

    private static final long SYNC_MILLIS = 2;
    /** So many changes are told at once at a start. */
    private static final int PART = 3;

    private final ManualLoop loop;
    private final Map<Long, StoredChange> changes = new TreeMap<>();
    private final Map<String, List<Alias>> aliases = new LinkedHashMap<>();
    private final Map<String, List<Rename>> renames = new LinkedHashMap<>();
    private final Map<IdempotencyKey, Remembered> requests = new LinkedHashMap<>();
    private final Map<String, TagList> tagLists = new LinkedHashMap<>();
    private long seq;
    boolean failing;
    /** The mirrors for which there is no room. */
    final Set<String> fullMirrors = new HashSet<>();
    /** How long it takes to recover a connection: what waits is told in the middle of it. */
    final Map<String, Long> recoveryMillis = new HashMap<>();

    MemoryStore(ManualLoop loop) {
        this.loop = loop;
    }

    private <T> Future<T> after(Supplier<T> work) {
        return after(SYNC_MILLIS, work);
    }

    private <T> Future<T> after(long millis, Supplier<T> work) {
        Promise<T> done = Promise.promise();
        loop.after(millis, () -> {
            if (failing) {
                done.fail(new StoreException("scripted", null));
            } else {
                Future.succeededFuture().map(now -> work.get()).onComplete(done);
            }
        });
        return done.future();
    }

    List<StoredChange> all() {
        return new ArrayList<>(changes.values());
    }

    /** As if it all lay on a disk, and none of it in memory. */
    void forgetAll() {
        changes.clear();
    }

    @Override
    public Future<List<Change>> accept(
            List<NewChange> changes, @Nullable Remembered request, Consumer<List<Change>> publish) {
        return after(() -> published(add(inRoom(changes), ChangeState.QUEUED, request), publish));
    }

    private List<NewChange> inRoom(List<NewChange> changes) {
        return changes.stream()
                .filter(change -> change.origin() == null || !fullMirrors.contains(change.connection()))
                .toList();
    }

    private static List<Change> published(List<Change> accepted, Consumer<List<Change>> publish) {
        publish.accept(accepted);
        return accepted;
    }

    @Override
    public Future<List<Change>> stage(List<NewChange> staged, @Nullable Remembered request) {
        return after(() -> add(staged, ChangeState.STAGED, request));
    }

    private List<Change> add(List<NewChange> added, ChangeState state, @Nullable Remembered request) {
        if (request != null) {
            requests.put(request.key(), request);
        }
        return added.stream()
                .map(change -> {
                    Change numbered = new Change(++seq, change);
                    Progress progress =
                            new Progress(seq, state, 0, change.accepted(), null, null, state == ChangeState.STAGED);
                    changes.put(seq, new StoredChange(numbered, progress));
                    return numbered;
                })
                .toList();
    }

    @Override
    public Future<List<Change>> replay(String connection, Replay replay, Consumer<List<Change>> publish) {
        return after(() -> {
            boolean superseded = of(connection, replay.whose())
                            .anyMatch(stored -> stored.change().seq() > replay.lookedUpTo())
                    || replay.discarded().stream()
                            .map(end -> changes.get(end.seq()))
                            .anyMatch(dead -> dead == null || dead.progress().state() != ChangeState.DEAD);
            if (superseded) {
                throw new SupersededException();
            }
            replay.discarded().forEach(this::note);
            return published(add(replay.anew(), ChangeState.QUEUED, null), publish);
        });
    }

    private void note(Progress done) {
        changes.computeIfPresent(done.seq(), (number, stored) -> new StoredChange(stored.change(), done));
    }

    private Stream<StoredChange> of(String connection, @Nullable Identity whose) {
        return changes.values().stream()
                .filter(stored -> stored.change().accepted().connection().equals(connection))
                .filter(stored -> whose == null || isOf(stored.change().accepted(), whose));
    }

    private static boolean isOf(NewChange change, Identity whose) {
        String id = change.contactId();
        String email = change.email();
        return (id != null && whose.contactIds().contains(id))
                || (email != null && whose.emailKeys().contains(email.toLowerCase(Locale.ROOT)));
    }

    @Override
    public Future<List<StoredChange>> list(
            String connection, ChangeState state, @Nullable Identity whose, long after, int limit) {
        return after(() -> of(connection, whose)
                .filter(stored ->
                        stored.progress().state() == state && stored.change().seq() > after)
                .limit(limit)
                .toList());
    }

    @Override
    public Future<Later> later(String connection, Identity whose, long after) {
        return after(() -> new Later(
                of(connection, whose)
                        .filter(stored -> stored.change().seq() > after)
                        .toList(),
                seq));
    }

    @Override
    public Future<Optional<Remembered>> remembered(IdempotencyKey key) {
        return after(() -> Optional.ofNullable(requests.get(key)));
    }

    @Override
    public Future<Void> remember(Remembered request) {
        return after(() -> {
            requests.put(request.key(), request);
            return null;
        });
    }

    @Override
    public Future<Void> keep(String kind, String name, @Nullable String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Map<String, String>> kept(String kind) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> record(String connection, List<Progress> progress, Learned learned) {
        return after(() -> {
            progress.forEach(this::note);
            learned.aliases().forEach(alias -> {
                List<Alias> known = aliases.computeIfAbsent(connection, absent -> new ArrayList<>());
                known.removeIf(former -> former.emailKey().equals(alias.emailKey()));
                known.add(alias);
            });
            learned.renames().forEach(rename -> {
                List<Rename> known = renames.computeIfAbsent(connection, absent -> new ArrayList<>());
                known.stream()
                        .filter(former ->
                                rename.isInUseAgain() && former.formerId().equals(rename.formerId()))
                        .forEach(former -> changes.replaceAll((seq, stored) -> Leaving.of(connection, former, stored)));
                known.removeIf(former -> former.formerId().equals(rename.formerId()));
                known.add(rename);
            });
            return null;
        });
    }

    @Override
    public Future<Void> identify(
            String connection, List<Long> numbers, @Nullable String email, @Nullable String originContact) {
        return after(() -> {
            numbers.forEach(number ->
                    changes.computeIfPresent(number, (seq, stored) -> identified(stored, email, originContact)));
            return null;
        });
    }

    private static StoredChange identified(
            StoredChange stored, @Nullable String email, @Nullable String originContact) {
        NewChange change = stored.change().accepted();
        Origin origin = change.origin();
        NewChange known = new NewChange(
                change.operation(),
                change.connection(),
                change.contactId(),
                email == null ? change.email() : email,
                change.body(),
                origin == null || originContact == null ? origin : new Origin(origin.connection(), originContact),
                change.accepted());
        return new StoredChange(new Change(stored.change().seq(), known), stored.progress());
    }

    /** Tests of the core stay with one CRM. */
    @Override
    public Future<Optional<Moved>> moveTo(String connection, String account) {
        return after(Optional::empty);
    }

    @Override
    public Future<Void> recover(String connection, Recovery recovery) {
        long half = recoveryMillis.getOrDefault(connection, SYNC_MILLIS) / 2;
        return after(half, () -> {
                    recovery.known(
                            List.copyOf(aliases.getOrDefault(connection, List.of())),
                            List.copyOf(renames.getOrDefault(connection, List.of())));
                    tell(unsettled(connection), recovery);
                    return true;
                })
                .compose(told -> after(half, () -> true))
                .mapEmpty();
    }

    private List<StoredChange> unsettled(String connection) {
        return changes.values().stream()
                .filter(stored -> stored.change().accepted().connection().equals(connection)
                        && !stored.progress().settled())
                .toList();
    }

    private static void tell(List<StoredChange> unsettled, Recovery recovery) {
        for (int from = 0; from < unsettled.size(); from += PART) {
            recovery.unsettled(new ListedChanges(unsettled.subList(from, Math.min(from + PART, unsettled.size()))));
        }
    }

    @Override
    public Future<List<StoredChange>> operation(String connection, UUID operation) {
        return after(() -> changes.values().stream()
                .filter(stored -> stored.change().accepted().connection().equals(connection)
                        && stored.change().accepted().operation().equals(operation))
                .toList());
    }

    @Override
    public Future<List<Alias>> aliases(String connection, Identity whose) {
        return after(() -> {
            List<Alias> known = aliases.getOrDefault(connection, List.of());
            Set<String> contacts = new HashSet<>(whose.contactIds());
            known.stream()
                    .filter(alias -> whose.emailKeys().contains(alias.emailKey()))
                    .forEach(alias -> contacts.add(alias.contactId()));
            return known.stream()
                    .filter(alias -> contacts.contains(alias.contactId()))
                    .toList();
        });
    }

    @Override
    public Future<Long> deadLetters(String connection) {
        return after(() -> changes.values().stream()
                .filter(stored -> stored.progress().state() == ChangeState.DEAD)
                .count());
    }

    @Override
    public Future<Optional<TagList>> tagList(String connection) {
        return after(() -> Optional.ofNullable(tagLists.get(connection)));
    }

    @Override
    public Future<Void> keepTagList(String connection, TagList tags) {
        return after(() -> {
            tagLists.put(connection, tags);
            return null;
        });
    }

    @Override
    public Future<Void> forget(long endedBefore, long learnedBefore) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> probe() {
        return after(() -> null);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
