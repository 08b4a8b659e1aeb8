package io.crmux.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** A site that writes to contacts of its own, one write at a time, for as long as it is answered. */
final class Site {

    private static final int AT_ONCE = 6;
    private static final int ALL = 100;
    private static final int NEW_PERCENT = 3;
    private static final int WAIT_PERCENT = 8;

    private final String name;
    private final Witness witness;
    private final int plainPercent;
    private final List<Visitor> visitors = new CopyOnWriteArrayList<>();
    private final List<Write> open = new ArrayList<>();
    private volatile int acknowledged;

    /** @param plainPercent how many of a hundred visitors are plain */
    Site(String name, Witness witness, int plainPercent) {
        this.name = name;
        this.plainPercent = plainPercent;
        this.witness = witness;
    }

    List<Visitor> visitors() {
        return visitors;
    }

    /** Acknowledged writes whose end is not known yet. */
    List<Write> open() {
        return open;
    }

    /** How many writes were acknowledged. */
    int acknowledged() {
        return acknowledged;
    }

    void writeUntilTheServerIsGone(Client client, Random random) {
        try {
            while (true) {
                writeOnce(client, random, WAIT_PERCENT);
            }
        } catch (Client.UncheckedFailure gone) {
            return;
        }
    }

    /** Writes so often, and never waits until it is delivered. */
    void write(Client client, Random random, int writes) {
        for (int i = 0; i < writes; i++) {
            writeOnce(client, random, 0);
        }
    }

    private void writeOnce(Client client, Random random, int waitPercent) {
        if (visitors.isEmpty() || random.nextInt(ALL) < NEW_PERCENT) {
            arrive(random.nextBoolean(), random.nextInt(ALL) < plainPercent);
        }
        int newest = visitors.size() - 1;
        Visitor visitor = visitors.get(newest - random.nextInt(Math.min(AT_ONCE, visitors.size())));
        Write write = visitor.next(random);
        boolean wait = write.kind() != Write.Kind.REFUSED && random.nextInt(ALL) < waitPercent;
        write.send(client, wait);
        visitor.acknowledged(write);
        open.add(write);
        acknowledged = acknowledged + 1;
    }

    private void arrive(boolean known, boolean plain) {
        String visitor = name + "v" + visitors.size();
        visitors.add(new Visitor(visitor, known ? witness.add(Visitor.email(visitor)) : null, plain));
    }
}
