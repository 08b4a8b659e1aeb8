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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints changes, a JSON object a line. */
@Command(name = "export", description = "Prints changes with all that they say, a JSON object a line, oldest first.")
final class OutboxExportCommand implements Callable<Integer> {

    private static final String BY_ADDRESS = "email:";

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--connection", paramLabel = "NAME", description = "Changes of this connection only.")
    private @Nullable String connection;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            converter = StateConverter.class,
            description = "Changes in this state only: queued, accepted, delivered, dead, discarded or staged.")
    private @Nullable ChangeState state;

    @Option(
            names = "--contact",
            paramLabel = "CONTACT",
            description = "Changes that were accepted for this id, or this address (email:jane@example.com), only.")
    private @Nullable String contact;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        ViewFilter filter = new ViewFilter(connection, state, contact == null ? null : identity(contact));
        try (StoreView view = StoreView.open(store.path())) {
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

    /** Reads a state by its word. */
    static final class StateConverter implements ITypeConverter<ChangeState> {

        @Override
        public ChangeState convert(String word) {
            for (ChangeState state : ChangeState.values()) {
                if (state != ChangeState.DELIVERING && state.toString().equals(word)) {
                    return state;
                }
            }
            throw new TypeConversionException("'" + word + "' is no state of a stored change");
        }
    }
}
