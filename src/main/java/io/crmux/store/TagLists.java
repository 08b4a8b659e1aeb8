package io.crmux.store;

import io.crmux.crm.Tag;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;

/** Tag lists as JSON: {@code [[id, name, category, writable], …]}, ids and categories null where there are none. */
final class TagLists {

    private TagLists() {}

    static String encode(List<Tag> tags) {
        JsonArray encoded = new JsonArray();
        for (Tag tag : tags) {
            encoded.add(new JsonArray()
                    .add(tag.id())
                    .add(tag.name())
                    .add(tag.category())
                    .add(tag.writable()));
        }
        return encoded.encode();
    }

    static List<Tag> decode(String text) {
        JsonArray encoded = new JsonArray(text);
        List<Tag> tags = new ArrayList<>(encoded.size());
        for (int i = 0; i < encoded.size(); i++) {
            JsonArray tag = encoded.getJsonArray(i);
            tags.add(new Tag(tag.getString(0), tag.getString(1), tag.getString(2), tag.getBoolean(3)));
        }
        return tags;
    }
}
