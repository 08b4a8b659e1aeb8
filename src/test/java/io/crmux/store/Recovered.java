package io.crmux.store;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All that a store remembers of a connection. */
record Recovered(List<StoredChange> unsettled, List<Alias> aliases, List<Rename> renames) {

    static Future<Recovered> of(Store store, String connection) {
        Recovered all = new Recovered(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        return store.recover(connection, new Recovery() {
                    @Override
                    public void known(List<Alias> aliases, List<Rename> renames) {
                        all.aliases.addAll(aliases);
                        all.renames.addAll(renames);
                    }

                    @Override
                    public void unsettled(StoredChanges part) {
                        IntStream.range(0, part.size()).mapToObj(part::get).forEach(all.unsettled::add);
                    }
                })
                .map(all);
    }
}
