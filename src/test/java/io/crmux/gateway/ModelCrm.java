package io.crmux.gateway;

import io.crmux.crm.Account;
import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deletion;
import io.crmux.crm.Event;
import io.crmux.crm.Events;
import io.crmux.crm.Field;
import io.crmux.crm.JobState;
import io.crmux.crm.Jobs;
import io.crmux.crm.Loaded;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A CRM for tests of the core: stateful, with a delay of the test's choosing on the way there and on the way back, failures to order, and reads that
 * lag behind writes by as much as the traits admit.
 */
class ModelCrm implements Crm, Events, Deletion, TagCreation, Jobs {

    /** What a contact is in it. */
    static final class Person {
        final String id;
        final Map<String, Value> fields = new LinkedHashMap<>();
        final Set<String> tags = new LinkedHashSet<>();
        final List<String> events = new ArrayList<>();

        Person(String id) {
            this.id = id;
        }

        Person copy() {
            Person copy = new Person(id);
            copy.fields.putAll(fields);
            copy.tags.addAll(tags);
            return copy;
        }

        @Nullable
        String email() {
            Value value = fields.get("email");
            return value == null ? null : value.asText().toLowerCase(Locale.ROOT);
        }
    }

    private record Snapshot(long at, Map<String, Person> people) {}

    private final ManualLoop loop;
    private final Traits traits;
    private final List<Snapshot> history = new ArrayList<>();
    final Map<String, Person> people = new LinkedHashMap<>();
    final Set<String> tags = new LinkedHashSet<>();
    /** Every call, in order of arrival: the operation and what it is about. */
    final ArrayList<String> calls = new ArrayList<>();
    /** Every call that was carried out, in order, whether its answer arrived or not. */
    final List<String> carriedOut = new ArrayList<>();
    /** How many batches each delivery was handed. */
    final ArrayList<Integer> deliveries = new ArrayList<>();
    /** Asked for every call: the failure that it is to have, or null. */
    Supplier<@Nullable CrmException> failures = () -> null;
    /** How long deliveries wait in the CRM's own queue; negative where they are done at once. */
    long jobMillis = -1;
    /** Whether queued deliveries can be asked for. */
    boolean jobsArePolled = true;
    /** What became of the queued deliveries; those that wait have none. */
    final Map<String, JobState> jobs = new LinkedHashMap<>();
    /** The id that a contact gets when its address is changed; null when it keeps its own. */
    UnaryOperator<@Nullable String> idOfAddress = address -> null;
    /** Asked for every call that was carried out: the failure that comes in place of its answer, or null. */
    Supplier<@Nullable CrmException> losses = () -> null;
    /** Run where a connector would build its request: may throw. */
    Runnable connectorsOwn = () -> {};
    /** How long a call is on its way, and how long its answer. */
    LongSupplier delay = () -> 5;
    /** How far reads lag behind writes. */
    long lag;

    private final Set<Runnable> onTheWay = new LinkedHashSet<>();
    private int callers;
    private long ids = 100;

    ModelCrm(ManualLoop loop, Traits traits) {
        this.loop = loop;
        this.traits = traits;
    }

    Person add(String id, String email, String... withTags) {
        Person person = new Person(id);
        person.fields.put("email", Value.text(email));
        person.tags.addAll(List.of(withTags));
        tags.addAll(person.tags);
        people.put(id, person);
        history.add(new Snapshot(Long.MIN_VALUE, copy()));
        return person;
    }

    /** Many contacts that are alike: user0@example.com and so on, with ids from a number on. */
    void addAll(int many, int firstId, String... withTags) {
        for (int n = 0; n < many; n++) {
            Person person = new Person(Integer.toString(firstId + n));
            person.fields.put("email", Value.text("user" + n + "@example.com"));
            person.tags.addAll(List.of(withTags));
            people.put(person.id, person);
        }
        tags.addAll(List.of(withTags));
        history.add(new Snapshot(Long.MIN_VALUE, copy()));
    }

    Person person(String id) {
        return Objects.requireNonNull(people.get(id));
    }

    long count(String operation) {
        return calls.stream().filter(call -> call.startsWith(operation + " ")).count();
    }

