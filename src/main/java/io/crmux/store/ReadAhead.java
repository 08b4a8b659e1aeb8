package io.crmux.store;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a store remembers of a connection, read before anybody asks for it. One thread reads, another asks. */
final class ReadAhead implements Recovery {

    private final Queue<Consumer<Recovery>> told = new ArrayDeque<>();
    private @Nullable Recovery asking;

    /** Tells what is read by now, and whatever comes. To be called once. */
    synchronized void tell(Recovery recovery) {
        asking = recovery;
        while (!told.isEmpty()) {
            told.remove().accept(recovery);
        }
    }

    @Override
    public void known(List<Alias> aliases, List<Rename> renames) {
        take(recovery -> recovery.known(aliases, renames));
    }

    @Override
    public void unsettled(StoredChanges part) {
        take(recovery -> recovery.unsettled(part));
    }

    private synchronized void take(Consumer<Recovery> telling) {
        if (asking == null) {
            told.add(telling);
        } else {
            telling.accept(asking);
        }
    }
}
