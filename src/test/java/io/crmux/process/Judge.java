package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.process.Client.Reply;
import io.crmux.process.Write.Kind;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Holds what a CRM has seen, and what is said of the fate of writes, against what sites were promised. */
final class Judge {

    private final List<Site> sites;
    private final Witness witness;
    private final boolean answersAreLost;
    /** What was applied and pending when this life began: it was in flight at a kill, and it alone may be applied again. */
    private Set<Write> mayRepeat = new HashSet<>();

    private final Set<Write> seenInThisLife = new HashSet<>();
    private final Map<String, Integer> lastInThisLife = new HashMap<>();
    private int ended;
    private int repeated;
    private int dead;

    /**
     * A judge.
     *
     * @param answersAreLost whether the CRM's answers are lost on the way: then what it has seen it may see again
     */
    Judge(List<Site> sites, Witness witness, boolean answersAreLost) {
        this.sites = sites;
        this.witness = witness;
        this.answersAreLost = answersAreLost;
    }

    @Override
    public String toString() {
        return ended + " acknowledged writes have ended, " + dead + " of them dead; " + repeated
                + " were applied again";
    }

    /** What the CRM has seen was in order, and nothing was repeated but what was in flight at a kill. */
    void read() {
        List<Witness.Seen> log = witness.read();
        Map<String, Visitor> visitors = visitors();
        for (Witness.Seen seen : log) {
            Visitor visitor = Objects.requireNonNull(visitors.get(seen.email()));
            Write write = visitor.behind(seen);
            Integer before = lastInThisLife.put(seen.act() + seen.email(), write.number());
            assertThat(answersAreLost || before == null || before < write.number())
                    .as("in order and once in a life, after write %s: %s", before, write)
                    .isTrue();
            if (write.isSeen()) {
                repeated++;
                assertThat(answersAreLost || !write.isAcknowledged() || mayRepeat.contains(write))
                        .as("applied again, though not in flight at a kill: %s", write)
                        .isTrue();
            } else {
                assertNext(visitor, seen.act(), write);
                visitor.reached(seen.act(), write.number());
                write.seen();
            }
            seenInThisLife.add(write);
        }
    }

    private Map<String, Visitor> visitors() {
        return sites.stream()
                .flatMap(site -> site.visitors().stream())
                .collect(Collectors.toMap(Visitor::email, visitor -> visitor));
    }

    /** Updates that were merged into a later one are not seen. */
    private static void assertNext(Visitor visitor, Witness.Act act, Write write) {
        int reached = visitor.reached(act);
        assertThat(write.number()).as("in order: %s", write).isGreaterThan(reached);
        if (act != Witness.Act.SET) {
            assertThat(visitor.writes().subList(reached + 1, write.number()))
                    .as("before %s", write)
                    .noneMatch(earlier ->
                            earlier.isAcknowledged() && earlier.kind().seenAs() == act);
        }
    }

    /** The process runs again and has sent nothing yet: every acknowledged write is delivered, pending or dead. */
    void restarted(Client client) {
        Set<Write> inFlight = new HashSet<>();
        for (Site site : sites) {
            Map<Visitor, Integer> delivered = new HashMap<>();
            List<Write> pending = new ArrayList<>();
            fates(site, client).forEach((write, state) -> {
                if (state.equals("delivered")) {
                    delivered.merge(write.visitor(), write.number(), Math::max);
                } else if (!state.equals("dead")) {
                    pending.add(write);
                }
            });
            for (Write write : pending) {
                assertThat(delivered.getOrDefault(write.visitor(), -1))
                        .as("pending, though a later one is delivered: %s", write)
                        .isLessThan(write.number());
                if (write.visitor().hasSeen(write)) {
                    assertInFlight(write);
                    inFlight.add(write);
                }
            }
            site.open().retainAll(new HashSet<>(pending));
        }
        mayRepeat = inFlight;
        seenInThisLife.clear();
        lastInThisLife.clear();
    }

    private void assertInFlight(Write write) {
        assertThat(write.isConfirmed()).as("confirmed, but pending: %s", write).isFalse();
        if (write.kind() != Kind.UPDATE) {
            assertThat(seenInThisLife.contains(write) || mayRepeat.contains(write))
                    .as("applied long before the kill, but pending: %s", write)
                    .isTrue();
        }
    }

    /** The states of a site's open writes. Those that have ended have ended as they may. */
    private Map<Write, String> fates(Site site, Client client) {
        Map<Write, CompletableFuture<Reply>> replies = new HashMap<>();
        for (Write write : site.open()) {
            if (write.operation() != null) {
                replies.put(write, client.startGet("v1/main/operations/" + write.operation()));
            }
        }
        CompletableFuture.allOf(replies.values().toArray(CompletableFuture[]::new))
                .join();
        read();
        Map<Write, String> states = new HashMap<>();
        replies.forEach((write, reply) -> states.put(write, state(write, reply.join())));
        return states;
    }

    private String state(Write write, Reply reply) {
        assertThat(reply.status())
                .as("acknowledged, but lost: %s: %s", write, reply.text())
                .isEqualTo(200);
        JsonObject fate = reply.json();
        String state = fate.getString("state");
        assertThat(state).as("%s", write).isIn("queued", "delivering", "delivered", "dead");
        if (state.equals("delivered")) {
            boolean applied = write.kind() == Kind.ADD
                    ? witness.knows(write.visitor().email())
                    : write.visitor().hasSeen(write);
            assertThat(applied)
                    .as("delivered, but the CRM has not seen it: %s", write)
                    .isTrue();
            ended++;
        } else if (state.equals("dead")) {
            assertThat(write.kind())
                    .as("dead, but not refused: %s %s", write, fate)
                    .isEqualTo(Kind.REFUSED);
            ended++;
            dead++;
        }
        return state;
    }

    /** Whether every acknowledged write has ended. */
    boolean allHaveEnded(Client client) {
        for (Site site : sites) {
            Map<Write, String> states = fates(site, client);
            site.open().removeIf(write -> {
                String state = states.get(write);
                return state == null || state.equals("delivered") || state.equals("dead");
            });
        }
        return sites.stream().allMatch(site -> site.open().isEmpty());
    }

    /** The CRM has what it should have, and each contact once. */
    void allIsAsPromised() {
        int contacts = 0;
        for (Visitor visitor : visitors().values()) {
            contacts += witness.knows(visitor.email()) ? 1 : 0;
            Set<String> tags = witness.tags(visitor.email());
            Set<String> removed = new HashSet<>();
            for (Write write : visitor.writes()) {
                if (write.kind() == Kind.REMOVE) {
                    removed.add(write.word());
                    assertThat(!write.isAcknowledged() || !tags.contains(write.word()))
                            .as("%s", write)
                            .isTrue();
                }
            }
            for (Write write : visitor.writes()) {
                if (write.kind() == Kind.APPLY && write.isAcknowledged() && !removed.contains(write.word())) {
                    assertThat(tags).as("%s", write).contains(write.word());
                }
            }
        }
        assertThat(witness.size()).as("no contact twice").isEqualTo(contacts);
    }
}