    final <T> Future<T> call(String what, Supplier<T> work) {
        connectorsOwn.run();
        Promise<T> answer = Promise.promise();
        int caller = callers;
        Runnable[] arrival = new Runnable[1];
        arrival[0] = () -> {
            if (!onTheWay.remove(arrival[0])) {
                return;
            }
            calls.add(what);
            CrmException failure = failures.get();
            long back = delay.getAsLong();
            if (failure != null) {
                loop.after(back, () -> toTheLiving(caller, () -> answer.fail(failure)));
                return;
            }
            try {
                T result = work.get();
                carriedOut.add(what);
                CrmException lost = losses.get();
                loop.after(
                        back,
                        () -> toTheLiving(caller, () -> {
                            if (lost == null) {
                                answer.complete(result);
                            } else {
                                answer.fail(lost);
                            }
                        }));
            } catch (CrmException refused) {
                loop.after(back, () -> toTheLiving(caller, () -> answer.fail(refused)));
            }
        };
        onTheWay.add(arrival[0]);
        loop.after(delay.getAsLong(), arrival[0]);
        return answer.future();
    }

    /** As if it had noted no call yet: notes take memory. */
    void forgetCalls() {
        calls.clear();
        calls.trimToSize();
        deliveries.clear();
        deliveries.trimToSize();
    }

    /** The caller has died: what is on its way arrives now or never. */
    void cutOff(BooleanSupplier arrives) {
        for (Runnable arrival : List.copyOf(onTheWay)) {
            if (arrives.getAsBoolean()) {
                arrival.run();
            }
        }
        onTheWay.clear();
        callers++;
    }

    private void toTheLiving(int caller, Runnable answer) {
        if (caller == callers) {
            answer.run();
        }
    }

    final void wrote() {
        if (lag > 0) {
            history.add(new Snapshot(loop.millis(), copy()));
        }
    }

    private Map<String, Person> copy() {
        Map<String, Person> copy = new LinkedHashMap<>();
        people.forEach((id, person) -> copy.put(id, person.copy()));
        return copy;
    }

    /** What reads see: the state as it was before the writes that are too young. */
    final Map<String, Person> seen() {
        Map<String, Person> seen = people;
        for (int i = history.size() - 1; i >= 0; i--) {
            if (history.get(i).at() > loop.millis() - lag) {
                seen = i == 0 ? Map.of() : history.get(i - 1).people();
            }
        }
        return seen;
    }

    private Person person(Map<String, Person> among, Contact contact) {
        boolean byId = contact.id() != null || traits.address() == Traits.Address.ID;
        Person person = byId ? among.get(contact.requireId()) : byEmail(among, contact.requireEmail());
        if (person == null) {
            throw CrmException.notFound("no such contact");
        }
        return person;
    }

