package io.crmux.api;

import io.crmux.gateway.InputProblem;
import io.crmux.gateway.Refusal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the bodies of tag writes and of look-ups: by code of its own, since they are the most frequent, and by the same rules as the OpenAPI document.
 *
 * @param apply tags to apply
 * @param remove tags to remove; disjoint from {@code apply}
 */
record TagWords(List<String> apply, List<String> remove) {

    private static final Pattern INKED = Pattern.compile("\\S");
    private static final int LONGEST_TAG = 500;
    private static final int MOST_TAGS = 1000;
    private static final int MOST_EMAILS = 1000;

    /** {@code {"tags":["vip"]}}. */
    static TagWords applied(JsonObject body) {
        only(body, Set.of("tags"));
        if (!body.containsKey("tags")) {
            throw Problem.malformed("the body must have tags").failure();
        }
        return new TagWords(list(body, "tags"), List.of());
    }

    /** {@code {"apply":["a"],"remove":["b"]}}: one of them may be left out. */
    static TagWords changed(JsonObject body) {
        only(body, Set.of("apply", "remove"));
        if (body.isEmpty()) {
            throw Problem.malformed("the body must have apply or remove").failure();
        }
        List<String> apply = body.containsKey("apply") ? list(body, "apply") : List.of();
        List<String> remove = body.containsKey("remove") ? list(body, "remove") : List.of();
        for (int i = 0; i < apply.size(); i++) {
            if (remove.contains(apply.get(i))) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "the tag " + apply.get(i) + " is to be applied and removed",
                        List.of(new InputProblem("/apply/" + i, apply.get(i) + " is in remove, too")),
                        null);
            }
        }
        return new TagWords(apply, remove);
    }

    /** {@code ?tag=a&tag=b}. */
    static TagWords removed(Query query) {
        List<String> tags = query.all("tag");
        if (tags.isEmpty()) {
            throw Problem.malformed("the query must have at least one tag").failure();
        }
        tags.forEach(tag -> checked(tag, "tag"));
        return new TagWords(List.of(), tags.stream().distinct().toList());
    }

    /** {@code {"emails":["jane@example.com"]}}. */
    static List<String> emails(JsonObject body) {
        only(body, Set.of("emails"));
        List<String> emails = strings(body, "emails", MOST_EMAILS);
        return emails;
    }

    private static void only(JsonObject body, Set<String> known) {
        for (String name : body.fieldNames()) {
            if (!known.contains(name)) {
                throw new Problem(
                                400,
                                "malformed",
                                "the body has an unknown property",
                                List.of(new InputProblem("/" + name, "is unknown")),
                                null,
                                null)
                        .failure();
            }
        }
    }

    private static List<String> list(JsonObject body, String name) {
        List<String> tags = strings(body, name, MOST_TAGS);
        tags.forEach(tag -> checked(tag, name));
        return tags.size() == 1 ? tags : tags.stream().distinct().toList();
    }

    private static List<String> strings(JsonObject body, String name, int most) {
        if (!(body.getValue(name) instanceof JsonArray array) || array.isEmpty() || array.size() > most) {
            throw malformed("/" + name, "must be an array of 1 to " + most + " strings");
        }
        List<String> strings = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            if (!(array.getValue(i) instanceof String text)) {
                throw malformed("/" + name + "/" + i, "must be a string");
            }
            strings.add(text);
        }
        return strings;
    }

    private static void checked(String tag, String name) {
        if (!hasInk(tag) || tag.codePointCount(0, tag.length()) > LONGEST_TAG) {
            throw malformed("/" + name, "a tag must have 1 to " + LONGEST_TAG + " characters, not all of them blanks");
        }
    }

    private static boolean hasInk(String tag) {
        return (!tag.isEmpty() && tag.charAt(0) > ' ') || INKED.matcher(tag).find();
    }

    private static Problem.Failure malformed(String pointer, String rule) {
        return new Problem(
                        400,
                        "malformed",
                        "the request is malformed",
                        List.of(new InputProblem(pointer, rule)),
                        null,
                        null)
                .failure();
    }
}
