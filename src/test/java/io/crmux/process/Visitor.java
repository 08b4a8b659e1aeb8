package io.crmux.process;

import io.crmux.process.Write.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A contact that one site alone writes to, one write after the other. */
final class Visitor {

    private static final int ALL = 100;
    private static final int REMOVALS = 20;
    private static final int UPDATES = 20;
    private static final int EVENTS = 15;
    private static final int REFUSALS = 10;

    private final String name;
    private final @Nullable String id;
    private final boolean plain;
    private final List<Write> writes = new ArrayList<>();
    private final List<Write> removable = new ArrayList<>();
    private final Map<Witness.Act, Integer> reached = new EnumMap<>(Witness.Act.class);

    /**
     * A visitor.
     *
     * @param id its id in the CRM; null for one that is to be added, and is written to by its address
     * @param plain whether only tags are applied to it, and some refused. Others have writes of all kinds, and none is refused: what of a batch was done
     *     before another part of it was refused is done again when its changes are sent one by one, which is no order to hold anybody to
     */
    Visitor(String name, @Nullable String id, boolean plain) {
        this.name = name;
        this.id = id;
        this.plain = plain;
    }

    static String email(String name) {
        return name + "@example.com";
    }

    String email() {
        return email(name);
    }

    String path() {
        return id == null ? "email:" + email() : id;
    }

    List<Write> writes() {
        return writes;
    }

    /** Chooses the next write. One that is new is added first, as often as it takes. */
    Write next(Random random) {
        boolean added = id != null || writes.stream().anyMatch(write -> write.isAcknowledged());
        int chosen = random.nextInt(ALL);
        Write write;
        if (!added) {
            write = new Write(this, writes.size(), Kind.ADD, name);
        } else if (!plain && chosen < REMOVALS && !removable.isEmpty()) {
            Write applied = removable.remove(random.nextInt(removable.size()));
            write = new Write(this, writes.size(), Kind.REMOVE, applied.word());
        } else {
            Kind kind = kind(chosen);
            write = new Write(this, writes.size(), kind, (kind == Kind.REFUSED ? Witness.REFUSED : "") + word());
        }
        writes.add(write);
        return write;
    }

    private Kind kind(int chosen) {
        if (plain) {
            return chosen < REFUSALS ? Kind.REFUSED : Kind.APPLY;
        }
        if (chosen < ALL - UPDATES - EVENTS) {
            return Kind.APPLY;
        }
        return chosen < ALL - EVENTS ? Kind.UPDATE : Kind.EVENT;
    }

    private String word() {
        return name + "-" + writes.size();
    }

    /** What was acknowledged as applied may be removed later. */
    void acknowledged(Write write) {
        if (write.kind() == Kind.APPLY) {
            removable.add(write);
        }
    }

    /** The write behind something that the witness has seen of this visitor. */
    Write behind(Witness.Seen seen) {
        return writes.stream()
                .filter(write ->
                        write.kind().seenAs() == seen.act() && write.word().equals(seen.word()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody asked for " + seen));
    }

    /** The last of its writes that the witness has seen so; -1 for none. */
    int reached(Witness.Act act) {
        return reached.getOrDefault(act, -1);
    }

    void reached(Witness.Act act, int number) {
        reached.put(act, number);
    }

    /** Whether the witness has seen a write or, of updates, a later one that it was merged with. */
    boolean hasSeen(Write write) {
        return write.isSeen() || write.kind() == Kind.UPDATE && reached(Witness.Act.SET) >= write.number();
    }
}
