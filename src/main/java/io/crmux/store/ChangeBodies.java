package io.crmux.store;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/*
 * Bodies of changes as compact JSON arrays. The first element is the version of the encoding, the second the kind:
 *
 *   [1,"tags",["to","apply"],["to","remove"]]
 *   [1,"create",{"user_email":"…"},true]        true: the keys are the site's own; false: the CRM's
 *   [1,"update",{"first_name":"…"},true]
 *   [1,"event","name",{"its":"properties"}]
 *   [1,"delete"]
 *   [1,"add_tag","name"]
 *
 * A change of the encoding takes a new version here and leaves the rows that are there as they are.
 */
final class ChangeBodies {

    private static final int VERSION = 1;

    /** Of how many parts a body is that can be deferred: one with less is damaged. */
    static final int USUAL_PARTS = 4;

    /** How bodies begin. */
    private static final byte[] TAGS = "[1,\"tags\",[".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] CREATE = "[1,\"create\",{".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPDATE = "[1,\"update\",{".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "[1,\"event\",\"".getBytes(StandardCharsets.US_ASCII);

    private ChangeBodies() {}

    /** Loads what the first body that is read would load. */
    static void prepare() {
        decode(encode(new ChangeBody.Delete()));
    }

    static String encode(ChangeBody body) {
        if (body instanceof ChangeBody.Tags tags) {
            return encode(tags);
        }
        JsonArray parts = new JsonArray().add(VERSION).add(body.kind());
        if (body instanceof ChangeBody.Create create) {
            parts.add(create.fields()).add(create.map());
        } else if (body instanceof ChangeBody.Update update) {
            parts.add(update.fields()).add(update.map());
        } else if (body instanceof ChangeBody.Event event) {
            parts.add(event.name()).add(event.properties());
        } else if (body instanceof ChangeBody.AddTag tag) {
            parts.add(tag.name());
        }
        return parts.encode();
    }

    /** By hand, since they are the most frequent. */
    private static String encode(ChangeBody.Tags tags) {
        StringBuilder text = new StringBuilder(64).append('[').append(VERSION).append(",\"tags\",");
        array(text, tags.apply());
        text.append(',');
        array(text, tags.remove());
        return text.append(']').toString();
    }

    private static void array(StringBuilder text, List<String> words) {
        char before = '[';
        for (String word : words) {
            text.append(before).append('"');
            JsonStringEncoder.getInstance().quoteAsString(word, text);
            text.append('"');
            before = ',';
        }
        text.append(words.isEmpty() ? "[]" : "]");
    }

    /** @throws StoreException when the text is no body of a known version */
    static ChangeBody decode(String text) {
        try {
            JsonArray parts = new JsonArray(text);
            if (parts.getInteger(0) != VERSION) {
                throw new StoreException("its encoding is " + parts.getInteger(0) + ", which is not known", null);
            }
            return decode(parts.getString(1), parts);
        } catch (DecodeException | ClassCastException | IndexOutOfBoundsException | NullPointerException e) {
            throw new StoreException("its body is damaged", e);
        }
    }

    /** Whether a body is one of tags, by the look of it. */
    static boolean isOfTags(byte[] text, int position, int length) {
        return begins(TAGS, text, position, length);
    }

    /**
     * Whether it can be told, by the look of it, that a body deletes no contact, and that it gives none another address than it is known to have.
     *
     * @param text bytes in UTF-8; the body is a part of them, and is JSON
     * @param address where that address is in them, which ends where the body begins
     */
    static Deferral deferral(byte[] text, int position, int length, int address) {
        if (begins(CREATE, text, position, length)) {
            return Deferral.CREATION;
        }
        if (begins(TAGS, text, position, length) || begins(EVENT, text, position, length)) {
            return Deferral.PLAIN;
        }
        return begins(UPDATE, text, position, length) ? ofUpdate(text, position, length, address) : Deferral.NONE;
    }

    /** What has no @ is no address. */
    private static Deferral ofUpdate(byte[] text, int position, int length, int address) {
        Deferral deferral = Deferral.PLAIN;
        int own = position - address;
        int at = at(text, address, position) - address;
        int found = at(text, position, position + length);
        while (found < position + length) {
            int value = found - at;
            boolean isItsOwn = own > 0
                    && value > position
                    && value + own < position + length
                    && text[value - 1] == '"'
                    && text[value + own] == '"'
                    && Arrays.equals(text, address, position, text, value, value + own);
            if (!isItsOwn) {
                return Deferral.NONE;
            }
            deferral = Deferral.TELLS_ADDRESS;
            found = at(text, value + own, position + length);
        }
        return deferral;
    }

    private static int at(byte[] text, int from, int end) {
        int i = from;
        while (i < end && text[i] != '@') {
            i++;
        }
        return i;
    }

    private static boolean begins(byte[] start, byte[] text, int position, int length) {
        return length >= start.length && Arrays.equals(start, 0, start.length, text, position, position + start.length);
    }

    private static ChangeBody decode(String kind, JsonArray parts) {
        return switch (kind) {
            case "tags" -> new ChangeBody.Tags(strings(parts.getJsonArray(2)), strings(parts.getJsonArray(3)));
            case "create" -> new ChangeBody.Create(object(parts, 2), parts.getBoolean(3));
            case "update" -> new ChangeBody.Update(object(parts, 2), parts.getBoolean(3));
            case "event" -> new ChangeBody.Event(parts.getString(2), object(parts, 3));
            case "delete" -> new ChangeBody.Delete();
            case "add_tag" -> new ChangeBody.AddTag(parts.getString(2));
            default -> throw new StoreException("a change of an unknown kind is stored: " + kind, null);
        };
    }

    private static JsonObject object(JsonArray parts, int index) {
        return parts.getJsonObject(index);
    }

    private static List<String> strings(JsonArray array) {
        List<String> strings = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            strings.add(array.getString(i));
        }
        return strings;
    }
}
