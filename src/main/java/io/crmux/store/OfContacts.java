package io.crmux.store;

import io.vertx.core.json.JsonArray;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;

/** Picks out the rows of changes that are of some contacts, by their ids and addresses. */
final class OfContacts {

    /** Takes two parameters, 2 and 3. */
    static final String CONDITION =
            "(contact IN (SELECT value FROM json_each(?2)) OR coalesce(email_key, email) IN (SELECT value FROM json_each(?3)))";

    private OfContacts() {}

    static void bind(PreparedStatement statement, Identity whose) throws SQLException {
        statement.setString(2, json(whose.contactIds()));
        statement.setString(3, json(whose.emailKeys()));
    }

    private static String json(Set<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array.encode();
    }
}
