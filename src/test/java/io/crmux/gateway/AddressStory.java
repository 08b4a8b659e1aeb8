package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;

import io.crmux.crm.CrmException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A random story of contacts that take over each other's addresses. */
abstract class AddressStory {

    private static final List<String> ADDRESSES =
            List.of("a@example.com", "b@example.com", "c@example.com", "d@example.com");
    private static final int STEPS = 25;

    /** A contact as the site knows it. */
    static final class Known {

        final TreeSet<String> tags = new TreeSet<>();

        @Nullable
        String id;

        String address;

        Known(@Nullable String id, String address) {
            this.id = id;
            this.address = address;
        }
    }

    final Random random;
    final Bench bench;
    final List<Known> people = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    private int tags;

    /** Chooses whose address the site tells once more; null when it tells none. */
    private @Nullable Random telling;

    AddressStory(Random random, Bench bench) {
        this.random = random;
        this.bench = bench;
    }

    /** What happens next. */
    abstract void step();

    /** Everything is up again and has had time: what must be so then. */
    abstract void end(long seed);

    /** The id by which the site knows a contact after its address has changed. */
    abstract @Nullable String idAfterMove(Known known, String to);

    /** The id by which the site knows a contact that it has added. */
    abstract @Nullable String idOfAdded(@Nullable String id);

    /** How long an addition waits for its fate, in milliseconds. */
    abstract long waitForAddition();

    final void tell(long seed) {
        for (int i = 0; i < STEPS; i++) {
            step();
            if (telling != null && telling.nextInt(3) == 0) {
                tellAddress(telling);
            }
        }
        lose(() -> null);
        end(seed);
    }

    /** From now on, a fifth of the answers is lost on the way. */
    final void loseAnswers(long seed) {
        Random lost = new Random(seed);
        lose(() -> lost.nextInt(100) < 20
                ? CrmException.unanswered(CrmException.Kind.TIMEOUT, "no answer in time", true)
                : null);
    }

    /** From now on the site tells now and then the address that a contact has, as one does that sends all fields. */
    final void tellAddresses(long seed) {
        telling = new Random(~seed);
    }

    private void lose(Supplier<@Nullable CrmException> losses) {
        bench.crm.losses = losses;
        if (bench.mirrorCrm != null) {
            bench.mirrorCrm.losses = losses;
        }
    }

    /**
     * Two contacts that are there from the beginning.
     *
     * @param idsChange whether their ids are made of their addresses
     * @param areTagged whether the site has written to them by their addresses, so that their ids are known from then on
     */
    final void begin(boolean idsChange, boolean areTagged) {
        if (idsChange) {
            bench.crm.idOfAddress = address -> "id-of-" + address;
        }
        for (String address : first()) {
            String id = idsChange ? "id-of-" + address : "first-" + address;
            bench.crm.add(id, address);
            Known known = new Known(id, address);
            people.add(known);
            if (areTagged) {
                bench.apply(email(address), "known");
                known.tags.add("known");
            }
        }
        bench.loop.advance(10_000);
    }

    static List<String> first() {
        return ADDRESSES.subList(0, 2);
    }

    final void tell(String what) {
        told.add(what);
    }

    private ContactRef ref(Known known) {
        String id = known.id;
        return id != null && random.nextBoolean() ? id(id) : email(known.address);
    }

    private void tellAddress(Random chosen) {
        Known known = people.get(chosen.nextInt(people.size()));
        String id = known.id;
        ContactRef ref = id != null && chosen.nextBoolean() ? id(id) : email(known.address);
        tell("tell " + said(ref) + " " + known.address);
        bench.done(
                bench.connection.updateContact(ref, new JsonObject().put("user_email", known.address), true, NO_WAIT));
    }

    private static String said(ContactRef ref) {
        return ref instanceof ContactRef.ByEmail byEmail ? byEmail.address().written() : ((ContactRef.ById) ref).id();
    }

    private List<String> free() {
        return ADDRESSES.stream()
                .filter(address -> people.stream().noneMatch(known -> known.address.equals(address)))
                .toList();
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    final void tag() {
        Known known = any(people);
        ContactRef ref = ref(known);
        String tag = "t" + tags++;
        tell("tag " + said(ref) + " " + tag);
        bench.apply(ref, tag);
        known.tags.add(tag);
    }

    final void move() {
        if (free().isEmpty()) {
            return;
        }
        Known known = any(people);
        String to = any(free());
        ContactRef ref = ref(known);
        tell("move " + said(ref) + " " + to);
        bench.done(bench.connection.updateContact(ref, new JsonObject().put("user_email", to), true, NO_WAIT));
        known.address = to;
        known.id = idAfterMove(known, to);
    }

    final void add() {
        if (free().isEmpty()) {
            return;
        }
        String address = any(free());
        String tag = "t" + tags++;
        tell("add " + address + " " + tag);
        String id = bench.done(bench.add(address, waitForAddition(), tag)).id();
        Known added = new Known(idOfAdded(id), address);
        added.tags.add(tag);
        people.add(added);
    }

    /** The contacts' tags in a CRM, by address. */
    static Map<String, TreeSet<String>> tagsByAddress(ModelCrm crm) {
        Map<String, TreeSet<String>> tags = new TreeMap<>();
        crm.people.values().forEach(person -> {
            String address = String.valueOf(person.email());
            while (tags.containsKey(address)) {
                address += " again";
            }
            tags.put(address, new TreeSet<>(person.tags));
        });
        return tags;
    }
}
