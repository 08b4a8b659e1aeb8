package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyRulesTest {

    private static final BodyRules RULES = new BodyRules(Description.read());

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    AddContact    | {}                                        | /fields is required
                    AddContact    | {"fields":[]}                             | /fields must be an object
                    AddContact    | {"fields":{"a":{},"b":[1]}}               | /fields/a must be a string, a number, a boolean, an array or null; /fields/b/0 must be a string
                    AddContact    | {"fields":{"a/b c":{}}}                   | /fields/a~1b c must be a string, a number, a boolean, an array or null
                    AddContact    | {"fields":{},"tagz":1}                    | /tagz is unknown
                    AddContact    | {"fields":{},"map_meta_fields":"yes"}     | /map_meta_fields must be a boolean
                    AddContact    | {"fields":{},"tags":[""," ",5,"vip"]}     | /tags/0 must not be empty; /tags/1 must not be blank; /tags/2 must be a string
                    UpdateContact | {"fields":{}}                             | /fields must not be empty
                    TrackEvent    | {"properties":3,"more":{}}                | /name is required; /properties must be an object; /more is unknown
                    DeadFilter    | {"contact":5}                             | /contact must be a string
                    """)
    void eachMistakeIsToldOnceWithItsPlaceInWordsOfOurs(String schema, String body, String expected) {
        assertThat(mistakes(schema, new JsonObject(body))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"500, ''", "501, /name must have at most 500 characters"})
    void aTextThatIsTooLongIsToldWithTheMost(int length, String expected) {
        assertThat(mistakes("AddTag", new JsonObject().put("name", "x".repeat(length))))
                .isEqualTo(expected);
    }

    private static String mistakes(String schema, JsonObject body) {
        Problem.Failure failure = catchThrowableOfType(Problem.Failure.class, () -> RULES.check(schema, body));
        return failure == null
                ? ""
                : failure.problem().errors().stream()
                        .map(mistake -> mistake.pointer() + " " + mistake.problem())
                        .collect(Collectors.joining("; "));
    }
}
