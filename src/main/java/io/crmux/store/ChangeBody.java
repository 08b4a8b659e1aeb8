package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a change does, in the site's own words: keys are mapped and tags resolved when it is delivered or read, not before. */
public sealed interface ChangeBody {

    /** In one word, as it is stored, shown and counted. */
    String kind();

    /** Tags to apply and to remove; disjoint. */
    record Tags(List<String> apply, List<String> remove) implements ChangeBody {
        public Tags {
            apply = List.copyOf(apply);
            remove = List.copyOf(remove);
        }

        @Override
        public String kind() {
            return "tags";
        }
    }

    /**
     * The contact is to be created.
     *
     * @param fields as the site sent them
     * @param map whether the keys are the site's (true) or the CRM's own
     */
    record Create(JsonObject fields, boolean map) implements ChangeBody {
        @Override
        public String kind() {
            return "create";
        }
    }

    /** Fields are to be set. */
    record Update(JsonObject fields, boolean map) implements ChangeBody {
        @Override
        public String kind() {
            return "update";
        }
    }

    /** Something the contact did. */
    record Event(String name, JsonObject properties) implements ChangeBody {
        @Override
        public String kind() {
            return "event";
        }
    }

    /** The contact is to be deleted. */
    record Delete() implements ChangeBody {
        @Override
        public String kind() {
            return "delete";
        }
    }

    /** A tag is to be created, of no contact: only ever staged, since in live mode the CRM is asked at once. */
    record AddTag(String name) implements ChangeBody {
        @Override
        public String kind() {
            return "add_tag";
        }
    }
}
