package io.crmux.gateway;

import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.FairQueue;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups of addresses: many in one call, where the CRM has such a call. Lives on the connection's loop.
 *
 * <p>While a place is free, a look-up goes out with those that are asked for in the same turn of the loop, and so without a wait. While as many calls are
 * under way as may be, addresses wait, and go out together when one of them has ended: the longer the wait, the fewer the calls. The most urgent go first,
 * and have places of their own: a call that waits for its turn in a less urgent lane holds up nobody who is in a greater hurry.
 *
 * <p>What the CRM refuses together is halved until only the culprit is refused. Where the CRM fails as a whole, all of a call have failed.
 */
final class LookUps {

    private final Loop loop;
    private final Crm crm;
    private final @Nullable BulkLookUp bulk;
    private final int places;
    private final Metrics metrics;
    private final String connection;
    private final Map<Lane, FairQueue<LookUp>> waiting = new EnumMap<>(Lane.class);
    private final Set<Call> underWay = new HashSet<>();
    private boolean beginsSoon;

    /**
     * The look-ups of one connection.
     *
     * @param places fewer calls that are as urgent or more are under way when another one begins; fewer than twice as many when it is its key's only one
     */
    LookUps(Loop loop, Crm crm, int places, Metrics metrics, String connection) {
        this.loop = loop;
        this.crm = crm;
        this.bulk = crm instanceof BulkLookUp able ? able : null;
        this.places = places;
        this.metrics = metrics;
        this.connection = connection;
    }

    /**
     * What the CRM knows of an address.
     *
     * @param id null when nobody has the address
     * @param began when the call began that has told it, milliseconds since 1970
     */
    record Found(@Nullable String id, long began) {}

    /** Looks an address up; the future completes on the loop. No two of one address may be under way at once. */
    Future<Found> find(Address address, Call call) {
        assert loop.isHere();
        LookUp lookUp = new LookUp(address.written(), call);
        if (bulk == null) {
            send(List.of(lookUp));
        } else {
            enqueue(lookUp);
        }
        return lookUp.found.future();
    }

    /** Puts a look-up last in the lane that its call has now, and again when that changes. */
    private void enqueue(LookUp lookUp) {
        waiting.values().forEach(lane -> lane.remove(lookUp));
        waiting.computeIfAbsent(lookUp.call.lane(), absent -> new FairQueue<>(LookUp::call))
                .add(lookUp);
        lookUp.call.whenRaised(to -> enqueue(lookUp));
        if (!beginsSoon) {
            beginsSoon = true;
            loop.later(() -> {
                beginsSoon = false;
                begin();
            });
        }
    }

    /** Fills the free places. */
    private void begin() {
        for (LookUp next = next(); next != null; next = next()) {
            send(take(next)).onComplete(ended -> begin());
        }
    }

    /** Whose turn it is of those that have a place; null when there is none. */
    private @Nullable LookUp next() {
        return waiting.values().stream()
                .flatMap(FairQueue::heads)
                .filter(this::hasPlace)
                .findFirst()
                .orElse(null);
    }

    private boolean hasPlace(LookUp lookUp) {
        List<Call> asUrgent = underWay.stream()
                .filter(call -> call.lane().compareTo(lookUp.call.lane()) <= 0)
                .toList();
        return asUrgent.size() < places
                || (asUrgent.size() < 2 * places
                        && asUrgent.stream()
                                .noneMatch(call -> call.trace()
                                        .key()
                                        .equals(lookUp.call.trace().key())));
    }

    /** With the first one, the most urgent; but the first of each lane goes along, so that none starves. */
    private List<LookUp> take(LookUp first) {
        int most = bulk == null ? 1 : bulk.mostAddresses();
        List<LookUp> taken = new ArrayList<>();
        taken.add(first);
        waiting.forEach((lane, queue) -> {
            if (!queue.take(first)) {
                move(queue, taken, Math.min(most, taken.size() + 1));
            }
        });
        waiting.values().forEach(queue -> move(queue, taken, most));
        return taken;
    }

    /** Moves those of a lane whose turn it is, until so many are taken. */
    private static void move(FairQueue<LookUp> queue, List<LookUp> taken, int until) {
        for (LookUp head = queue.head(); head != null && taken.size() < until; head = queue.head()) {
            queue.take(head);
            taken.add(head);
        }
    }

    /** One call for all of them, or more where it is refused. Never fails: each look-up has its own outcome. */
    private Future<Void> send(List<LookUp> some) {
        Call call = some.size() == 1 ? some.get(0).call : together(some);
        some.forEach(each -> each.call.whenRaised(some.size() == 1 ? null : call::raise));
        underWay.add(call);
        long began = loop.millis();
        return loop.bring(Future.succeededFuture().compose(now -> ask(call, some)))
                .transform(answer -> {
                    underWay.remove(call);
                    if (answer.failed() && some.size() > 1 && !isOfTheCrm(answer.cause())) {
                        int half = some.size() / 2;
                        return send(some.subList(0, half)).compose(sent -> send(some.subList(half, some.size())));
                    }
                    if (answer.failed()) {
                        some.forEach(each -> each.found.fail(answer.cause()));
                    } else {
                        metrics.batched(connection, Operation.GET_CONTACT_ID.toString(), some.size() - 1);
                        some.forEach(each -> each.found.complete(found(answer.result(), each, began)));
                    }
                    return Future.succeededFuture();
                });
    }

    /** By address; those that nobody has are left out. */
    private Future<Map<String, Contact>> ask(Call call, List<LookUp> some) {
        if (bulk != null && some.size() > 1) {
            return bulk.getContactIds(call, some.stream().map(LookUp::email).toList());
        }
        String email = some.get(0).email;
        return crm.getContactId(call, email)
                .map(found -> found.map(contact -> Map.of(email, contact)).orElse(Map.of()));
    }

    private static Found found(Map<String, Contact> answer, LookUp lookUp, long began) {
        Contact contact = answer.get(lookUp.email);
        return new Found(contact == null ? null : contact.id(), began);
    }

    /** Whether the CRM's state is to blame, and no address. */
    private static boolean isOfTheCrm(Throwable failure) {
        return failure instanceof CrmException crmFailure && crmFailure.kind().retry();
    }

    /** As urgent as the most urgent of them, and of use as long as any. */
    private static Call together(List<LookUp> some) {
        Call first = some.get(0).call;
        Lane lane = some.stream()
                .map(each -> each.call.lane())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        long until =
                some.stream().mapToLong(each -> each.call.deadline().at()).max().orElseThrow();
        return new Call(lane, new Deadline(until), first.operation(), first.trace());
    }

    /** One that waits, or is under way. Two are never equal. */
    private static final class LookUp {
        private final String email;
        private final Call call;
        private final Promise<Found> found = Promise.promise();

        LookUp(String email, Call call) {
            this.email = email;
            this.call = call;
        }

        String email() {
            return email;
        }

        Call call() {
            return call;
        }
    }
}
