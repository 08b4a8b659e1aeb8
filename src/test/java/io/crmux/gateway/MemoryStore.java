package io.crmux.gateway;

import io.crmux.crm.ManualLoop;
import io.crmux.store.Alias;
import io.crmux.store.Change;
import io.crmux.store.ChangeState;
import io.crmux.store.NewChange;
import io.crmux.store.Progress;
import io.crmux.store.Recovered;
import io.crmux.store.Store;
import io.crmux.store.StoreException;
import io.crmux.store.StoredChange;
import io.crmux.store.TagList;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A store for tests of the core: answers after a while, in order, and fails when it is told to. It survives its connection, as a file does. */
final class MemoryStore implements Store {

    private static final long SYNC_MILLIS = 2;

    private final ManualLoop loop;
    private final Map<Long, StoredChange> changes = new TreeMap<>();
    private final Map<String, List<Alias>> aliases = new LinkedHashMap<>();
    private final Map<String, TagList> tagLists = new LinkedHashMap<>();
    private long seq;
    boolean failing;

    MemoryStore(ManualLoop loop) {
        this.loop = loop;
    }

    private <T> Future<T> after(Supplier<T> work) {
        Promise<T> done = Promise.promise();
        loop.after(SYNC_MILLIS, () -> {
            if (failing) {
                done.fail(new StoreException("scripted", null));
            } else {
                done.complete(work.get());
            }
        });
        return done.future();
    }

    List<StoredChange> all() {
        return new ArrayList<>(changes.values());
    }

    @Override
    public Future<List<Change>> accept(List<NewChange> accepted) {
        return after(() -> accepted.stream()
                .map(change -> {
                    Change numbered = new Change(++seq, change);
                    Progress queued = new Progress(seq, ChangeState.QUEUED, 0, change.accepted(), null, null, false);
                    changes.put(seq, new StoredChange(numbered, queued));
                    return numbered;
                })
                .toList());
    }

    @Override
    public Future<Void> record(String connection, List<Progress> progress, List<Alias> learned) {
        return after(() -> {
            progress.forEach(done ->
                    changes.computeIfPresent(done.seq(), (number, stored) -> new StoredChange(stored.change(), done)));
            aliases.computeIfAbsent(connection, absent -> new ArrayList<>()).addAll(learned);
            return null;
        });
    }

    @Override
    public Future<Recovered> recover(String connection) {
        return after(() -> new Recovered(
                changes.values().stream()
                        .filter(stored ->
                                stored.change().accepted().connection().equals(connection)
                                        && !stored.progress().settled())
                        .toList(),
                List.copyOf(aliases.getOrDefault(connection, List.of()))));
    }

    @Override
    public Future<List<StoredChange>> operation(String connection, String operation) {
        return after(() -> changes.values().stream()
                .filter(stored -> stored.change().accepted().operation().equals(operation))
                .toList());
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
    public Future<Void> forget(long endedBefore, long aliasesBefore) {
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
