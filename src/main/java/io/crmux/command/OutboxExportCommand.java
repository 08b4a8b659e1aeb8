package io.crmux.command;

import io.crmux.store.ChangeState;
import io.crmux.store.Identity;
import io.crmux.store.StoreView;
import io.crmux.store.StoredChange;
import io.crmux.store.ViewFilter;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints changes, a JSON object a line. */
final class OutboxExportCommand implements Command {

    private static final String BY_ADDRESS = "email:";

    private static final String CONNECTION = "connection";
    private static final String STATE = "state";
    private static final String CONTACT = "contact";

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String description() {
        return "Prints changes with all that they say, a JSON object a line, oldest first.";
    }

    @Override
    public Syntax syntax() {
        return StoreOption.addTo(new Syntax())
                .option(CONNECTION, "NAME", "Changes of this connection only.")
                .option(
                        STATE,
                        "STATE",
                        "Changes in this state only: queued, accepted, delivered, dead, discarded or staged.")
                .option(
                        CONTACT,
                        "CONTACT",
                        "Changes that were accepted for this id, or this address (email:jane@example.com), only.");
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        PrintWriter out = invocation.out();
        String contact = invocation.option(CONTACT);
        ViewFilter filter = new ViewFilter(
                invocation.option(CONNECTION),
                state(invocation.option(STATE)),
                contact == null ? null : identity(contact));
        try (StoreView view = StoreView.open(StoreOption.path(invocation))) {
            List<StoredChange> page = view.page(filter, 0);
            while (!page.isEmpty() && !out.checkError()) {
                page.forEach(change -> out.println(ExportedChange.line(change)));
                page = view.page(filter, page.get(page.size() - 1).change().seq());
            }
        }
        return out.checkError() ? Exit.FAILURE : 0;
    }

    private static Identity identity(String contact) {
        return contact.startsWith(BY_ADDRESS)
                ? new Identity(
                        Set.of(),
                        Set.of(contact.substring(BY_ADDRESS.length()).trim().toLowerCase(Locale.ROOT)))
                : new Identity(Set.of(contact), Set.of());
    }

    private static @Nullable ChangeState state(@Nullable String word) {
        if (word == null) {
            return null;
        }
        for (ChangeState state : ChangeState.values()) {
            if (state != ChangeState.DELIVERING && state.toString().equals(word)) {
                return state;
            }
        }
        throw new MisuseException("--" + STATE + ": '" + word + "' is no state of a stored change");
    }
}
