package io.crmux.connector;

import io.crmux.crm.Contact;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** How several CRMs find contacts by their addresses. */
final class Addresses {

    private Addresses() {}

    /** For a look-up that minds the case, or may: each address in lower case, and as it was given. */
    static JsonArray spellings(List<String> emails) {
        return new JsonArray(emails.stream()
                .flatMap(email -> Stream.of(email.toLowerCase(Locale.ROOT), email))
                .distinct()
                .toList());
    }

    /** The contacts by address; those that nobody has are left out. */
    static Map<String, Contact> owners(List<String> emails, Function<String, Optional<Contact>> owner) {
        Map<String, Contact> owners = new LinkedHashMap<>();
        emails.forEach(email -> owner.apply(email).ifPresent(contact -> owners.put(email, contact)));
        return owners;
    }

    /** What some take for a contact's id: the MD5 of the address in lower case, in hexadecimal digits. */
    static String md5(String email) {
        try {
            byte[] lower = email.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(lower));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
