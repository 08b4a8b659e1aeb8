package io.crmux.gateway.contact;

import io.crmux.gateway.Address;
import io.crmux.gateway.tags.TagBook;
import io.crmux.store.ChangeBody;
import io.crmux.store.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A contact with changes that are not settled: its overlay and its queue. Touched only on its connection's loop.
 *
 * <p>The overlay has two parts. What is delivered lies below, in order of delivery: it is laid only over loads that may not have seen it. What waits
 * lies above, in order of acceptance. A layer moves from the upper part to the lower when it is delivered, so that the order is always the one in
 * which the CRM sees the changes.
 */
public final class ContactState {

    /** Not due at all. */
    public static final long NEVER = Long.MAX_VALUE;

    private @Nullable String id;
    private @Nullable String writtenAddress;
    private LayerList delivered = LayerList.None.NONE;
    private LayerList waiting = LayerList.None.NONE;
    /** How many creations wait: where no deletion does, nobody needs to look which of them is the last. */
    private int creations;

    private Incidents incidents = Incidents.NONE;
    private byte busy;
    private long notBefore;
    private int failures;
    private boolean lookFirst;
    private long dueAt = NEVER;
    private long dueTurn;
    private int duePlace;

    ContactState() {}

    private Incidents ownIncidents() {
        if (incidents == Incidents.NONE) {
            incidents = new Incidents();
        }
        return incidents;
    }

    /** Its id; null while the CRM has given none or it was not looked up. */
    public @Nullable String id() {
        return id;
    }

    void id(@Nullable String known) {
        id = known;
    }

    /** The id that it had before its deletion, as long as the deletion is not settled; null otherwise. */
    public @Nullable String formerId() {
        return incidents.formerId;
    }

    void formerId(@Nullable String deleted) {
        ownIncidents().formerId = deleted;
    }

    /** The id under which the CRM did not find it; null when it was not lost, or is found again. */
    public @Nullable String lostId() {
        return incidents.lostId;
    }

    void lostId(@Nullable String unknown) {
        ownIncidents().lostId = unknown;
    }

    /** The state that this contact has now: another one, when it was joined to it. */
    public ContactState current() {
        return incidents.joined == null ? this : incidents.joined.current();
    }

    /** When it is to be delivered (milliseconds since 1970), which turn it has among those due at once, and its place. For the agenda alone. */
    public long dueAt() {
        return dueAt;
    }

    public long dueTurn() {
        return dueTurn;
    }

    public void due(long at, long turn) {
        dueAt = at;
        dueTurn = turn;
    }

    public int duePlace() {
        return duePlace;
    }

    public void duePlace(int place) {
        duePlace = place;
    }

    /** Its address as it was last written; null when none is known. */
    public @Nullable Address address() {
        return writtenAddress == null ? null : new Address(writtenAddress);
    }

    /** Whether its address is known. */
    public boolean hasAddress() {
        return writtenAddress != null;
    }

    void address(Address known) {
        if (writtenAddress == null && incidents.emails == null) {
            writtenAddress = known.written();
            return;
        }
        List<String> keys = with(emails(), List.of(known.key()));
        writtenAddress = known.written();
        emails(keys);
    }

    void withoutAddress() {
        List<String> keys = emails();
        writtenAddress = null;
        emails(keys);
    }

    /** Whether this id, if any, and this address as it is written, if any, tell nothing new of it. */
    boolean isKnownBy(@Nullable String known, @Nullable Address address) {
        return (known == null || id != null || known.equals(lostId()))
                && (address == null || address.written().equals(writtenAddress));
    }

    /** Is known by something else than its address: no address looks like that. */
    void key(String key) {
        emails(with(emails(), List.of(key)));
    }

    /** Whether this one is known to be each contact elsewhere that the other one is known to be: then nothing says that they are two. */
    public boolean isWhoever(ContactState other) {
        return emails().containsAll(
                        other.emails().stream().filter(Contacts::isOrigin).toList());
    }

    /** Whether it is known who it is where changes come from. */
    public boolean isFrom(String connection) {
        return emails().stream().anyMatch(key -> key.startsWith(connection + " "));
    }

    /** Whether it is not known to be another contact elsewhere than that. */
    public boolean mayBe(Origin origin) {
        return !isFrom(origin.connection()) || emails().contains(Contacts.key(origin));
    }

    /** The keys of all addresses under which it is known. */
    List<String> emails() {
        Address address = address();
        return incidents.emails != null ? incidents.emails : address == null ? List.of() : List.of(address.key());
    }

    void forgetEmail(String key) {
        emails(emails().stream().filter(email -> !email.equals(key)).toList());
    }

    private void emails(List<String> keys) {
        if (!keys.equals(emails())) {
            ownIncidents().emails = keys;
        }
    }

    private static List<String> with(List<String> keys, List<String> more) {
        return keys.containsAll(more)
                ? keys
                : Stream.concat(keys.stream(), more.stream()).distinct().toList();
    }

    /** What waits for delivery or is under way, in order of acceptance. */
    public List<Layer> waiting() {
        waiting = waiting.whole();
        return waiting.list();
    }

