package io.crmux.gateway.contact;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.store.Rename;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RenamesTest {

    private static final List<String> IDS = List.of("a", "b", "c", "d", "e");

    /** The same, gone through as a whole each time. */
    private static final class Model {

        private final Map<String, String> presentIds = new LinkedHashMap<>();

        void note(String former, String present) {
            presentIds.remove(present);
            presentIds.replaceAll((id, known) -> known.equals(former) ? present : known);
            if (!former.equals(present)) {
                presentIds.put(former, present);
            }
        }

        String present(String id) {
            return presentIds.getOrDefault(id, id);
        }

        Set<String> all(String id) {
            return Stream.concat(
                            Stream.of(present(id)),
                            presentIds.keySet().stream()
                                    .filter(former -> present(former).equals(present(id))))
                    .collect(Collectors.toSet());
        }
    }

    @Provide
    Arbitrary<List<Rename>> notes() {
        Arbitrary<String> id = Arbitraries.of(IDS);
        return Combinators.combine(id, id)
                .as((former, present) -> new Rename(former, present, 1))
                .list()
                .ofMaxSize(12);
    }

    @Property
    void whateverWasNotedEachIdLeadsToThePresentOne(@ForAll("notes") List<Rename> notes) {
        Renames renames = new Renames();
        Model model = new Model();
        for (Rename note : notes) {
            renames.note(note);
            model.note(note.formerId(), note.contactId());
            for (String id : IDS) {
                assertThat(renames.present(id)).isEqualTo(model.present(id));
                assertThat(renames.isFormer(id)).isEqualTo(!model.present(id).equals(id));
                assertThat(renames.all(id)).isEqualTo(model.all(id)).contains(renames.first(id));
            }
        }
    }

    @Test
    void theFirstIdStaysWhicheverFollow() {
        Renames renames = new Renames();
        renames.note(new Rename("a", "b", 1));
        assertThat(renames.first("b")).isEqualTo("a");
        renames.note(new Rename("b", "c", 2));
        assertThat(renames.first("c")).isEqualTo("a");
        assertThat(renames.first("a")).isEqualTo("a");
        renames.note(new Rename("a", "a", 3));
        assertThat(renames.first("c")).isEqualTo("b");
        assertThat(renames.first("a")).isEqualTo("a");
    }
}
