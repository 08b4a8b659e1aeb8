package io.crmux.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a store should hold, in memory: does each step as the store does it, and compares. */
final class StoreModel {

    static final List<String> CONNECTIONS = List.of(Samples.MAIN, Samples.OTHER);

    private final TreeMap<Long, StoredChange> changes = new TreeMap<>();
    private final Map<String, Map<String, Alias>> aliases = new HashMap<>();
    private final Map<String, TagList> tagLists = new HashMap<>();
    private long lastSeq;

    void accepted(List<NewChange> asked, List<Change> answered) {
        assertThat(answered).extracting(Change::accepted).isEqualTo(asked);
        for (Change change : answered) {
            assertThat(change.seq()).isGreaterThan(lastSeq);
            lastSeq = change.seq();
            Progress progress = new Progress(
                    change.seq(), ChangeState.QUEUED, 0, change.accepted().accepted(), null, null, false);
            changes.put(change.seq(), new StoredChange(change, progress));
        }
    }

    /** The number of one of the changes there ever were; 0 when there was none. */
    long anySeq(int choice) {
        return lastSeq == 0 ? 0 : 1 + choice % lastSeq;
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
    }

    void keptTagList(String connection, TagList tags) {
        tagLists.put(connection, tags);
    }

    void forgotten(long endedBefore, long aliasesBefore) {
        changes.values()
                .removeIf(stored -> stored.progress().settled()
                        && stored.progress().state() != ChangeState.DEAD
                        && stored.progress().at() < endedBefore);
        aliases.values().forEach(known -> known.values().removeIf(alias -> alias.learned() < aliasesBefore));
    }

    void check(Store store) {
        for (String connection : CONNECTIONS) {
            Recovered recovered = Awaiting.success(store.recover(connection));
            assertThat(recovered.unsettled()).isEqualTo(unsettled(connection).toList());
            checkAliases(connection, recovered.aliases());
            assertThat(Awaiting.success(store.deadLetters(connection)))
                    .isEqualTo(of(connection)
                            .filter(stored -> stored.progress().state() == ChangeState.DEAD)
                            .count());
            assertThat(Awaiting.success(store.tagList(connection)))
                    .isEqualTo(Optional.ofNullable(tagLists.get(connection)));
            for (UUID operation : operations()) {
                assertThat(Awaiting.success(store.operation(connection, operation)))
                        .isEqualTo(of(connection)
                                .filter(stored -> operation(stored).equals(operation))
                                .toList());
            }
        }
    }

    private void checkAliases(String connection, List<Alias> recovered) {
        Map<String, Alias> known = aliases.getOrDefault(connection, Map.of());
        Set<String> contacts = unsettled(connection)
                .map(stored -> stored.change().accepted())
                .flatMap(change -> Stream.concat(
                        Stream.ofNullable(change.contactId()),
                        Stream.ofNullable(change.email())
                                .map(email -> known.get(email.toLowerCase(Locale.ROOT)))
                                .flatMap(Stream::ofNullable)
                                .map(Alias::contactId)))
                .collect(Collectors.toSet());
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
                        progress.settled())
                : progress;
    }
}