    /** What is delivered and not settled, in order of delivery. */
    public List<Layer> delivered() {
        return delivered.list();
    }

    /** Whether a batch of it, or a look-up for one, is under way: nothing else of it is sent meanwhile. */
    public boolean isBusy() {
        return busy > 0;
    }

    public void busy(boolean begins) {
        busy += (byte) (begins ? 1 : -1);
    }

    /** Before this time (milliseconds since 1970) nothing of it is sent. */
    public long notBefore() {
        return notBefore;
    }

    public void notBefore(long millis) {
        notBefore = millis;
    }

    /** How often in a row its delivery has failed for now. */
    public int failures() {
        return failures;
    }

    public void failures(int inARow) {
        failures = inARow;
    }

    /** Whether its creation may have been done already: it is looked up before it is created again. */
    public boolean isLookedUpFirst() {
        return lookFirst;
    }

    public void lookedUpFirst(boolean first) {
        lookFirst = first;
    }

    /** Whether its id was not found since its last delivery: its address was looked up then, so that the id which it has now is no older one. */
    public boolean wasLost() {
        return incidents.wasLost;
    }

    public void wasLost(boolean lost) {
        if (lost != incidents.wasLost) {
            ownIncidents().wasLost = lost;
        }
    }

    /** Until then (milliseconds since 1970) the CRM may not show whether its creation was done. */
    public long hiddenUntil() {
        return incidents.hiddenUntil;
    }

    /** Its creation may have been done, and the CRM shows it at that time at the latest. */
    public void hiddenUntil(long millis) {
        lookFirst = true;
        ownIncidents().hiddenUntil = millis;
    }

    /** Up to this change, each goes alone, to find the one that the CRM refuses. */
    public long aloneUpTo() {
        return incidents.aloneUpTo;
    }

    public void aloneUpTo(long seq) {
        ownIncidents().aloneUpTo = seq;
    }

    /** Whether somebody waits for the fate of a change that waits: then it is not kept waiting for company, and nor is what goes before it. */
    public boolean isUrgent() {
        return incidents.urgentUpTo > 0
                && !waiting().isEmpty()
                && waiting().get(0).seq() <= incidents.urgentUpTo;
    }

    /** Somebody waits for the fate of this change. */
    public void urgentUpTo(long seq) {
        ownIncidents().urgentUpTo = Math.max(incidents.urgentUpTo, seq);
    }

    /** Whether more than one batch of it is under way: two contacts have turned out to be one meanwhile. */
    public boolean isBusyTwice() {
        return busy > 1;
    }

    /** Whether nothing is left of it. */
    boolean isIdle() {
        return waiting().isEmpty() && delivered().isEmpty() && busy == 0;
    }

    /** Lays a change on top, or under those that were accepted after it. */
    public void await(Layer layer) {
        Layer last = waiting.last();
        boolean inOrder = last == null || last.seq() < layer.seq();
        waiting = waiting.with(layer);
        counts(layer, 1);
        if (!inOrder) {
            waiting = sorted(waiting().stream(), Layer::seq);
        }
    }

    /** Lays a deferred change on top, which was accepted after all that is there. */
    public void await(Backlog backlog, int index, boolean isCreation) {
        waiting = new LayerList.Deferred(waiting, backlog, index);
        creations += isCreation ? 1 : 0;
    }

    /** Moves a layer down: the CRM has it now. */
    public void deliver(Layer layer, long now) {
        waiting = waiting.without(layer);
        counts(layer, -1);
        layer.delivered(now);
        delivered = delivered.with(layer);
    }

    /** Lays a change below that was delivered before the process ended. */
    public void recover(Layer layer) {
        delivered = delivered.with(layer);
    }

    /** Lets go of a waiting change: the CRM will never take it, or it is another contact's. */
    public void refuse(Layer layer) {
        waiting = waiting.without(layer);
        counts(layer, -1);
    }

    /**
     * Lets go of delivered changes.
     *
     * @return those that it has let go of
     */
    public List<Layer> settle(Predicate<Layer> isSettled) {
        List<Layer> settled = delivered().stream().filter(isSettled).toList();
        delivered = LayerList.of(delivered().stream().filter(isSettled.negate()).toList());
        return settled;
    }

    private void counts(Layer layer, int change) {
        creations += layer.body() instanceof ChangeBody.Create ? change : 0;
        if (layer.body() instanceof ChangeBody.Delete) {
            ownIncidents().deletions += change;
        }
    }

    /** Whether its creation is accepted and not delivered yet, and no deletion follows. */
    public boolean isCreationPending() {
        return creations > 0 && (incidents.deletions == 0 || lastMilestone() instanceof ChangeBody.Create);
    }

    /** Whether its deletion is accepted and nothing creates it afterwards. */
    public boolean isDeletionPending() {
        return incidents.deletions > 0 && (creations == 0 || lastMilestone() instanceof ChangeBody.Delete);
    }

    /** The last creation or deletion that waits; null when none does. */
    private @Nullable ChangeBody lastMilestone() {
        ChangeBody last = null;
        for (Layer layer : waiting()) {
            ChangeBody body = layer.body();
            last = body instanceof ChangeBody.Create || body instanceof ChangeBody.Delete ? body : last;
        }
        return last;
    }

