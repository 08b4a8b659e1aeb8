package io.crmux.gateway;

import io.crmux.crm.CrmException;
import io.crmux.crm.Loop;
import io.crmux.crm.Page;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.Renames;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.gateway.tags.TagLists;
import io.crmux.store.Alias;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.ChangeWords;
import io.crmux.store.Identity;
import io.crmux.store.NewChange;
import io.crmux.store.Progress;
import io.crmux.store.Replay;
import io.crmux.store.Store;
import io.crmux.store.StoreException;
import io.crmux.store.StoredChange;
import io.crmux.store.SupersededException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is kept to be looked at: dead letters, which may be replayed or given up, and staged writes. Touched only on the connection's loop. */
final class DeadLetters {

    /** So many dead changes are replayed in one transaction. */
    private static final int PAGE = 500;

    private static final int MOST_TRIES = 20;

    private final Loop loop;
    private final Store store;
    private final Fates fates;
    private final Writes writes;
    private final TagLists tagLists;
    private final FieldMap fieldMap;
    private final Renames renames;
    private final Function<Address, @Nullable String> knownId;
    private final OperationIds operations = new OperationIds();
    private final String connection;

    /** @param knownId the id that an address is known to have; null when none is */
    DeadLetters(
            Loop loop,
            Store store,
            Fates fates,
            Writes writes,
            TagLists tagLists,
            FieldMap fieldMap,
            Renames renames,
            Function<Address, @Nullable String> knownId,
            String connection) {
        this.loop = loop;
        this.store = store;
        this.fates = fates;
        this.writes = writes;
        this.tagLists = tagLists;
        this.fieldMap = fieldMap;
        this.renames = renames;
        this.knownId = knownId;
        this.connection = connection;
    }

    // ---- looking

    /** A page of what is in a state, by operation, oldest first. */
    Future<Page<Recorded>> list(ChangeState state, @Nullable ContactRef contact, @Nullable String cursor, int limit) {
        long after = after(cursor);
        return identity(contact)
                .compose(whose -> read(store.list(connection, state, whose.orElse(null), after, limit + 1)))
                .map(rows -> page(rows, limit));
    }

    /** Empty for all contacts. */
    private Future<Optional<Identity>> identity(@Nullable ContactRef contact) {
        return contact == null
                ? Future.succeededFuture(Optional.empty())
                : whose(contact).map(whose -> Optional.of(whose.identity()));
    }

    private static long after(@Nullable String cursor) {
        try {
            return cursor == null ? 0 : Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw Refusal.of(
                    Refusal.Reason.MALFORMED, CrmException.malformedCursor().words());
        }
    }

    /** One row more than a page holds was read: an operation whose changes go on behind it waits for the next page, if it is not the only one. */
    private static List<StoredChange> whole(List<StoredChange> rows, int limit) {
        if (rows.size() <= limit) {
            return rows;
        }
        UUID cut = operation(rows.get(limit));
        List<StoredChange> whole = rows.subList(0, limit).stream()
                .filter(row -> !operation(row).equals(cut))
                .toList();
        return whole.isEmpty() ? rows.subList(0, limit) : whole;
    }

    private Page<Recorded> page(List<StoredChange> rows, int limit) {
        List<StoredChange> shown = whole(rows, limit);
        List<Recorded> recorded =
                byOperation(shown).values().stream().map(this::recorded).toList();
        return new Page<>(
                recorded,
                rows.size() > limit
                        ? Long.toString(shown.get(shown.size() - 1).change().seq())
                        : null);
    }

    /** One dead letter. */
    Future<Recorded> letter(String operation) {
        return dead(operation).map(this::recorded);
    }

    private Recorded recorded(List<StoredChange> rows) {
        List<Layer> layers = rows.stream()
                .map(row -> new Layer(row.change(), row.progress()))
                .toList();
        return new Recorded(
                fates.of(layers),
                layers.stream().map(layer -> ChangeWords.of(layer.body())).toList());
    }

    private Future<List<StoredChange>> dead(String operation) {
        return Fates.parse(operation)
                .compose(id -> read(store.operation(connection, id)))
                .compose(rows -> {
                    List<StoredChange> dead = rows.stream()
                            .filter(row -> row.progress().state() == ChangeState.DEAD)
                            .toList();
                    return dead.isEmpty() ? Fates.notFound() : Future.succeededFuture(dead);
                });
    }

    // ---- giving up

