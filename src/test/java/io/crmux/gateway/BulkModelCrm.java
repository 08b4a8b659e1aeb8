package io.crmux.gateway;

import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkTagging;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A model CRM that looks many addresses up, and tags many contacts, in one call. */
final class BulkModelCrm extends ModelCrm implements BulkLookUp, BulkTagging {

    /** The addresses of every call that looked several up. */
    final List<List<String>> lookedUp = new ArrayList<>();
    /** The circumstances of every look-up, of one address or of several. */
    final List<Call> lookUps = new ArrayList<>();
    /** How many look-ups, of one address or of several, were under way at the most. */
    int mostUnderWay;

    private final int mostAddresses;
    private final int mostContacts;
    private int underWay;

    BulkModelCrm(ManualLoop loop, Traits traits, int mostAddresses, int mostContacts) {
        super(loop, traits);
        this.mostAddresses = mostAddresses;
        this.mostContacts = mostContacts;
    }

    @Override
    public int mostAddresses() {
        return mostAddresses;
    }

    @Override
    public Future<Optional<Contact>> getContactId(Call call, String email) {
        return counted(call, super.getContactId(call, email));
    }

    @Override
    public Future<Map<String, Contact>> getContactIds(Call call, List<String> emails) {
        lookedUp.add(emails);
        return counted(call, call("get_contact_ids " + emails.size(), () -> {
            emails.forEach(ModelCrm::refuse);
            Map<String, String> ids = new HashMap<>();
            seen().values().forEach(person -> ids.putIfAbsent(person.email(), person.id));
            return emails.stream()
                    .filter(email -> ids.containsKey(email.toLowerCase(Locale.ROOT)))
                    .collect(Collectors.toMap(
                            email -> email, email -> new Contact(ids.get(email.toLowerCase(Locale.ROOT)), email)));
        }));
    }

    private <T> Future<T> counted(Call call, Future<T> lookUp) {
        lookUps.add(call);
        mostUnderWay = Math.max(mostUnderWay, ++underWay);
        return lookUp.onComplete(ended -> underWay--);
    }

    @Override
    public int mostContacts() {
        return mostContacts;
    }

    @Override
    public Future<Set<String>> applyTag(Call call, Tag tag, List<String> ids) {
        return change("apply_tag " + tag.name(), ids, person -> person.tags.add(tag.name()));
    }

    @Override
    public Future<Set<String>> removeTag(Call call, Tag tag, List<String> ids) {
        return change("remove_tag " + tag.name(), ids, person -> person.tags.remove(tag.name()));
    }

    private Future<Set<String>> change(String what, List<String> ids, Consumer<Person> change) {
        return call(what, () -> {
            Set<String> missing = new LinkedHashSet<>(ids);
            missing.removeAll(people.keySet());
            ids.stream().filter(people::containsKey).map(this::person).forEach(change);
            wrote();
            return missing;
        });
    }
}