    /**
     * Lays what is delivered on the tags of the contact with this id.
     *
     * @param told what a load brought; null when the CRM has no such contact
     * @param began when that load began
     * @param settling how long the CRM may go on showing the state before a write
     * @return what the CRM will show; null when no such contact is
     */
    @Nullable
    TagSet layDelivered(String ofId, @Nullable TagSet told, long began, long settling, TagBook book) {
        TagSet known = told;
        for (Layer layer : delivered.list()) {
            if (mayHaveMissed(layer, began, settling)) {
                known = layDelivered(ofId, layer, known, book);
            }
        }
        return known;
    }

    /** Lays one delivered change on tags; null stands for no such contact. */
    @Nullable
    TagSet layDelivered(String ofId, Layer layer, @Nullable TagSet below, TagBook book) {
        if (layer.body() instanceof ChangeBody.Create && below == null) {
            return ofId.equals(id) ? TagSet.EMPTY : null;
        }
        if (layer.body() instanceof ChangeBody.Delete) {
            return null;
        }
        return layTags(layer, below, book);
    }

    /** Lays what waits on what the CRM has: a deleted contact comes back under another id, if at all. */
    @Nullable
    TagSet layWaiting(@Nullable TagSet known, TagBook book) {
        TagSet visible = known;
        for (Layer layer : waiting()) {
            visible = layer.body() instanceof ChangeBody.Delete ? null : layTags(layer, visible, book);
        }
        return visible;
    }

    /** The tags that a contact will have which the CRM does not have yet. */
    public TagSet tagsOfCreation(TagBook book) {
        TagSet visible = TagSet.EMPTY;
        for (Layer layer : waiting()) {
            TagSet laid = layer.body() instanceof ChangeBody.Delete ? TagSet.EMPTY : layTags(layer, visible, book);
            visible = laid == null ? TagSet.EMPTY : laid;
        }
        return visible;
    }

    private static @Nullable TagSet layTags(Layer layer, @Nullable TagSet below, TagBook book) {
        return layer.body() instanceof ChangeBody.Tags tags && below != null
                ? below.with(tags.apply().stream().map(book::show).toList(), tags.remove(), book::key)
                : below;
    }

    /**
     * Lays the overlay on the answer of a look-up of its address.
     *
     * @param found null when the CRM knows nobody of that address
     */
    public @Nullable String layId(@Nullable String found, long began, long settling) {
        String visible = layDeliveredId(found, began, settling);
        for (Layer layer : waiting()) {
            if (layer.body() instanceof ChangeBody.Delete) {
                visible = null;
            }
        }
        return visible;
    }

    /** The same of what is delivered alone: whose address it is in the CRM, for which a deletion that waits changes nothing. */
    @Nullable
    String layDeliveredId(@Nullable String found, long began, long settling) {
        String known = found;
        for (Layer layer : delivered.list()) {
            if (mayHaveMissed(layer, began, settling)) {
                known = layId(layer, known);
            }
        }
        return known;
    }

    private @Nullable String layId(Layer layer, @Nullable String below) {
        if (layer.body() instanceof ChangeBody.Create) {
            return below == null ? id : below;
        }
        return layer.body() instanceof ChangeBody.Delete ? null : below;
    }

    /** The changes that must be laid over a load which began then, lowest first. */
    public List<Layer> over(long began, long settling) {
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : delivered.list()) {
            if (mayHaveMissed(layer, began, settling)) {
                layers.add(layer);
            }
        }
        layers.addAll(waiting());
        return layers;
    }

    /** Whether an answer to what was asked then may not have seen a delivered change of such a kind. */
    public boolean mayHaveMissed(Predicate<Layer> kind, long began, long settling) {
        return delivered().stream().anyMatch(layer -> kind.test(layer) && mayHaveMissed(layer, began, settling));
    }

    private static boolean mayHaveMissed(Layer layer, long began, long settling) {
        return began <= layer.since() + settling;
    }

    /** Takes over everything of another state of the same contact. */
    void absorb(ContactState other) {
        List<String> keys = with(emails(), other.emails());
        if (writtenAddress == null) {
            writtenAddress = other.writtenAddress;
        }
        emails(keys);
        if (id == null) {
            id = other.id;
        }
        delivered = sorted(Stream.concat(delivered().stream(), other.delivered().stream()), Layer::since);
        waiting = sorted(Stream.concat(waiting().stream(), other.waiting().stream()), Layer::seq);
        creations += other.creations;
        busy += other.busy;
        notBefore = Math.max(notBefore, other.notBefore);
        failures = Math.max(failures, other.failures);
        lookFirst |= other.lookFirst;
        if (other.incidents != Incidents.NONE) {
            ownIncidents().absorb(other.incidents);
        }
        other.ownIncidents().joined = this;
    }

    private static LayerList sorted(Stream<Layer> layers, ToLongFunction<Layer> by) {
        return LayerList.of(layers.sorted(Comparator.comparingLong(by)).toList());
    }
}
