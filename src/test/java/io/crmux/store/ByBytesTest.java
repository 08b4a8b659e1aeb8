package io.crmux.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ByBytesTest {

    /** Few letters make many that are equal, and many whose hashes are. */
    @Property(tries = 200)
    void eachValueIsMadeOnce(
            @ForAll @Size(max = 200) List<@StringLength(max = 3) @CharRange(from = 'A', to = 'c') String> words) {
        Map<String, Object> expected = new HashMap<>();
        ByBytes<Object> values = new ByBytes<>(bytes -> new Object());
        for (String word : words) {
            Object value = at(values, word);
            Object before = expected.putIfAbsent(word, value);
            assertThat(value).isSameAs(before == null ? value : before);
        }
        assertThat(expected.values()).doesNotHaveDuplicates();
    }

    @Test
    void valuesAreFoundWhenThereAreMany() {
        ByBytes<String> values = new ByBytes<>(bytes -> new String(bytes, StandardCharsets.UTF_8));
        Map<String, String> first = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            first.put("word " + i, at(values, "word " + i));
        }
        first.forEach((word, value) -> {
            assertThat(value).isEqualTo(word);
            assertThat(at(values, word)).isSameAs(value);
        });
    }

    /** In the middle of others, as values are. */
    private static <T> T at(ByBytes<T> values, String word) {
        byte[] all = ("before" + word + "after").getBytes(StandardCharsets.UTF_8);
        return values.at(all, "before".length(), all.length - "beforeafter".length());
    }
}
