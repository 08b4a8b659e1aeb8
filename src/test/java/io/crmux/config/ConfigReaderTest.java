package io.crmux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.ActiveCampaign;
import io.crmux.connector.Ghost;
import io.crmux.connector.Sandbox;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.gateway.BatchOptions;
import io.crmux.gateway.CacheOptions;
import io.crmux.gateway.ConnectionOptions;
import io.crmux.upstream.TestAuthority;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {

    private static final String SHA256 = "ab".repeat(32);
    private static final String GOOD = "connections: {main: {crm: sandbox}}";

    private static final Map<String, String> ENVIRONMENT = Map.of("AC_KEY", "the-secret", "HOST", "acme");

    private static ConfigReader reader() {
        return new ConfigReader(List.of(new ActiveCampaign(), new Ghost(), new Sandbox()), ENVIRONMENT);
    }

    private static Config read(String text) throws ConfigException {
        return reader().read(text, Path.of(""));
    }

    private static List<String> mistakes(String text) {
        try {
            read(text);
            return List.of();
        } catch (ConfigException e) {
            return e.mistakes().stream().map(Mistake::toString).toList();
        }
    }

    @Test
    void theSmallestConfigurationHasTheDefaults() throws ConfigException {
        Config config = read(GOOD);
        assertThat(config.server().port()).isEqualTo(8080);
        assertThat(config.server().host()).isEqualTo("127.0.0.1");
        assertThat(config.server().idle()).isEqualTo(Duration.ofSeconds(75));
        assertThat(config.cacheBytes()).isEqualTo(256L << 20);
        assertThat(config.snapshot()).isFalse();
        assertThat(config.metrics()).isNull();
        assertThat(config.connections().get(0).cache()).isEqualTo(CacheOptions.defaults());
        assertThat(config.connections().get(0).batch()).isEqualTo(BatchOptions.defaults());
        assertThat(config.connections().get(0).settings().integer("contacts")).isEqualTo(5000);
    }

    @Test
    void browsersMayHaveAnotherWayToIt() throws ConfigException {
        assertThat(read("server: {public_url: 'https://crm.example.com/crm/'}\n" + GOOD)
                        .server()
                        .publicUrl())
                .isEqualTo("https://crm.example.com/crm");
        assertThat(mistakes("server: {public_url: 'crm.example.com'}\n" + GOOD))
                .containsExactly(
                        "line 1: server.public_url: expected an address such as https://crmux.example.com, found crm.example.com");
    }

    @Test
    void everythingThatCanBeSaidIsUnderstood() throws ConfigException {
        Config config = read("""
                server: {host: 0.0.0.0, port: 0, base_path: /crm, idle: 30s, connections: 10, loops: 3}
                store: {path: /var/lib/crmux.db, max: 1GB, max_changes: 7}
                cache: {memory: 64MB, snapshot: true}
                metrics: {port: 9191}
                keys:
                  - {name: website, sha256: %s, connections: [main], may: [read, write]}
                connections:
                  main:
                    crm: activecampaign
                    url: https://${HOST}.api-us1.com/
                    key: ${AC_KEY}
                    urls: {events: https://events.example.com}
                    fields: {birthday: {to: "7", type: date}, nickname: "12"}
                    cache: {fresh: 1m, stale: 2h, missing: 5s}
                    batch: {linger: 1s, keep: 1d}
                    limit: {rate: [5/s, 10000/day], concurrent: 2, waiting: 50}
                    mode: live
                """.formatted(SHA256));
        assertThat(config.server().basePath()).isEqualTo("/crm/");
        assertThat(config.server().loops()).isEqualTo(3);
        ConnectionConfig main = config.connections().get(0);
        assertThat(main.settings().url("url")).isEqualTo("https://acme.api-us1.com");
        assertThat(main.settings().text("key")).isEqualTo("the-secret");
        assertThat(main.settings().url("urls.events")).isEqualTo("https://events.example.com");
        assertThat(main.fields())
                .containsEntry("birthday", new FieldTarget("7", FieldType.DATE))
                .containsEntry("nickname", FieldTarget.text("12"));
        assertThat(main.upstream().rate()).hasSize(2);
        assertThat(main.waiting()).isEqualTo(50);
        assertThat(main.upstream().concurrent()).isEqualTo(2);
        assertThat(config.keys().get(0).name()).isEqualTo("website");
    }

    @Test
    void proxiesAndAuthoritiesAreAConnectionsOwnOrThoseOfAll(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("all.pem"), TestAuthority.PEM);
        Files.writeString(folder.resolve("own.pem"), "own\n" + TestAuthority.PEM);
        Config config = reader().read("""
                        tls: {ca: all.pem}
                        connections:
                          one: {crm: sandbox}
                          two: {crm: sandbox, tls: {ca: own.pem}, proxy: 'http://user:pass@proxy.example.com:3128'}
                        """, folder);
        assertThat(config.connections().get(0).upstream().authorities()).isEqualTo(TestAuthority.PEM.strip());
        assertThat(config.connections().get(0).upstream().proxy()).isNull();
        assertThat(config.connections().get(1).upstream().authorities()).startsWith("own");
        assertThat(config.connections().get(1).upstream().proxy())
                .isEqualTo(URI.create("http://user:pass@proxy.example.com:3128"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    sever: {port: 1}                                    | line 1: sever: unknown key; did you mean server?
                    server: {prot: 1}                                   | line 1: server.prot: unknown key; did you mean port?
                    server: {port: 70000}                               | line 1: server.port: expected a number from 0 to 65535, found 70000
                    server: {port: many}                                | line 1: server.port: expected a number from 0 to 65535, found many
                    server: {idle: 75}                                  | line 1: server.idle: expected a duration such as 200ms, 30s, 15m, 24h or 7d, found 75
                    server: [1]                                         | line 1: server: expected keys with values
                    store: {max: 10}                                    | line 1: store.max: expected a size such as 512KB, 256MB or 10GB, found 10
                    store: {redis: 'redis://h'}                         | line 1: store.redis: a store on Redis is not implemented yet
                    secrets: {key: x}                                   | line 1: secrets.key: expected at least 32 characters that nobody can guess; crmux key NAME prints some
                    tls: {ca: x}                                        | line 1: tls.ca: the file x cannot be read
                    tls: {ca: pom.xml}                                  | line 1: tls.ca: expected certificates in PEM
                    tls: {cert: x}                                      | line 1: tls.cert: unknown key; expected one of ca
                    cache: {snapshot: maybe}                            | line 1: cache.snapshot: expected true or false, found maybe
                    """)
    void aMistakeIsToldWithItsPlaceAndWhatWasExpected(String line, String message) {
        assertThat(mistakes(line + "\n" + GOOD)).containsExactly(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    crm: hubspt                                         | unknown CRM hubspt; expected one of activecampaign, ghost, sandbox
                    crm: sandbx                                         | unknown CRM sandbx; did you mean sandbox?
                    {}                                                  | is required: one of activecampaign, ghost, sandbox
                    {crm: activecampaign, url: 'https://a.example'}     | is required: the API key, from Settings > Developer
                    {crm: activecampaign, url: nowhere, key: k}         | expected an address such as https://crm.example.com, found nowhere
                    {crm: ghost, url: 'http://g.example', key: '${NO}'} | the environment variable NO is not set
                    {crm: ghost, url: 'http://g.example', key: 'file:/nowhere/key'} | the file /nowhere/key cannot be read
                    {crm: sandbox, failure_rate: 2}                     | expected a number from 0.0 to 1.0, found 2
                    {crm: sandbox, rate_limit: 5}                       | expected a rate such as 5/s, 100/10s or 10000/day, found 5
                    {crm: sandbox, contact: 5}                          | unknown key; did you mean contacts?
                    {crm: sandbox, cache: {frehs: 1m}}                  | unknown key; did you mean fresh?
                    {crm: sandbox, cache: {fresh: 2h, stale: 1h}}       | must not be shorter than fresh
                    {crm: sandbox, limit: {rate: 0/s}}                  | expected a rate of at least one call in a window longer than nothing, found 0/s
                    {crm: sandbox, mirror: [main]}                      | a connection cannot mirror itself
                    {crm: sandbox, mode: dead}                          | expected live or staging, found dead
                    {crm: sandbox, proxy: 'ftp://user:secret@p'}        | proxy: expected an address such as http://proxy.example.com:3128 or socks5://...
                    {crm: sandbox, proxy: 'proxy:3128'}                 | proxy: expected an address such as http://proxy.example.com:3128 or socks5://...
                    {crm: sandbox, tls: {ca: /nowhere/ca.pem}}          | tls.ca: the file /nowhere/ca.pem cannot be read
                    {crm: sandbox, fields: {a: {to: b, type: dat}}}     | unknown type; did you mean date?, found dat
                    """)
    void aMistakeInAConnectionIsTold(String connection, String message) {
        String text = "connections:\n  main:\n    " + (connection.startsWith("{") ? connection : connection + "\n");
        assertThat(mistakes(text)).singleElement().asString().endsWith(message).startsWith("line ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    connections: [], may: [read]  | line 2: keys[0].connections: expected at least one connection, or ["*"]
                    connections: ['*'], may: []   | line 2: keys[0].may: expected at least one of read, write and admin
                    """)
    void aKeyThatMayDoNothingIsTold(String rights, String message) {
        String keys = "keys:\n  - {name: site, sha256: " + "0".repeat(64) + ", " + rights + "}\n";
        assertThat(mistakes(keys + "connections: {main: {crm: sandbox}}")).containsExactly(message);
    }

    @Test
    void aMirrorToNowhereIsTold() {
        assertThat(mistakes("connections: {main: {crm: sandbox, mirror: [mian]}}"))
                .containsExactly("line 1: connections.main.mirror: there is no connection mian; did you mean main?");
    }

    @Test
    void mirrorsThatGoRoundInACircleAreTold() {
        assertThat(mistakes("""
                        connections:
                          a: {crm: sandbox, mirror: [b]}
                          b: {crm: sandbox, mirror: [c, d]}
                          c: {crm: sandbox, mirror: [a]}
                          d: {crm: sandbox}
                        """))
                .containsExactlyInAnyOrder(
                        "line 2: connections.a.mirror: mirrors go round in a circle: a -> b -> c -> a",
                        "line 3: connections.b.mirror: mirrors go round in a circle: b -> c -> a -> b",
                        "line 4: connections.c.mirror: mirrors go round in a circle: c -> a -> b -> c");
    }

    @Test
    void keysAreCheckedToo() {
        assertThat(mistakes("""
                        keys:
                          - {name: a, sha256: short, connections: [mian], may: [raed]}
                          - {sha256: %s, connections: ["*"], may: [read]}
                        connections: {main: {crm: sandbox}}
                        """.formatted(SHA256)))
                .hasSize(4)
                .anyMatch(mistake -> mistake.startsWith("line 2: keys[0].sha256: expected 64"))
                .anyMatch(mistake -> mistake.endsWith("there is no connection mian; did you mean main?"))
                .anyMatch(mistake -> mistake.endsWith("unknown right raed; did you mean read?"))
                .anyMatch(mistake -> mistake.startsWith("line 3: keys[1].name: is required"));
    }

    @Test
    void aKeyThatIsThereTwiceIsToldOnce() {
        assertThat(mistakes("server: {port: 1}\nserver: {port: 2}\n" + GOOD))
                .containsExactly("line 2: server: this key is there twice: first in line 1");
    }

    @Test
    void aSecretIsInNoMessage() {
        assertThat(String.join(
                        "", mistakes("connections: {main: {crm: ghost, url: x, key: very-secret, ky: very-secret}}")))
                .doesNotContain("very-secret");
    }

    @Test
    void whatIsNotYamlIsTold() {
        assertThat(mistakes("server: {port: 1\nkeys: ["))
                .singleElement()
                .asString()
                .contains("this is not YAML");
        assertThat(mistakes("a: &a [x]\nb: [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]"))
                .singleElement()
                .asString()
                .contains("aliases");
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        assertThatThrownBy(() -> reader().read(Path.of("nowhere.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nowhere.yaml cannot be read");
    }

    /** However many mistakes there are, all are told. */
    @Property(tries = 200)
    void allMistakesAreToldAtOnce(@ForAll("mistakes") List<String> wrong) {
        String text = GOOD + "\n" + String.join("\n", wrong);
        assertThat(mistakes(text)).hasSize(wrong.size());
    }

    @Provide
    Arbitrary<List<String>> mistakes() {
        return Arbitraries.of(
                        "server: {port: x}",
                        "store: {max: x}",
                        "cache: {memory: x}",
                        "metrics: {port: x}",
                        "secrets: {key: x}",
                        "tls: {ca: x}",
                        "keys: x",
                        "unknown: x")
                .list()
                .uniqueElements();
    }

    /** The file that every new user starts with, and in which every option is documented. */
    @Test
    void theDefaultConfigurationIsGoodAndItsCommentsAreTrue() throws Exception {
        List<String> uncommented = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("conf", "crmux.yaml"))) {
            uncommented.add(line.replaceFirst("^( *)# (?=[a-z_ ]+:( |$))", "$1"));
        }
        Config shipped = reader().read(Path.of("conf", "crmux.yaml"));
        String all = String.join("\n", uncommented).replace("${ACTIVECAMPAIGN_KEY}", "k");
        Config full = read(all);
        assertThat(full.server()).isEqualTo(shipped.server());
        assertThat(full.store()).isEqualTo(shipped.store());
        assertThat(full.cacheBytes()).isEqualTo(shipped.cacheBytes());
        assertThat(full.snapshot()).isEqualTo(shipped.snapshot());
        ConnectionConfig main = full.connections().get(1);
        assertThat(main.cache()).isEqualTo(CacheOptions.defaults());
        assertThat(main.batch()).isEqualTo(BatchOptions.defaults());
        assertThat(main.waiting()).isEqualTo(ConnectionOptions.DEFAULT_WAITING);
        assertThat(full.connections().get(0).settings().values())
                .containsAllEntriesOf(shipped.connections().get(0).settings().values());
    }
}
