package io.crmux.gateway;

import io.crmux.connector.ActiveCampaign;
import io.crmux.connector.fake.FakeActiveCampaign;
import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.Deadline;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.upstream.ManualUpstream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A day of a membership shop, in injected time, against the ActiveCampaign fake: how many calls the CRM gets with crmux, and how many when the shop does
 * the same by itself, with the same connector and nothing remembered but the contacts' ids. Prints both.
 *
 * <p>Each member comes once: he logs in (a look-up by address), a page asks for his tags twenty times at once, he views pages, one each 45 seconds, and
 * every tenth member buys: three tags are applied, and two more a moment later.
 */
final class ShopDay {

    private static final long DAY_MILLIS = Duration.ofHours(24).toMillis();
    private static final long LATENCY_MILLIS = 200;
    private static final long BETWEEN_VIEWS_MILLIS = 45_000;
    /** The shop by itself waits for as long as the CRM's limits make it. */
    private static final long PATIENCE_MILLIS = Duration.ofHours(1).toMillis();

    private static final int VIEWS = 20;
    private static final int AT_ONCE = 20;
    private static final int BUYS = 10;
    private static final String URL = "https://shop.api-us1.com";
    private static final Settings SETTINGS =
            new Settings(Map.of("url", URL, "key", FakeActiveCampaign.KEY, "urls.events", URL));

    private final int members;
    private final FakeActiveCampaign fake;
    private final ManualLoop loop = new ManualLoop();
    private final ActiveCampaign connector = new ActiveCampaign();
    private final List<String> ids = new ArrayList<>();
    private int calls;
    private int failed;

    /** @param calls of the CRM @param failed requests of the shop */
    record Count(int calls, int failed) {}

    private ShopDay(int members, Vertx vertx) {
        this.members = members;
        this.fake = new FakeActiveCampaign(vertx);
        for (int member = 0; member < members; member++) {
            ids.add(fake.add(address(member).written(), "customer"));
        }
    }

    /** @param arguments how many members */
    public static void main(String[] arguments) {
        int members = Integer.parseInt(arguments[0]);
        Count without = without(members);
        Count with = with(members);
        System.out.printf(
                "without crmux %d calls, with crmux %d calls: %.1f times fewer; requests that failed: %d%n",
                without.calls(), with.calls(), (double) without.calls() / with.calls(), with.failed());
    }

    private static Address address(int member) {
        return new Address("member" + member + "@example.com");
    }

    static Count with(int members) {
        return run(members, day -> {
            Connection connection = DefaultConnection.open(day.loop, day.connector, SETTINGS, day.http());
            return new Visits() {
                @Override
                public Future<?> lookUp(Address address) {
                    return connection.getTags(ContactRef.email(address), Freshness.ANY, Bench.TRACE);
                }

                @Override
                public Future<?> tags(String id) {
                    return connection.getTags(ContactRef.id(id), Freshness.ANY, Bench.TRACE);
                }

                @Override
                public Future<?> apply(Address address, Set<String> tags) {
                    return connection.changeTags(
                            ContactRef.email(address), List.copyOf(tags), List.of(), Bench.NO_WAIT);
                }
            };
        });
    }

    static Count without(int members) {
        return run(members, day -> {
            Crm crm = day.connector.open(SETTINGS, day.http());
            return new Visits() {
                @Override
                public Future<?> lookUp(Address address) {
                    return contact(address).compose(contact -> crm.getTags(day.call(), contact));
                }

                @Override
                public Future<?> tags(String id) {
                    return crm.getTags(day.call(), new Contact(id, null));
                }

                @Override
                public Future<?> apply(Address address, Set<String> tags) {
                    Set<Tag> named = tags.stream().map(Tag::named).collect(Collectors.toSet());
                    return contact(address).compose(contact -> crm.applyTags(day.call(), contact, named));
                }

                private Future<Contact> contact(Address address) {
                    return crm.getContactId(day.call(), address.written()).map(found -> found.orElseThrow());
                }
            };
        });
    }

    /** What the shop asks for. */
    private interface Visits {
        Future<?> lookUp(Address address);

        Future<?> tags(String id);

        Future<?> apply(Address address, Set<String> tags);
    }

    private interface Way {
        Visits open(ShopDay day);
    }

    private static Count run(int members, Way way) {
        Vertx vertx = Vertx.vertx();
        ShopDay day = new ShopDay(members, vertx);
        try {
            day.run(way.open(day));
            return new Count(day.calls, day.failed);
        } finally {
            day.fake.close();
            vertx.close().await();
        }
    }

    private record Step(long at, Runnable work) {}

    private void run(Visits visits) {
        Random random = new Random(1);
        List<Step> steps = new ArrayList<>();
        for (int member = 0; member < members; member++) {
            visit(member, (long) (random.nextDouble() * (DAY_MILLIS - VIEWS * BETWEEN_VIEWS_MILLIS)), visits, steps);
        }
        steps.sort(Comparator.comparingLong(Step::at));
        long now = 0;
        for (Step step : steps) {
            loop.advance(step.at - now);
            now = step.at;
            step.work.run();
        }
        loop.advance(DAY_MILLIS - now);
    }

    private void visit(int member, long from, Visits visits, List<Step> steps) {
        Address address = address(member);
        String id = ids.get(member);
        steps.add(new Step(from, () -> note(visits.lookUp(address))));
        for (int i = 0; i < AT_ONCE; i++) {
            steps.add(new Step(from + 2_000, () -> note(visits.tags(id))));
        }
        for (int view = 1; view <= VIEWS; view++) {
            steps.add(new Step(from + view * BETWEEN_VIEWS_MILLIS, () -> note(visits.tags(id))));
        }
        if (member % BUYS == 0) {
            long buys = from + VIEWS / 2 * BETWEEN_VIEWS_MILLIS + 10_000;
            steps.add(new Step(buys, () -> note(visits.apply(address, Set.of("bought", "vip", "course-a")))));
            steps.add(new Step(buys + 100, () -> note(visits.apply(address, Set.of("newsletter", "course-b")))));
        }
    }

    private void note(Future<?> outcome) {
        outcome.onFailure(failure -> failed++);
    }

    private Call call() {
        return new Call(Lane.VISITOR, Deadline.in(loop, PATIENCE_MILLIS), Operation.GET_TAGS, Bench.TRACE);
    }

    private Future<Answer> exchange(Request request) {
        calls++;
        Promise<Answer> answer = Promise.promise();
        loop.after(LATENCY_MILLIS, () -> answer.complete(fake.carryOut(request)));
        return answer.future();
    }

    private Http http() {
        return ManualUpstream.open(loop, connector, SETTINGS, (request, timeoutMillis) -> exchange(request));
    }
}
