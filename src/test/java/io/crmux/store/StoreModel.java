package io.crmux.store;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a store should hold, in memory: does each step as the store does it, and compares. */
final class StoreModel {

    static final List<String> CONNECTIONS = List.of(Samples.MAIN, Samples.OTHER);
    static final List<String> KINDS = List.of("counter", "deadline");

    private final TreeMap<Long, StoredChange> changes = new TreeMap<>();
    private final Map<String, Map<String, Alias>> aliases = new HashMap<>();
    private final Map<String, LinkedHashMap<String, Rename>> renames = new HashMap<>();
    private final Map<String, TagList> tagLists = new HashMap<>();
    private final Map<IdempotencyKey, Remembered> requests = new HashMap<>();
    private final Set<IdempotencyKey> keys = new HashSet<>();
    private final Map<String, Map<String, String>> texts = new HashMap<>();
    private long lastSeq;

    void accepted(List<NewChange> asked, List<Change> answered, @Nullable Remembered request) {
        added(asked, answered, ChangeState.QUEUED);
        remembered(request);
    }

    void staged(List<NewChange> asked, List<Change> answered, @Nullable Remembered request) {
        added(asked, answered, ChangeState.STAGED);
        remembered(request);
    }

    private void added(List<NewChange> asked, List<Change> answered, ChangeState state) {
        assertThat(answered).extracting(Change::accepted).isEqualTo(asked);
        for (Change change : answered) {
            assertThat(change.seq()).isGreaterThan(lastSeq);
            lastSeq = change.seq();
            Progress progress = new Progress(
                    change.seq(), state, 0, change.accepted().accepted(), null, null, state == ChangeState.STAGED);
            changes.put(change.seq(), new StoredChange(change, progress));
        }
    }

    void remembered(@Nullable Remembered request) {
        if (request != null) {
            keys.add(request.key());
            requests.put(request.key(), request);
        }
    }

    /** Whether a replay is to be refused. */
    boolean supersedes(String connection, Replay replay) {
        boolean later =
                of(connection).anyMatch(stored -> seq(stored) > replay.lookedUpTo() && isOf(stored, replay.whose()));
        return later
                || replay.discarded().stream()
                        .anyMatch(
                                end -> inState(connection, ChangeState.DEAD).noneMatch(dead -> seq(dead) == end.seq()));
    }

    void replayed(String connection, Replay replay, List<Change> answered) {
        recorded(connection, replay.discarded(), Learned.NOTHING);
        added(replay.anew(), answered, ChangeState.QUEUED);
    }

    long lastSeq() {
        return lastSeq;
    }

    /** The number of one of the changes there ever were; 0 when there was none. */
    long anySeq(int choice) {
        return lastSeq == 0 ? 0 : 1 + choice % lastSeq;
    }

    /** The number of one of the dead changes of a connection; of any, when there is none. */
    long anyDead(String connection, int choice) {
        List<StoredChange> dead = inState(connection, ChangeState.DEAD).toList();
        return dead.isEmpty() ? anySeq(choice) : seq(dead.get(choice % dead.size()));
    }

    void recorded(String connection, List<Progress> progress, Learned learned) {
        for (Progress step : progress) {
            changes.computeIfPresent(
                    step.seq(),
                    (seq, stored) -> stored.change().accepted().connection().equals(connection)
                            ? new StoredChange(stored.change(), asStored(step))
                            : stored);
        }
        Map<String, Alias> known = aliases.computeIfAbsent(connection, none -> new HashMap<>());
        learned.aliases().forEach(alias -> known.put(alias.emailKey(), alias));
        Map<String, Rename> renamed = renames.computeIfAbsent(connection, none -> new LinkedHashMap<>());
        learned.renames().forEach(rename -> {
            Rename former = renamed.remove(rename.formerId());
            if (former != null && rename.isInUseAgain()) {
                changes.replaceAll((seq, stored) -> Leaving.of(connection, former, stored));
            }
            renamed.put(rename.formerId(), rename);
        });
    }

