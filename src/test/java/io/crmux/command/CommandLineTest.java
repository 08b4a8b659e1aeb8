package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.store.SqliteStore;
import io.crmux.store.Store;
import io.crmux.store.StoreOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Commands.run(new PrintWriter(out, true), new PrintWriter(err, true), Map.of(), arguments);
    }

    private static String config(Path folder, String text) throws IOException {
        return Files.writeString(folder.resolve("crmux.yaml"), text).toString();
    }

    @Test
    void exitCodesTellWhatWentWrong(@TempDir Path folder) throws IOException {
        assertThat(run()).isEqualTo(2);
        assertThat(run("nonsense")).isEqualTo(2);
        assertThat(run("check", "--config", folder.resolve("none.yaml").toString()))
                .isEqualTo(3);
        assertThat(run("check", "--config", config(folder, "connections: {main: {crm: sandbx}}")))
                .isEqualTo(3);
        assertThat(err.toString()).contains("line 1: connections.main.crm: unknown CRM sandbx; did you mean sandbox?");
        assertThat(err.toString()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    @Test
    void checkSaysWhichConnectionsWork(@TempDir Path folder) throws IOException {
        String file = config(folder, """
                connections:
                  good: {crm: sandbox}
                  bad: {crm: activecampaign, url: "http://127.0.0.1:1", key: secret-key}
                """);
        assertThat(run("check", "--config", file)).isEqualTo(4);
        assertThat(out.toString()).contains("good: works, sandbox").contains("bad: does not work: no connection");
        assertThat(out.toString()).doesNotContain("secret-key");
        assertThat(run("check", "--config", config(folder, "connections: {good: {crm: sandbox}}")))
                .isZero();
    }

    @Test
    void anAddressThatIsTakenIsTold(@TempDir Path folder) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String file = config(
                    folder,
                    "server: {port: " + taken.getLocalPort() + "}\nstore: {path: " + folder.resolve("x.db")
                            + "}\nconnections: {demo: {crm: sandbox}}");
            assertThat(run("serve", "--config", file)).isEqualTo(6);
            assertThat(err.toString()).contains("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aStoreThatIsInUseIsTold(@TempDir Path folder) throws IOException {
        Path database = folder.resolve("x.db");
        Store holder = SqliteStore.open(StoreOptions.DEFAULTS.at(database));
        String file = config(folder, "store: {path: " + database + "}\nconnections: {demo: {crm: sandbox}}");
        assertThat(run("serve", "--config", file)).isEqualTo(5);
        holder.close().await();
    }

    @Test
    void keyPrintsAKeyAndItsHash() throws Exception {
        assertThat(run("key", "website")).isZero();
        String[] lines = out.toString().split("\\R");
        String key = lines[0].substring("key:".length()).trim();
        assertThat(key).hasSizeBetween(20, 200).matches("[\\x21-\\x7e]+");
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.US_ASCII));
        assertThat(lines[1]).isEqualTo("sha256: " + HexFormat.of().formatHex(hash));
        assertThat(out.toString()).contains("- {name: website, sha256: ");
    }

    @Test
    void connectorsListsAllOfThem() {
        assertThat(run("connectors")).isZero();
        assertThat(out.toString())
                .contains("activecampaign (ActiveCampaign)")
                .contains("ghost (Ghost)")
                .contains("key (required, secret)")
                .contains("5 calls in 1 s");
    }

    @Test
    void versionAndHelp() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).startsWith("crmux ");
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Exit codes").contains("another process uses the store");
        assertThat(out.toString())
                .containsSubsequence(
                        "Commands:",
                        "  serve ",
                        "  check ",
                        "  key ",
                        "  connectors ",
                        "  outbox ",
                        "  dead ",
                        "  connect ",
                        "  version ",
                        "  help ");
        assertThat(run("srve")).isEqualTo(2);
        assertThat(err.toString()).contains("unknown command srve: did you mean serve?");
    }

    @ParameterizedTest
    @CsvSource({
        "serve --confg x, unknown option --confg: did you mean --config?",
        "serve --conf x, unknown option --conf: did you mean --config?",
        "serve --config, --config needs a value: FILE",
        "serve --config --lib x, --config needs a value: FILE",
        "serve --config a --config=b, --config is given twice",
        "serve --drain 10, '--drain: expected a duration such as 200ms, 30s, 15m, 24h or 7d'",
        "serve conf.yaml, nothing is known to do with conf.yaml",
        "key, NAME is missing",
        "dead list --json=x --connection=main, --json takes no value",
        "dead list, --connection is missing",
        "dead discard --connection=main, OPERATION is missing",
        "dead list --connection=main --url=://, --url must be an address such as http://127.0.0.1:8080",
        "outbox stats, unknown command stats: did you mean stat?",
        "help serv, unknown command serv: did you mean serve?",
        "-x, unknown option -x: expected one of --help"
    })
    void aMistakeIsSaidAndHowTheCommandIsCalled(String words, String said) {
        assertThat(run(words.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(2).first().isEqualTo(said);
        assertThat(err.toString().lines()).last().asString().startsWith("Usage: crmux");
    }

    @Test
    void helpSaysWhatACommandTakes() {
        assertThat(run("help", "dead", "replay")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "Usage: crmux dead replay [--all] --connection=NAME [--contact=CONTACT] [-h]",
                        "                         [--type=TYPE] [--url=URL] [OPERATION...]",
                        "Enters dead letters as new writes, without what a later write has changed.",
                        "      [OPERATION...]      The dead letters.",
                        "      --all               All of them, or all that match.",
                        "      --connection=NAME   Whose dead letters are meant.",
                        "      --contact=CONTACT   With --all: of this contact alone: its id, or email:",
                        "                            and its address.",
                        "  -h, --help              Shows this.",
                        "      --type=TYPE         With --all: whose problem has this type, such as",
                        "                            tag-unknown.",
                        "      --url=URL           Where the gateway is, with its base path (default:",
                        "                            http://127.0.0.1:8080).",
                        "The environment variable CRMUX_TOKEN must be a key that has the right admin.");
    }

    @Test
    void whatFollowsTwoDashesIsNoOption() {
        assertThat(run("key", "--", "--help")).isZero();
        assertThat(out.toString()).contains("{name: --help, ");
    }

    /** The shell has taken its own away. */
    @Test
    void quotesBelongToTheValue() {
        assertThat(run("key", "\"a\"")).isZero();
        assertThat(out.toString()).contains("{name: \"a\", ");
        assertThat(run("check", "--config=\"a\"")).isEqualTo(3);
        assertThat(err.toString()).contains("\"a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "serve",
                "check",
                "key",
                "connectors",
                "connect",
                "version",
                "help",
                "outbox",
                "outbox stat",
                "outbox export",
                "dead",
                "dead list",
                "dead replay",
                "dead discard"
            })
    void everyCommandHelps(String command) {
        for (String option : List.of("-h", "-help", "--help")) {
            out.getBuffer().setLength(0);
            assertThat(run((command + " " + option).strip().split(" "))).isZero();
            assertThat(out.toString()).contains(("Usage: crmux " + command).strip());
            assertThat(err.toString()).isEmpty();
        }
    }
}
