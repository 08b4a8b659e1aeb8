package io.crmux.gateway.delivery;

import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.Event;
import io.crmux.crm.Lane;
import io.crmux.crm.Tag;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits.Creation;
import io.crmux.crm.Value;
import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.gateway.tags.Resolution;
import io.crmux.gateway.tags.TagBook;
import io.crmux.gateway.tags.TagLists;
import io.crmux.store.ChangeBody;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns changes in the site's words into a batch in the CRM's: keys are mapped and tags resolved here, at delivery. */
final class BatchBuilder {

    private final TagLists tags;
    private final FieldMap fields;
    private final Creation creation;
    private long batches;

    BatchBuilder(TagLists tags, FieldMap fields, Creation creation) {
        this.tags = tags;
        this.fields = fields;
        this.creation = creation;
    }

    /** A change that can never be part of a batch, and why. */
    record Culprit(Layer layer, JsonObject problem) {}

    /** A batch, or the changes that must be given up before there is one. */
    record Built(@Nullable Prepared prepared, List<Culprit> culprits) {}

    /** What tags are called now. */
    TagBook book() {
        return tags.book();
    }

    /** Whether a change gives the contact an address, which may be another than it has. */
    boolean moves(Layer layer) {
        return fields.moves(layer.body());
    }

    /**
     * Makes sure that every tag which is to be applied can be: loads the list where a word means nothing, and creates what is to be created. Fails when
     * the CRM does.
     */
    Future<Void> makeTags(List<Layer> layers, Trace trace) {
        if (creation == Creation.BY_APPLYING || unknown(layers).isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Void> made = tags.recent(Lane.WRITE, trace).mapEmpty();
        if (creation == Creation.NONE) {
            return made;
        }
        return made.compose(loaded -> Future.all(unknown(layers).stream()
                        .map(name -> tags.create(name, Lane.WRITE, trace))
                        .toList())
                .mapEmpty());
    }

    /**
     * Builds the batch of a contact.
     *
     * @param create whether the contact is to be created by it
     */
    Built build(ContactState contact, List<Layer> layers, boolean create) {
        List<Culprit> culprits = new ArrayList<>();
        Map<String, Value> values = new LinkedHashMap<>();
        Set<Tag> apply = new LinkedHashSet<>();
        Set<Tag> remove = new LinkedHashSet<>();
        List<Event> events = new ArrayList<>();
        boolean delete = false;
        for (Layer layer : layers) {
            ChangeBody body = layer.body();
            if (body instanceof ChangeBody.Create creating) {
                set(layer, creating.fields(), creating.map(), values, culprits);
            } else if (body instanceof ChangeBody.Update update) {
                set(layer, update.fields(), update.map(), values, culprits);
            } else if (body instanceof ChangeBody.Tags said) {
                resolve(layer, said.apply(), true, apply, culprits);
                resolve(layer, said.remove(), false, remove, culprits);
            } else if (body instanceof ChangeBody.Event event) {
                events.add(new Event(event.name(), event.properties()));
            } else {
                delete = true;
            }
        }
        if (!culprits.isEmpty()) {
            return new Built(null, culprits);
        }
        Address address = contact.address();
        if (create && address != null) {
            values.putIfAbsent(fields.emailField(), Value.text(address.written()));
        }
        Batch batch = new Batch(++batches, reached(contact), create, delete, values, remove, apply, events);
        return new Built(new Prepared(contact, layers, batch), List.of());
    }

    /** The batch of changes that the CRM has already: what of it cannot be told any more is left out. */
    Prepared rebuild(ContactState contact, List<Layer> layers, boolean create) {
        Prepared prepared = build(contact, layers, create).prepared();
        if (prepared != null) {
            return prepared;
        }
        boolean delete = layers.stream().anyMatch(layer -> layer.body() instanceof ChangeBody.Delete);
        Batch batch = new Batch(++batches, reached(contact), create, delete, Map.of(), Set.of(), Set.of(), List.of());
        return new Prepared(contact, layers, batch);
    }

    private static Contact reached(ContactState contact) {
        Address address = contact.address();
        return new Contact(contact.id(), address == null ? null : address.written());
    }

    private void set(Layer layer, JsonObject said, boolean map, Map<String, Value> values, List<Culprit> culprits) {
        FieldMap.Mapped mapped = fields.toCrm(said, map);
        if (mapped.problems().isEmpty()) {
            values.putAll(mapped.values());
        } else {
            culprits.add(new Culprit(
                    layer, Problems.of("invalid", mapped.problems().get(0).problem())));
        }
    }

    private void resolve(Layer layer, List<String> said, boolean apply, Set<Tag> into, List<Culprit> culprits) {
        TagBook book = tags.book();
        for (String word : said) {
            Resolution resolution = book.resolve(word);
            if (resolution instanceof Resolution.Known known) {
                if (known.tag().writable()) {
                    into.add(known.tag());
                } else {
                    culprits.add(
                            new Culprit(layer, Problems.of("tag-read-only", "the tag " + word + " cannot be written")));
                }
            } else if (resolution instanceof Resolution.Ambiguous) {
                culprits.add(new Culprit(layer, Problems.of("tag-ambiguous", "several tags have the name " + word)));
            } else if (creation == Creation.BY_APPLYING) {
                into.add(Tag.named(word));
            } else if (apply || creation == Creation.NONE) {
                culprits.add(new Culprit(layer, Problems.of("tag-unknown", "there is no tag " + word)));
            }
        }
    }

    private Set<String> unknown(List<Layer> layers) {
        Set<String> unknown = new LinkedHashSet<>();
        for (Layer layer : layers) {
            if (layer.body() instanceof ChangeBody.Tags said) {
                said.apply().stream()
                        .filter(word -> tags.book().resolve(word) instanceof Resolution.Unknown)
                        .forEach(unknown::add);
            }
        }
        return unknown;
    }
}
