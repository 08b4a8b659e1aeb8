package io.crmux.gateway.tags;

import io.crmux.crm.Call;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Trace;
import io.crmux.gateway.ConnectionOptions;
import io.crmux.gateway.Freshness;
import io.crmux.gateway.load.Ages;
import io.crmux.gateway.load.Entry;
import io.crmux.gateway.load.Read;
import io.crmux.gateway.load.ReadThrough;
import io.crmux.gateway.load.SingleCell;
import io.crmux.gateway.load.Whole;
import io.crmux.store.Store;
import io.crmux.store.TagList;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection's tag list: loaded when it is first needed, kept in the store, so that a restart needs no call, and joined by every tag that crmux
 * creates. {@link #book} may be called on any thread, everything else on the connection's loop.
 */
public final class TagLists {

    /** How old the list may be when it is the reason for a refusal, in milliseconds. */
    public static final long RECENT_MILLIS = 10_000;

    private static final long CREATION_MILLIS = 30_000;

    private final Loop loop;
    private final Crm crm;
    private final Store store;
    private final String connection;
    private final SingleCell<TagBook> cell = new SingleCell<>();
    private final ReadThrough<Whole, TagBook> lists;
    private final Map<String, Future<Tag>> creations = new HashMap<>();
    private final Runnable whenChanged;
    private volatile TagBook book;

    /** @param whenChanged told when the list is another one */
    public TagLists(
            Loop loop, Ages ages, Crm crm, Store store, String connection, Metrics metrics, Runnable whenChanged) {
        this.loop = loop;
        this.crm = crm;
        this.store = store;
        this.connection = connection;
        this.whenChanged = whenChanged;
        this.book = TagBook.of(List.of(), crm.traits());
        this.lists = new ReadThrough<>(
                loop,
                ages,
                cell,
                Operation.SYNC_TAGS,
                (whole, call) -> load(call),
                ended -> {},
                metrics,
                connection,
                ConnectionOptions.DEFAULT_WAITING);
    }

    /** The list as far as it is known; empty while nothing is. */
    public TagBook book() {
        return book;
    }

    /** Whether a list is known at all. */
    public boolean isKnown() {
        return cell.get(Whole.LIST) != null;
    }

    /** The list, as fresh as is asked for. */
    public Future<Read<TagBook>> read(Freshness asked, Lane lane, Trace trace) {
        return lists.read(Whole.LIST, asked, lane, trace);
    }

    /** The list, loaded anew unless it is recent. Fails when the CRM does. */
    public Future<TagBook> recent(Lane lane, Trace trace) {
        Freshness recent = new Freshness(RECENT_MILLIS, 0, false, false);
        return lists.read(Whole.LIST, recent, lane, trace).map(read -> book);
    }

    /** Takes the list over that was kept in the store. */
    public void recovered(TagList kept) {
        publish(TagBook.of(kept.tags(), crm.traits()), kept.loaded());
    }

    /** Forgets how old the list is: the next read loads it. What its words mean stays known. */
    public void purge() {
        cell.drop(Whole.LIST);
    }

    /** A tag came into being: it joins the list at once. Where its name means what it meant before, nothing that is visible changes. */
    public void join(Tag tag) {
        assert loop.isHere();
        Entry<TagBook> entry = cell.get(Whole.LIST);
        TagBook before = book;
        book = before.plus(tag);
        if (entry != null) {
            cell.put(Whole.LIST, Entry.loaded(book, entry.loadedAt()));
            keep(book, entry.loadedAt());
        }
        if (!before.show(tag.name()).equals(book.show(tag.name()))
                || !before.key(tag.name()).equals(book.key(tag.name()))) {
            whenChanged.run();
        }
    }

    /** Creates a tag by a call of its own: once, however many want it; one that is there already is found. */
    public Future<Tag> create(String name, Lane lane, Trace trace) {
        assert loop.isHere();
        String key = book.key(name);
        Future<Tag> underWay = creations.get(key);
        if (underWay != null) {
            return underWay;
        }
        if (!(crm instanceof TagCreation creation)) {
            return Future.failedFuture(CrmException.unsupported(Operation.ADD_TAG));
        }
        Call call = new Call(lane, Deadline.in(loop, CREATION_MILLIS), Operation.ADD_TAG, trace);
        Future<Tag> creating = Future.succeededFuture().compose(now -> creation.addTag(call, name));
        Future<Tag> created =
                loop.bring(creating).onSuccess(this::join).recover(failure -> existing(name, failure, lane, trace));
        creations.put(key, created);
        created.onComplete(result -> creations.remove(key));
        return created;
    }

    private Future<Tag> existing(String name, Throwable failure, Lane lane, Trace trace) {
        if (CrmException.of(failure).kind() != CrmException.Kind.DUPLICATE) {
            return Future.failedFuture(failure);
        }
        return lists.read(Whole.LIST, new Freshness(0, 0, true, false), lane, trace)
                .compose(read -> {
                    Tag found = book.named(name);
                    return found == null ? Future.failedFuture(failure) : Future.succeededFuture(found);
                });
    }

    private Future<Entry<TagBook>> load(Call call) {
        long began = loop.millis();
        return loop.bring(crm.syncTags(call)).map(tags -> {
            TagBook loaded = TagBook.of(tags, crm.traits());
            keep(loaded, began);
            return publish(loaded, began);
        });
    }

    private Entry<TagBook> publish(TagBook loaded, long began) {
        assert loop.isHere();
        Entry<TagBook> entry = Entry.loaded(loaded, began);
        cell.put(Whole.LIST, entry);
        book = loaded;
        whenChanged.run();
        return entry;
    }

    /** What could not be kept is loaded again after a restart: no reason to fail anything. */
    private void keep(@Nullable TagBook list, long loaded) {
        if (list != null) {
            store.keepTagList(connection, new TagList(list.tags(), loaded)).otherwiseEmpty();
        }
    }
}
