package io.crmux.command;

import io.crmux.store.ChangeState;
import io.crmux.store.ConnectionSummary;
import io.crmux.store.StoreView;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says in numbers what is stored. */
final class OutboxStatCommand implements Command {

    private static final double MEGABYTE = 1 << 20;

    private static final List<ChangeState> STATES = List.of(
            ChangeState.QUEUED,
            ChangeState.ACCEPTED,
            ChangeState.DELIVERED,
            ChangeState.DEAD,
            ChangeState.DISCARDED,
            ChangeState.STAGED);

    @Override
    public String name() {
        return "stat";
    }

    @Override
    public String description() {
        return "Says how many changes are in which state, per connection.";
    }

    @Override
    public Syntax syntax() {
        return StoreOption.addTo(new Syntax());
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        PrintWriter out = invocation.out();
        Path path = StoreOption.path(invocation);
        try (StoreView view = StoreView.open(path)) {
            out.println("store  " + path + ", format " + view.format());
            out.println("size   " + megabytes(view.databaseBytes()) + ", and a log of " + megabytes(view.logBytes()));
            view.summaries().forEach(summary -> print(out, summary));
        }
        return 0;
    }

    private static void print(PrintWriter out, ConnectionSummary summary) {
        out.println();
        out.println(summary.name());
        for (ChangeState state : STATES) {
            String note = state == ChangeState.DEAD ? problems(summary) : "";
            out.println(String.format(Locale.ROOT, "  %-10s %d%s", state, summary.changes(state), note));
        }
        Long oldest = summary.oldestWaiting();
        if (oldest != null) {
            out.println("  the oldest that the CRM has not yet was accepted "
                    + age(Duration.ofMillis(System.currentTimeMillis() - oldest)) + " ago");
        }
    }

    private static String problems(ConnectionSummary summary) {
        String types = summary.problems().entrySet().stream()
                .map(type -> type.getKey() + " " + type.getValue())
                .collect(Collectors.joining(", "));
        return types.isEmpty() ? "" : ": " + types;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE);
    }

    /** The two largest parts of a duration. */
    static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + " d " + age.toHoursPart() + " h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + " h " + age.toMinutesPart() + " min";
        }
        return age.toMinutes() > 0
                ? age.toMinutes() + " min " + age.toSecondsPart() + " s"
                : Math.max(0, age.toSeconds()) + " s";
    }
}