    private @Nullable Person byEmail(Map<String, Person> among, String email) {
        return among.values().stream()
                .filter(person -> email.toLowerCase(Locale.ROOT).equals(person.email()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Traits traits() {
        return traits;
    }

    @Override
    public boolean areIdsOfAddresses() {
        return idOfAddress.apply("somebody@example.com") != null;
    }

    @Override
    public Future<Account> connect(Call call) {
        return call("connect -", () -> new Account("model"));
    }

    @Override
    public Future<List<Tag>> syncTags(Call call) {
        return call(
                "sync_tags -",
                () -> tags.stream()
                        .map(name -> traits.canonical() == Traits.Canonical.ID
                                ? Tag.of("id-of-" + name, name)
                                : Tag.named(name))
                        .toList());
    }

    @Override
    public Future<List<Field>> syncCrmFields(Call call) {
        return call("sync_crm_fields -", List::of);
    }

    @Override
    public Future<Optional<Contact>> getContactId(Call call, String email) {
        return call("get_contact_id " + email, () -> idOf(email));
    }

    private Optional<Contact> idOf(String email) {
        refuse(email);
        return Optional.ofNullable(byEmail(seen(), email)).map(person -> new Contact(person.id, email));
    }

    /** The CRM refuses look-ups of addresses that end with "@refused". */
    static void refuse(String email) {
        if (email.endsWith("@refused")) {
            throw CrmException.of(CrmException.Kind.INVALID, "no such address", 422);
        }
    }

    @Override
    public Future<Set<Tag>> getTags(Call call, Contact contact) {
        return call("get_tags " + contact.id(), () -> {
            Set<Tag> found = new LinkedHashSet<>();
            person(seen(), contact).tags.forEach(tag -> found.add(Tag.named(tag)));
            return found;
        });
    }

    @Override
    public Future<Added> addContact(Call call, Map<String, Value> fields) {
        return call("add_contact " + fields.get("email"), () -> {
            String email = Objects.requireNonNull(fields.get("email")).asText();
            Person existing = traits.add() == Traits.Add.DUPLICATES ? null : byEmail(people, email);
            if (existing != null && traits.add() == Traits.Add.REFUSES) {
                throw CrmException.of(CrmException.Kind.DUPLICATE, "is there", 422);
            }
            if (existing != null) {
                existing.fields.putAll(fields);
                wrote();
                return new Added(existing.id, Added.How.CANNOT_TELL);
            }
            Person person = new Person(Long.toString(ids++));
            person.fields.putAll(fields);
            people.put(person.id, person);
            wrote();
            return new Added(person.id, Added.How.CREATED);
        });
    }

    @Override
    public Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
        return call("update_contact " + contact.id(), () -> {
            Person person = person(people, contact);
            person.fields.putAll(fields);
            Value address = fields.get("email");
            String newId = address == null ? null : idOfAddress.apply(address.asText());
            if (newId != null) {
                people.remove(person.id);
                Person moved = new Person(newId);
                moved.fields.putAll(person.fields);
                moved.tags.addAll(person.tags);
                people.put(newId, moved);
            }
            wrote();
            return newId == null ? contact : new Contact(newId, contact.email());
        });
    }

    @Override
    public Future<Void> applyTags(Call call, Contact contact, Set<Tag> applied) {
        return call("apply_tags " + contact.id() + " " + names(applied), () -> {
            person(people, contact).tags.addAll(names(applied));
            tags.addAll(names(applied));
            wrote();
            return null;
        });
    }

    @Override
    public Future<Void> removeTags(Call call, Contact contact, Set<Tag> removed) {
        return call("remove_tags " + contact.id() + " " + names(removed), () -> {
            person(people, contact).tags.removeAll(names(removed));
            wrote();
            return null;
        });
    }

    private static List<String> names(Set<Tag> tags) {
        return tags.stream().map(Tag::name).toList();
    }

    @Override
    public Future<Loaded> loadContact(Call call, Contact contact) {
        return call("load_contact " + contact.id(), () -> {
            Person person = person(seen(), contact);
            return new Loaded(new Contact(person.id, person.email()), person.fields);
        });
    }

    @Override
    public Future<Page<String>> loadContacts(Call call, Tag tag, int limit, @Nullable String cursor) {
        return call(
                "load_contacts " + tag.name(),
                () -> new Page<>(
                        people.values().stream()
                                .filter(person -> person.tags.contains(tag.name()))
                                .map(person -> person.id)
                                .toList(),
                        null));
    }

    @Override
    public Future<Void> trackEvent(Call call, Contact contact, Event event) {
        return call("track_event " + contact.id() + " " + event.name(), () -> {
            person(people, contact).events.add(event.name());
            return null;
        });
    }

    @Override
    public Future<Void> deleteContact(Call call, Contact contact) {
        return call("delete_contact " + contact.id(), () -> {
            person(people, contact);
            people.remove(contact.requireId());
            wrote();
            return null;
        });
    }

    @Override
    public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
        deliveries.add(batches.size());
        return jobMillis < 0 ? Crm.super.deliver(call, batches) : queue(batches);
    }

    private Future<List<Outcome>> queue(List<Batch> batches) {
        String job = "job-" + jobs.size();
        jobs.put(job, new JobState.Running());
        loop.after(jobMillis, () -> jobs.computeIfPresent(job, (name, running) -> work(batches)));
        return call(
                "deliver " + job,
                () -> batches.stream()
                        .<Outcome>map(batch -> jobsArePolled
                                ? new Outcome.Accepted(batch, job, null)
                                : new Outcome.Accepted(batch, null, Duration.ofMillis(jobMillis)))
                        .toList());
    }

    private JobState work(List<Batch> batches) {
        List<JobState.Refused> refused = new ArrayList<>();
        for (Batch batch : batches) {
            if (batch.create()) {
                Person person = new Person(Long.toString(ids++));
                person.fields.putAll(batch.fields());
                people.put(person.id, person);
            } else if (names(batch.apply()).contains("refused")) {
                refused.add(new JobState.Refused(
                        batch.contact(), CrmException.of(CrmException.Kind.INVALID, "no such thing", 422)));
            } else {
                person(people, batch.contact()).tags.addAll(names(batch.apply()));
            }
        }
        wrote();
        return new JobState.Ended(refused);
    }

    @Override
    public Future<JobState> poll(Call call, String job) {
        return call("poll " + job, () -> {
            JobState state = jobs.get(job);
            if (state == null) {
                throw CrmException.notFound("no such job");
            }
            return state;
        });
    }

    @Override
    public Future<Tag> addTag(Call call, String name) {
        return call("add_tag " + name, () -> {
            if (!tags.add(name)) {
                throw CrmException.of(CrmException.Kind.DUPLICATE, "is there", 422);
            }
            return Tag.named(name);
        });
    }
}
