package io.crmux.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request's query, form-decoded. A parameter that the route does not know is refused, so that a misspelt one is not silently ignored. */
final class Query {

    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    Query(@Nullable String raw, Set<String> known) {
        if (raw == null || raw.isEmpty()) {
            return;
        }
        for (String pair : raw.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = Text.form(equals < 0 ? pair : pair.substring(0, equals));
            if (!known.contains(name)) {
                throw Problem.malformed("unknown query parameter " + name).failure();
            }
            names.add(name);
            values.add(equals < 0 ? "" : Text.form(pair.substring(equals + 1)));
        }
    }

    /** All values of a parameter. */
    List<String> all(String name) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                all.add(values.get(i));
            }
        }
        return all;
    }

    /** The one value of a parameter. */
    Optional<String> one(String name) {
        List<String> all = all(name);
        if (all.size() > 1) {
            throw Problem.malformed("the query parameter " + name + " may be given once")
                    .failure();
        }
        return all.stream().findFirst();
    }

    boolean flag(String name, boolean otherwise) {
        return one(name)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw Problem.malformed("the query parameter " + name + " must be true or false")
                                .failure();
                })
                .orElse(otherwise);
    }

    int number(String name, int least, int most, int otherwise) {
        return one(name)
                .map(value -> {
                    if (!value.matches("\\d{1,9}")
                            || Integer.parseInt(value) < least
                            || Integer.parseInt(value) > most) {
                        throw Problem.malformed("the query parameter " + name + " must be a number from " + least
                                        + " to " + most)
                                .failure();
                    }
                    return Integer.parseInt(value);
                })
                .orElse(otherwise);
    }
}
