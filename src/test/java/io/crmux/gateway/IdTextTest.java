package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class IdTextTest {

    private final IdText text = new IdText();

    /** Whatever it was before. */
    @Property
    void aNumberReadsAsItsDigits(@ForAll @Size(max = 3) List<@LongRange(min = 0) Long> numbers) {
        for (long number : numbers) {
            text.is(number);
            assertSame(Long.toString(number));
        }
    }

    @Test
    void aTextReadsAsItIs() {
        text.is(17);
        text.is("5f3c");
        assertSame("5f3c");
    }

    private void assertSame(String expected) {
        assertThat(text).hasToString(expected).hasSize(expected.length());
        for (int i = 0; i < expected.length(); i++) {
            assertThat(text.charAt(i)).isEqualTo(expected.charAt(i));
        }
        assertThat(text.subSequence(1, text.length())).isEqualTo(expected.substring(1));
    }
}
