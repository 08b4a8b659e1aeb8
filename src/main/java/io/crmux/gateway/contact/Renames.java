package io.crmux.gateway.contact;

import io.crmux.store.Rename;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ids that contacts have now, by ids that they had. Touched only on the connection's loop.
 *
 * <p>A former id may become another contact's: where ids are made of addresses, whoever has the old address next has the old id. It is no former id
 * from the moment at which the CRM shows it as one that is in use.
 */
public final class Renames {

    private final Map<String, Rename> byFormerId = new HashMap<>();
    /** The former ids of a contact by its present one, in the order in which they were noted. */
    private final Map<String, Set<String>> formerIds = new HashMap<>();

    /** A contact has another id than it had; one that is its own says that the id is in use again. */
    public void note(Rename rename) {
        String former = rename.formerId();
        String present = rename.contactId();
        forget(present);
        if (rename.isInUseAgain()) {
            return;
        }
        forget(former);
        Set<String> earlier = formerIds.getOrDefault(former, Set.of());
        formerIds.remove(former);
        for (String id : earlier) {
            Rename known = byFormerId.get(id);
            if (known != null) {
                put(new Rename(id, present, known.learned()));
            }
        }
        put(rename);
    }

    private void put(Rename rename) {
        byFormerId.put(rename.formerId(), rename);
        formerIds
                .computeIfAbsent(rename.contactId(), present -> new LinkedHashSet<>())
                .add(rename.formerId());
    }

    /** It is no former id of anybody. */
    private void forget(String id) {
        Rename known = byFormerId.remove(id);
        if (known != null) {
            formerIds.computeIfPresent(known.contactId(), (present, former) -> {
                former.remove(id);
                return former.isEmpty() ? null : former;
            });
        }
    }

    /** The first of its former ids that a contact is still known by, which further ids do not change; its only one where it has no other. */
    public String first(String id) {
        String present = present(id);
        return formerIds.getOrDefault(present, Set.of(present)).iterator().next();
    }

    /** What leads to the id of a contact, in the order in which it was noted. */
    public List<Rename> to(String id) {
        List<Rename> all = new ArrayList<>();
        for (String former : formerIds.getOrDefault(id, Set.of())) {
            Rename known = byFormerId.get(former);
            if (known != null) {
                all.add(known);
            }
        }
        return all;
    }

    /** The id that the contact has now. */
    public String present(String id) {
        Rename rename = byFormerId.get(id);
        return rename == null ? id : rename.contactId();
    }

    /** Whether the contact has another id now. */
    public boolean isFormer(String id) {
        return byFormerId.containsKey(id);
    }

    /**
     * Whether an answer of the CRM that names this id shows that it is in use again: an older one may not have seen the change.
     *
     * @param began when it was asked for, milliseconds since 1970
     * @param settling milliseconds
     */
    public boolean isInUseAgain(String id, long began, long settling) {
        Rename rename = byFormerId.get(id);
        return rename != null && began > rename.learned() + settling;
    }

    /** All ids under which the contact was known, the present one among them. */
    public Set<String> all(String id) {
        String present = present(id);
        Set<String> all = new HashSet<>(formerIds.getOrDefault(present, Set.of()));
        all.add(present);
        return all;
    }
}
