package io.crmux.api;

import org.jspecify.annotations.Nullable;

/**
 * What a path means.
 *
 * @param argument the contact or the operation, decoded; empty where the resource has none
 */
record Route(String connection, Resource resource, String argument) {

    private static final String PREFIX = "/v1/";
    private static final String CONTACTS = "contacts/";
    private static final String OPERATIONS = "operations/";
    private static final String DEAD = "dead/";
    private static final String REPLAY = "replay";

    /**
     * The route of a path below the base path, not decoded yet; null when there is none.
     *
     * @param likely the name of the connection that it probably is for: is it, the name is not copied again
     */
    static @Nullable Route of(String path, String likely) {
        if (!path.startsWith(PREFIX)) {
            return null;
        }
        int slash = path.indexOf('/', PREFIX.length());
        if (slash < 0) {
            return null;
        }
        String connection = slash == PREFIX.length() + likely.length() && path.startsWith(likely, PREFIX.length())
                ? likely
                : path.substring(PREFIX.length(), slash);
        int rest = slash + 1;
        if (path.startsWith(CONTACTS, rest)) {
            return contact(connection, path, rest + CONTACTS.length());
        }
        if (path.startsWith(OPERATIONS, rest)) {
            String operation = path.substring(rest + OPERATIONS.length());
            return operation.isEmpty() || operation.indexOf('/') >= 0
                    ? null
                    : new Route(connection, Resource.OPERATION, Text.segment(operation));
        }
        if (path.startsWith(DEAD, rest)) {
            return dead(connection, path.substring(rest + DEAD.length()));
        }
        Resource resource = switch (path.substring(rest)) {
            case "connect" -> Resource.CONNECT;
            case "tags" -> Resource.TAGS;
            case "fields" -> Resource.FIELDS;
            case "lists" -> Resource.LISTS;
            case "contacts" -> Resource.CONTACTS;
            case "lookup" -> Resource.LOOKUP;
            case "operations" -> Resource.OPERATIONS;
            case "dead" -> Resource.DEAD_LETTERS;
            case "budget" -> Resource.BUDGET;
            case "cache" -> Resource.CACHE;
            default -> null;
        };
        return resource == null ? null : new Route(connection, resource, "");
    }

    private static @Nullable Route contact(String connection, String path, int begin) {
        int end = path.indexOf('/', begin);
        String contact = end < 0 ? path.substring(begin) : path.substring(begin, end);
        Resource resource = end < 0 ? Resource.CONTACT : ofContact(path, end + 1);
        return contact.isEmpty() || resource == null ? null : new Route(connection, resource, Text.segment(contact));
    }

    private static @Nullable Resource ofContact(String path, int begin) {
        if (isRest(path, begin, "tags")) {
            return Resource.CONTACT_TAGS;
        }
        return switch (path.substring(begin)) {
            case "id" -> Resource.CONTACT_ID;
            case "events" -> Resource.CONTACT_EVENTS;
            case "cache" -> Resource.CONTACT_CACHE;
            default -> null;
        };
    }

    /** Asked without a copy: most requests are for tags. */
    private static boolean isRest(String path, int begin, String word) {
        return path.length() == begin + word.length() && path.startsWith(word, begin);
    }

    /** No operation is called replay: they have UUIDs. */
    private static @Nullable Route dead(String connection, String rest) {
        if (rest.equals(REPLAY)) {
            return new Route(connection, Resource.DEAD_LETTERS_REPLAY, "");
        }
        int end = rest.indexOf('/');
        String operation = end < 0 ? rest : rest.substring(0, end);
        if (operation.isEmpty() || (end >= 0 && !rest.substring(end + 1).equals(REPLAY))) {
            return null;
        }
        return new Route(
                connection, end < 0 ? Resource.DEAD_LETTER : Resource.DEAD_LETTER_REPLAY, Text.segment(operation));
    }
}
