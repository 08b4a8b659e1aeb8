package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonTextTest {

    private static String written(List<String> texts) {
        return JsonText.begin().strings(texts).toBuffer().toString();
    }

    @Property
    void whatIsWrittenIsReadAgain(@ForAll("texts") List<String> texts) {
        assertThat(new JsonArray(written(texts)).getList()).isEqualTo(texts);
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.strings()
                .withChars("a\"\\\n\t\u0000\u007f\u00fc\u20ac\uD83D\uDE00/")
                .ofMaxLength(8)
                .list()
                .ofMaxSize(4);
    }

    @Example
    void nothingIsNull() {
        assertThat(JsonText.begin().string(null)).hasToString("null");
    }
}