    Future<Void> discard(String operation) {
        return dead(operation).compose(rows -> {
            List<Progress> discarded =
                    rows.stream().map(row -> discarded(row, null)).toList();
            Replay nothing = new Replay(List.of(), discarded, new Identity(Set.of(), Set.of()), Long.MAX_VALUE);
            return writes.replay(nothing)
                    .onSuccess(done -> writes.deadLettersEnded(rows.size()))
                    .recover(failure ->
                            failure instanceof SupersededException ? Fates.notFound() : Future.failedFuture(failure))
                    .mapEmpty();
        });
    }

    private Progress discarded(StoredChange row, @Nullable UUID replayedAs) {
        Progress dead = row.progress();
        return new Progress(
                dead.seq(),
                ChangeState.DISCARDED,
                dead.attempts(),
                loop.millis(),
                null,
                dead.problem(),
                replayedAs == null ? null : new JsonObject().put("replayed_as", replayedAs.toString()),
                true);
    }

    // ---- replaying

    Future<Replayed> replay(String operation) {
        return dead(operation).compose(rows -> replay(rows, 1)).map(done -> done.get(0));
    }

    /**
     * Replays all that match and are there now, page by page: what was replayed is dead no more. What dies again meanwhile is not replayed again, or
     * this would not end while the CRM refuses.
     */
    Future<ReplayCount> replay(DeadFilter filter) {
        Identity nobody = new Identity(Set.of(), Set.of());
        return identity(filter.contact())
                .compose(whose -> read(store.later(connection, nobody, Long.MAX_VALUE))
                        .compose(
                                now -> replay(filter, whose.orElse(null), 0, now.lookedUpTo(), new ReplayCount(0, 0))));
    }

    private Future<ReplayCount> replay(
            DeadFilter filter, @Nullable Identity whose, long after, long upTo, ReplayCount soFar) {
        return read(store.list(connection, ChangeState.DEAD, whose, after, PAGE + 1))
                .compose(read -> {
                    List<StoredChange> rows = whole(read, PAGE).stream()
                            .filter(row -> row.change().seq() <= upTo)
                            .toList();
                    if (rows.isEmpty()) {
                        return Future.succeededFuture(soFar);
                    }
                    List<StoredChange> matching =
                            rows.stream().filter(row -> matches(row, filter)).toList();
                    long last = rows.get(rows.size() - 1).change().seq();
                    Future<List<Replayed>> page =
                            matching.isEmpty() ? Future.succeededFuture(List.of()) : replay(matching, 1);
                    return page.compose(done -> replay(filter, whose, last, upTo, soFar.plus(done)));
                });
    }

    private static boolean matches(StoredChange row, DeadFilter filter) {
        JsonObject problem = row.progress().problem();
        return filter.type() == null || (problem != null && filter.type().equals(problem.getString("type")));
    }

    private Future<List<Replayed>> replay(List<StoredChange> dead, int attempt) {
        return whose(dead).compose(whose -> replay(dead, whose, attempt));
    }

    private Future<List<Replayed>> replay(List<StoredChange> dead, Whose whose, int attempt) {
        long first = dead.get(0).change().seq();
        return read(store.later(connection, whose.identity(), first)).compose(later -> {
            List<Progress> discarded = new ArrayList<>();
            List<NewChange> anew = new ArrayList<>();
            List<Replayed> told = new ArrayList<>();
            for (List<StoredChange> letter : byOperation(dead).values()) {
                Leftovers.Left left = left(letter, later.changes(), whose);
                UUID operation = left.bodies().isEmpty() ? null : operations.next(loop.millis());
                letter.forEach(row -> discarded.add(discarded(row, operation)));
                if (operation != null) {
                    left.bodies().forEach(body -> anew.add(anew(letter.get(0), operation, body)));
                }
                told.add(new Replayed(operation == null ? null : operation.toString(), left.skipped()));
            }
            Replay replay = new Replay(anew, discarded, whose.identity(), later.lookedUpTo());
            return writes.replay(replay)
                    .onSuccess(done -> writes.deadLettersEnded(discarded.size()))
                    .map(done -> told)
                    .recover(failure -> again(failure, dead, attempt));
        });
    }

    /** Changes were accepted meanwhile, or one of the letters is dead no more: look again. */
    private Future<List<Replayed>> again(Throwable failure, List<StoredChange> dead, int attempt) {
        if (!(failure instanceof SupersededException) || attempt == MOST_TRIES) {
            return Future.failedFuture(
                    failure instanceof StoreException
                            ? Refusal.storeUnavailable("the dead letter's contact changes all the time")
                            : failure);
        }
        List<Future<List<StoredChange>>> present = dead.stream()
                .map(DeadLetters::operation)
                .distinct()
                .map(operation -> dead(operation.toString()))
                .toList();
        return Future.all(present)
                .compose(read -> replay(
                        present.stream().flatMap(rows -> rows.result().stream()).toList(), attempt + 1));
    }

