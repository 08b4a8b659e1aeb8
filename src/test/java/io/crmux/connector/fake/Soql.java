package io.crmux.connector.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * As much of Salesforce's query language as crmux speaks: {@code SELECT … FROM … WHERE … AND … ORDER BY Id LIMIT …}. Texts compare ignoring case, ids in either
 * length.
 *
 * @param limit null for all
 */
record Soql(
        List<String> fields,
        String from,
        List<Predicate<Map<String, Object>>> conditions,
        boolean ordered,
        @Nullable Integer limit) {

    private static final Pattern TOKEN = Pattern.compile("\\s*('(?:[^'\\\\]|\\\\.)*'|[A-Za-z0-9_.]+|[=>(),])");

    /** It is no query, or names no id where one belongs. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final String code;

        Malformed(String code, String message) {
            super(message);
            this.code = code;
        }
    }

    static Soql parse(String query) {
        return new Parser(query).soql();
    }

    Stream<Map<String, Object>> select(Stream<Map<String, Object>> rows) {
        Stream<Map<String, Object>> found =
                rows.filter(row -> conditions.stream().allMatch(condition -> condition.test(row)));
        return limit == null ? found : found.limit(limit);
    }

    private static final class Parser {
        private final List<String> tokens = new ArrayList<>();
        private int at;

        Parser(String query) {
            Matcher token = TOKEN.matcher(query);
            int end = 0;
            while (token.find() && token.start() == end) {
                tokens.add(token.group(1));
                end = token.end();
            }
            if (end != query.length()) {
                throw new Malformed("MALFORMED_QUERY", "unexpected token: " + query.substring(end));
            }
        }

        Soql soql() {
            expect("SELECT");
            List<String> fields = new ArrayList<>();
            do {
                fields.add(next());
            } while (accepts(","));
            expect("FROM");
            String from = next();
            List<Predicate<Map<String, Object>>> conditions = new ArrayList<>();
            if (accepts("WHERE")) {
                do {
                    conditions.add(condition());
                } while (accepts("AND"));
            }
            boolean ordered = accepts("ORDER");
            if (ordered) {
                expect("BY");
                expect("Id");
            }
            Integer limit = accepts("LIMIT") ? Integer.valueOf(next()) : null;
            if (at != tokens.size()) {
                throw new Malformed("MALFORMED_QUERY", "unexpected token: " + next());
            }
            return new Soql(fields, from, conditions, ordered, limit);
        }

        private Predicate<Map<String, Object>> condition() {
            String field = next();
            String operator = next().toUpperCase(Locale.ROOT);
            List<String> values = operator.equals("IN") || operator.equals("INCLUDES") ? list() : List.of(literal());
            if (field.endsWith("Id")) {
                values.forEach(Parser::isId);
            }
            return row -> values.stream().anyMatch(value -> fits(text(row, field), operator, value));
        }

        private static void isId(String value) {
            if (!value.matches("[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")) {
                throw new Malformed("INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: " + value);
            }
        }

        private static String text(Map<String, Object> row, String field) {
            return row.entrySet().stream()
                    .filter(held -> held.getKey().equalsIgnoreCase(field))
                    .map(held -> Objects.toString(held.getValue(), ""))
                    .findFirst()
                    .orElse("");
        }

        private static boolean fits(String held, String operator, String value) {
            return switch (operator) {
                case "=", "IN" ->
                    held.equalsIgnoreCase(value)
                            || (value.length() == 15 && held.length() == 18 && held.startsWith(value));
                case ">" -> held.compareTo(value) > 0;
                case "INCLUDES" -> Arrays.asList(held.split(";")).contains(value);
                default -> throw new Malformed("MALFORMED_QUERY", "unexpected token: " + operator);
            };
        }

        private List<String> list() {
            expect("(");
            List<String> values = new ArrayList<>();
            do {
                values.add(literal());
            } while (accepts(","));
            expect(")");
            return values;
        }

        private String literal() {
            String token = next();
            if (!token.startsWith("'")) {
                throw new Malformed("MALFORMED_QUERY", "unexpected token: " + token);
            }
            return token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1");
        }

        private String next() {
            if (at == tokens.size()) {
                throw new Malformed("MALFORMED_QUERY", "unexpected end");
            }
            return tokens.get(at++);
        }

        private boolean accepts(String word) {
            boolean is = at < tokens.size() && tokens.get(at).equalsIgnoreCase(word);
            at += is ? 1 : 0;
            return is;
        }

        private void expect(String word) {
            if (!accepts(word)) {
                throw new Malformed("MALFORMED_QUERY", "expecting " + word);
            }
        }
    }
}
