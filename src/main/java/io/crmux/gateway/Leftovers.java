package io.crmux.gateway;

import io.crmux.gateway.contact.CommonTags;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.gateway.tags.TagBook;
import io.crmux.store.ChangeBody;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a dead write when it is replayed: the tags and fields on which a later change was accepted are left out, since that one has the last
 * word. After a later deletion nothing is left; a deletion is not repeated when the contact was added again.
 */
final class Leftovers {

    private final TagBook book;
    private final FieldMap fields;
    private final Set<String> tagKeys = new HashSet<>();
    private final Set<String> fieldIds = new HashSet<>();
    private final List<ChangeBody> left = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private boolean created;
    private boolean deleted;

    private Leftovers(List<ChangeBody> later, TagBook book, FieldMap fields) {
        this.book = book;
        this.fields = fields;
        later.forEach(this::note);
    }

    /**
     * What is left.
     *
     * @param bodies in the order of the dead changes
     * @param skipped tags and keys of fields as the site wrote them; {@code delete} and the names of events
     */
    record Left(List<ChangeBody> bodies, List<String> skipped) {}

    /**
     * Leaves out what is superseded.
     *
     * @param dead the changes of one write, in order
     * @param later what was accepted of the same contact since
     */
    static Left of(List<ChangeBody> dead, List<ChangeBody> later, TagBook book, FieldMap fields) {
        Leftovers leftovers = new Leftovers(later, book, fields);
        dead.forEach(leftovers::leave);
        return new Left(leftovers.left, leftovers.skipped);
    }

    private void note(ChangeBody body) {
        if (body instanceof ChangeBody.Tags tags) {
            tags.apply().forEach(tag -> tagKeys.add(book.key(tag)));
            tags.remove().forEach(tag -> tagKeys.add(book.key(tag)));
        } else if (body instanceof ChangeBody.Update update) {
            note(update.fields(), update.map());
        } else if (body instanceof ChangeBody.Create create) {
            note(create.fields(), create.map());
            created = true;
        } else if (body instanceof ChangeBody.Delete) {
            deleted = true;
        }
    }

    private void note(JsonObject written, boolean map) {
        for (String key : written.fieldNames()) {
            String field = fields.field(key, map);
            if (field != null) {
                fieldIds.add(field);
            }
        }
    }

    private void leave(ChangeBody body) {
        if (body instanceof ChangeBody.Tags tags) {
            List<String> apply = left(tags.apply());
            List<String> remove = left(tags.remove());
            if (!apply.isEmpty() || !remove.isEmpty()) {
                left.add(CommonTags.of(apply, remove));
            }
        } else if (body instanceof ChangeBody.Update update) {
            leaveUpdate(update.fields(), update.map());
        } else if (body instanceof ChangeBody.Create create) {
            leaveCreation(create);
        } else if (body instanceof ChangeBody.Event event) {
            leaveUnless(deleted, body, event.name());
        } else {
            leaveUnless(created || deleted, body, body.kind());
        }
    }

    private void leaveUnless(boolean superseded, ChangeBody body, String name) {
        if (superseded) {
            skipped.add(name);
        } else {
            left.add(body);
        }
    }

    private List<String> left(List<String> tags) {
        List<String> kept = new ArrayList<>();
        for (String tag : tags) {
            (deleted || tagKeys.contains(book.key(tag)) ? skipped : kept).add(tag);
        }
        return kept;
    }

    private void leaveUpdate(JsonObject written, boolean map) {
        JsonObject kept = left(written, map, null);
        if (!kept.isEmpty()) {
            left.add(new ChangeBody.Update(kept, map));
        }
    }

    /** A contact that was added since is not added twice; one that was not needs its address, whatever has become of that. */
    private void leaveCreation(ChangeBody.Create create) {
        if (created || deleted) {
            leaveUpdate(create.fields(), create.map());
        } else {
            left.add(new ChangeBody.Create(left(create.fields(), create.map(), fields.emailField()), create.map()));
        }
    }

    private JsonObject left(JsonObject written, boolean map, @Nullable String always) {
        JsonObject kept = new JsonObject();
        for (String key : written.fieldNames()) {
            String field = fields.field(key, map);
            boolean superseded = deleted || (field != null && fieldIds.contains(field));
            if (superseded && (field == null || !field.equals(always))) {
                skipped.add(key);
            } else {
                kept.put(key, written.getValue(key));
            }
        }
        return kept;
    }
}