    private Leftovers.Left left(List<StoredChange> letter, List<StoredChange> later, Whose whose) {
        long first = letter.get(0).change().seq();
        Set<String> keys = keys(letter.get(0).change().accepted(), whose);
        List<ChangeBody> since = later.stream()
                .filter(row -> row.change().seq() > first && !operation(row).equals(operation(letter.get(0))))
                .filter(row -> row.progress().state() != ChangeState.STAGED && !isGivenUp(row))
                .filter(row -> keys(row.change().accepted(), whose).stream().anyMatch(keys::contains))
                .map(row -> row.change().accepted().body())
                .toList();
        return Leftovers.of(
                letter.stream().map(row -> row.change().accepted().body()).toList(), since, tagLists.book(), fieldMap);
    }

    /** What an operator has discarded says nothing any more; what was replayed still does. */
    private static boolean isGivenUp(StoredChange row) {
        return row.progress().state() == ChangeState.DISCARDED && row.progress().result() == null;
    }

    private NewChange anew(StoredChange dead, UUID operation, ChangeBody body) {
        NewChange was = dead.change().accepted();
        String id = was.contactId();
        return new NewChange(
                operation,
                connection,
                id == null ? null : renames.present(id),
                was.email(),
                body,
                was.origin(),
                loop.millis());
    }

    // ---- whose it is

    /**
     * By what changes of some contacts may have been accepted.
     *
     * @param idByEmail the present id of the contact of an address, normalised
     */
    private record Whose(Identity identity, Map<String, String> idByEmail) {}

    private Future<Whose> whose(ContactRef contact) {
        return contact instanceof ContactRef.ById byId
                ? whose(Set.of(byId.id()), Set.of())
                : whose(Set.of(), Set.of(((ContactRef.ByEmail) contact).address()));
    }

    private Future<Whose> whose(List<StoredChange> rows) {
        Set<String> ids = new HashSet<>();
        Set<Address> addresses = new HashSet<>();
        for (StoredChange row : rows) {
            NewChange accepted = row.change().accepted();
            Stream.ofNullable(accepted.contactId()).forEach(ids::add);
            Stream.ofNullable(address(accepted)).forEach(addresses::add);
        }
        return whose(ids, addresses);
    }

    /** With everything that the store and memory know of these contacts. */
    private Future<Whose> whose(Set<String> someIds, Set<Address> someAddresses) {
        Set<String> ids = new HashSet<>();
        Map<String, String> idByEmail = new HashMap<>();
        Set<String> emails = new HashSet<>();
        someIds.forEach(id -> ids.addAll(renames.all(id)));
        for (Address address : someAddresses) {
            emails.add(address.key());
            String id = knownId.apply(address);
            if (id != null) {
                idByEmail.put(address.key(), id);
                ids.addAll(renames.all(id));
            }
        }
        return read(store.aliases(connection, new Identity(ids, emails))).map(aliases -> {
            for (Alias alias : aliases) {
                ids.addAll(renames.all(alias.contactId()));
                emails.add(alias.emailKey());
                idByEmail.putIfAbsent(alias.emailKey(), renames.present(alias.contactId()));
            }
            return new Whose(new Identity(ids, emails), idByEmail);
        });
    }

    /** Two changes that share one of these are of one contact. */
    private Set<String> keys(NewChange change, Whose whose) {
        Set<String> keys = new HashSet<>();
        Address address = address(change);
        String id = change.contactId();
        if (id == null && address != null) {
            id = whose.idByEmail().get(address.key());
        }
        if (id != null) {
            keys.add("id " + renames.present(id));
        }
        if (address != null) {
            keys.add(address.key());
        }
        return keys;
    }

    private static @Nullable Address address(NewChange change) {
        String email = change.email();
        return email == null ? null : Address.parse(email).orElse(null);
    }

    private static UUID operation(StoredChange row) {
        return row.change().accepted().operation();
    }

    private static Map<UUID, List<StoredChange>> byOperation(Collection<StoredChange> rows) {
        Map<UUID, List<StoredChange>> letters = new LinkedHashMap<>();
        rows.forEach(row -> letters.computeIfAbsent(operation(row), first -> new ArrayList<>())
                .add(row));
        return letters;
    }

    private <T> Future<T> read(Future<T> reading) {
        return loop.bring(reading)
                .recover(failure ->
                        Future.failedFuture(Refusal.storeUnavailable("the store cannot be read at the moment")));
    }
}