    void keptTagList(String connection, TagList tags) {
        tagLists.put(connection, tags);
    }

    void kept(String kind, String name, @Nullable String text) {
        Map<String, String> kept = texts.computeIfAbsent(kind, none -> new HashMap<>());
        if (text == null) {
            kept.remove(name);
        } else {
            kept.put(name, text);
        }
    }

    void forgotten(long endedBefore, long learnedBefore) {
        aliases.values().forEach(known -> known.values().removeIf(alias -> alias.learned() < learnedBefore));
        renames.values().forEach(known -> known.values().removeIf(rename -> rename.learned() < learnedBefore));
        Set<Long> followers = changes.values().stream()
                .filter(this::followsADeadOne)
                .map(StoreModel::seq)
                .collect(Collectors.toSet());
        changes.values().removeIf(stored -> {
            Progress progress = stored.progress();
            return progress.settled()
                    && switch (progress.state()) {
                        case DEAD -> false;
                        case STAGED -> progress.at() < learnedBefore;
                        default -> progress.at() < endedBefore && !followers.contains(progress.seq());
                    };
        });
        requests.values().removeIf(request -> request.at() < endedBefore);
    }

    private boolean followsADeadOne(StoredChange stored) {
        NewChange change = stored.change().accepted();
        String id = change.contactId();
        String email = change.email();
        Identity contact = everything(
                change.connection(),
                new Identity(id == null ? Set.of() : Set.of(id), email == null ? Set.of() : Set.of(key(email))));
        return inState(change.connection(), ChangeState.DEAD)
                .anyMatch(dead -> seq(dead) < seq(stored) && isOf(dead, contact));
    }

    /** All ids and addresses that lead to a contact, from some of them. */
    private Identity everything(String connection, Identity some) {
        Set<String> ids = new HashSet<>(some.contactIds());
        Set<String> emails = new HashSet<>(some.emailKeys());
        int known;
        do {
            known = ids.size() + emails.size();
            for (Alias alias : aliases.getOrDefault(connection, Map.of()).values()) {
                if (ids.contains(alias.contactId()) || emails.contains(alias.emailKey())) {
                    ids.add(alias.contactId());
                    emails.add(alias.emailKey());
                }
            }
            for (Rename rename :
                    renames.getOrDefault(connection, new LinkedHashMap<>()).values()) {
                if (ids.contains(rename.contactId()) || ids.contains(rename.formerId())) {
                    ids.add(rename.contactId());
                    ids.add(rename.formerId());
                }
            }
        } while (ids.size() + emails.size() > known);
        return new Identity(ids, emails);
    }

    void check(Store store) {
        for (String connection : CONNECTIONS) {
            Recovered recovered = Awaiting.success(Recovered.of(store, connection));
            assertThat(recovered.unsettled()).isEqualTo(unsettled(connection).toList());
            checkAliases(connection, recovered.aliases());
            assertThat(recovered.renames())
                    .containsExactlyElementsOf(renames.getOrDefault(connection, new LinkedHashMap<>())
                            .values());
            assertThat(Awaiting.success(store.deadLetters(connection)))
                    .isEqualTo(inState(connection, ChangeState.DEAD).count());
            assertThat(Awaiting.success(store.tagList(connection)))
                    .isEqualTo(Optional.ofNullable(tagLists.get(connection)));
            for (UUID operation : operations()) {
                assertThat(Awaiting.success(store.operation(connection, operation)))
                        .isEqualTo(of(connection)
                                .filter(stored -> operation(stored).equals(operation))
                                .toList());
            }
            checkLists(store, connection);
        }
        for (IdempotencyKey key : keys) {
            assertThat(Awaiting.success(store.remembered(key))).isEqualTo(Optional.ofNullable(requests.get(key)));
        }
        for (String kind : KINDS) {
            assertThat(Awaiting.success(store.kept(kind))).isEqualTo(texts.getOrDefault(kind, Map.of()));
        }
    }

