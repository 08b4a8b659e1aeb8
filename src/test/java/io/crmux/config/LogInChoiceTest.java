package io.crmux.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Authentication;
import io.crmux.crm.OAuth;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class LogInChoiceTest {

    private static final Authentication EITHER = Authentication.either(
            Authentication.basic("username", "password"),
            Authentication.oauth(settings -> OAuth.clientCredentials("https://a/token")));

    private static List<String> mistakes(String yaml) {
        List<Mistake> mistakes = new ArrayList<>();
        Section section = new Section(
                "connections.main",
                new Yaml().compose(new StringReader(yaml)),
                mistakes,
                new Values(Map.of(), Path.of("")));
        new LogInChoice(section).check(EITHER.choices());
        return mistakes.stream().map(Mistake::toString).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        {username: u, password: p}                    | -
        {client_id: i, client_secret: s}              | -
        {crm: x}                                      | line 1: connections.main.username: one of these must be given: username and password; or client_id and client_secret
        {crm: x, client_id: i}                        | line 1: connections.main.client_secret: is required beside client_id
        {username: u, client_id: i, client_secret: s} | line 1: connections.main.username: must not be given beside client_id and client_secret: one kind of credentials is used
        """)
    void credentialsOfOneKindAreGivenWholeAndNoOthers(String yaml, String mistake) {
        assertThat(mistakes(yaml)).isEqualTo(mistake == null ? List.of() : List.of(mistake));
    }
}
