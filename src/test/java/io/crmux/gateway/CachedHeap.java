package io.crmux.gateway;

import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.vertx.core.Future;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Measures the heap that cached contacts take, in a JVM of its own: prints bytes per contact, for contacts with ten tags each out of 500, looked up by
 * id and by address. {@code sets} prints the same sets as Redis's own commands.
 */
final class CachedHeap {

    private static final int TAGS = 500;
    private static final int TAGS_PER_CONTACT = 10;
    private static final long FIRST_ID = 1_000_000;
    private static final long UNTIL_TIMERS_ARE_GONE_MILLIS = 60_000;

    private CachedHeap() {}

    /** @param arguments how many contacts, how many bytes of memory for them, and {@code sets} or the ways to look them up ({@code id address}) */
    public static void main(String[] arguments) {
        int contacts = Integer.parseInt(arguments[0]);
        long cacheBytes = Long.parseLong(arguments[1]);
        for (int i = 2; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "id" -> print("by-id", contacts, cacheBytes, n -> Bench.id(id(n)));
                case "address" -> print("by-address", contacts, cacheBytes, n -> Bench.email(address(n)));
                default -> printSets(contacts);
            }
        }
    }

    private static void print(String name, int contacts, long cacheBytes, IntFunction<ContactRef> contact) {
        bytes(contacts / 100, cacheBytes, contact);
        System.out.println(name + " " + bytes(contacts, cacheBytes, contact) / contacts);
    }

    private static long bytes(int contacts, long cacheBytes, IntFunction<ContactRef> contact) {
        Bench bench = new Bench(Shop::new, cacheBytes);
        long before = used();
        for (int n = 0; n < contacts; n++) {
            Future<Cached<ContactTags>> read = bench.getTags(contact.apply(n));
            bench.loop.runAll();
            if (!read.succeeded()) {
                throw new AssertionError(n);
            }
        }
        bench.loop.advance(UNTIL_TIMERS_ARE_GONE_MILLIS);
        long after = used();
        for (int n = 0; n < contacts; n += Math.max(1, contacts / 1000)) {
            KnownTags kept = new KnownTags();
            if (!bench.connection.peekTags(contact.apply(n), kept)
                    || kept.tags().size() != TAGS_PER_CONTACT) {
                throw new AssertionError(n + " is not in memory any more");
            }
        }
        return after - before;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void printSets(int contacts) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (int n = 0; n < contacts; n++) {
            out.print("SADD " + id(n) + ' ' + String.join(" ", tags(id(n))) + "\r\n");
        }
        out.flush();
    }

    private static String id(int n) {
        return Long.toString(FIRST_ID + n);
    }

    private static String address(int n) {
        return "user" + (FIRST_ID + n) + "@example.com";
    }

    /** Strings of their own each time, as they come out of an answer. */
    private static Set<String> tags(String id) {
        Random random = new Random(id.hashCode());
        Set<String> tags = new LinkedHashSet<>();
        while (tags.size() < TAGS_PER_CONTACT) {
            tags.add("tag-" + random.nextInt(TAGS));
        }
        return tags;
    }

    /** Answers at once, and remembers nothing. */
    private static final class Shop extends ModelCrm {

        Shop(ManualLoop loop) {
            super(loop, Bench.traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            Set<Tag> tags = new LinkedHashSet<>();
            tags(String.valueOf(contact.id())).forEach(name -> tags.add(Tag.named(name)));
            return Future.succeededFuture(tags);
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            String id = email.substring("user".length(), email.indexOf('@'));
            return Future.succeededFuture(Optional.of(new Contact(id, email)));
        }
    }
}