    private void checkLists(Store store, String connection) {
        Identity someone = new Identity(Set.of("1", "2"), Set.of("b@example.com"));
        for (ChangeState state : List.of(ChangeState.DEAD, ChangeState.STAGED)) {
            List<StoredChange> all = inState(connection, state).toList();
            assertThat(pages(store, connection, state)).isEqualTo(all);
            assertThat(Awaiting.success(store.list(connection, state, someone, 0, 1000)))
                    .isEqualTo(
                            all.stream().filter(stored -> isOf(stored, someone)).toList());
        }
        long after = lastSeq / 2;
        assertThat(Awaiting.success(store.later(connection, someone, after)))
                .isEqualTo(new Later(
                        of(connection)
                                .filter(stored -> seq(stored) > after && isOf(stored, someone))
                                .toList(),
                        lastSeq));
    }

    private static List<StoredChange> pages(Store store, String connection, ChangeState state) {
        List<StoredChange> all = new ArrayList<>();
        List<StoredChange> page;
        do {
            long after = all.isEmpty() ? 0 : seq(all.get(all.size() - 1));
            page = Awaiting.success(store.list(connection, state, null, after, 2));
            all.addAll(page);
        } while (page.size() == 2);
        return all;
    }

    private void checkAliases(String connection, List<Alias> recovered) {
        Map<String, Alias> known = aliases.getOrDefault(connection, Map.of());
        Stream<String> meant = unsettled(connection)
                .map(stored -> stored.change().accepted())
                .flatMap(change -> Stream.concat(
                        Stream.ofNullable(change.contactId()),
                        Stream.ofNullable(change.email())
                                .map(email -> known.get(key(email)))
                                .flatMap(Stream::ofNullable)
                                .map(Alias::contactId)));
        Stream<String> renamed = renames.getOrDefault(connection, new LinkedHashMap<>()).values().stream()
                .flatMap(rename -> Stream.of(rename.formerId(), rename.contactId()));
        Set<String> contacts = Stream.concat(meant, renamed).collect(Collectors.toSet());
        assertThat(known.values()).containsAll(recovered);
        assertThat(recovered)
                .containsAll(known.values().stream()
                        .filter(alias -> contacts.contains(alias.contactId()))
                        .toList());
    }

    private List<UUID> operations() {
        List<UUID> operations = new ArrayList<>(List.of(Samples.operation("never")));
        changes.values().stream().map(StoreModel::operation).distinct().forEach(operations::add);
        return operations;
    }

    private Stream<StoredChange> of(String connection) {
        return changes.values().stream()
                .filter(stored -> stored.change().accepted().connection().equals(connection));
    }

    private Stream<StoredChange> unsettled(String connection) {
        return of(connection).filter(stored -> !stored.progress().settled());
    }

    private Stream<StoredChange> inState(String connection, ChangeState state) {
        return of(connection).filter(stored -> stored.progress().state() == state);
    }

    private static boolean isOf(StoredChange stored, Identity whose) {
        NewChange change = stored.change().accepted();
        String id = change.contactId();
        String email = change.email();
        return (id != null && whose.contactIds().contains(id))
                || (email != null && whose.emailKeys().contains(key(email)));
    }

    private static String key(String email) {
        return email.trim().toLowerCase(Locale.ROOT);
    }

    private static long seq(StoredChange stored) {
        return stored.change().seq();
    }

    private static UUID operation(StoredChange stored) {
        return stored.change().accepted().operation();
    }

    private static Progress asStored(Progress progress) {
        return progress.state() == ChangeState.DELIVERING
                ? new Progress(
                        progress.seq(),
                        ChangeState.QUEUED,
                        progress.attempts(),
                        progress.at(),
                        progress.waitingFor(),
                        progress.problem(),
                        progress.result(),
                        progress.settled())
                : progress;
    }
}
