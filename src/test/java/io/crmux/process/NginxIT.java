package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** crmux below a base path, behind a real nginx with the sample configuration. */
@EnabledIf(value = "isNginxThere", disabledReason = "needs nginx")
class NginxIT {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    static boolean isNginxThere() {
        return Files.isExecutable(NGINX);
    }

    @Test
    void theSampleConfigurationWorks(@TempDir Path folder) throws Exception {
        int front = CrmuxProcess.freePort();
        try (CrmuxProcess crmux = CrmuxProcess.start(folder, "/crm/", "  demo: {crm: sandbox, contacts: 3000}")) {
            String sample = Files.readString(Path.of("conf", "nginx.conf"))
                    .replace("127.0.0.1:8080", "127.0.0.1:" + crmux.port())
                    .replace("127.0.0.1:8081", "127.0.0.1:" + front)
                    .replace("/run/nginx-crmux.pid", folder.resolve("nginx.pid").toString());
            Files.writeString(folder.resolve("nginx.conf"), sample);
            Process nginx = new ProcessBuilder(
                            NGINX.toString(),
                            "-g",
                            "daemon off;",
                            "-c",
                            folder.resolve("nginx.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("nginx.log").toFile())
                    .start();
            try {
                Client site = new Client("http://127.0.0.1:" + front + "/crm/", CrmuxProcess.KEY);
                Waiting.until("nginx passes on", site::isReady);
                behave(site);
            } finally {
                nginx.destroy();
                nginx.waitFor();
            }
        }
    }

    private static void behave(Client site) {
        Client.Reply tags = site.get("v1/demo/contacts/email%3Auser17@example.com/tags");
        assertThat(tags.text())
                .isEqualTo("{\"id\":\"17\",\"tags\":[\"customer\",\"vip\",\"newsletter\",\"course-a\"]}");
        assertThat(site.get("v1/demo/contacts/17/tags", "if-none-match", tags.header("etag"))
                        .status())
                .isEqualTo(304);
        Client.Reply accepted =
                site.post("v1/demo/contacts/17/tags", new JsonObject().put("tags", new JsonArray(List.of("gold"))));
        assertThat(accepted.header("location")).startsWith("/crm/v1/demo/operations/");
        assertThat(site.get(accepted.header("location").substring("/crm/".length()))
                        .status())
                .isEqualTo(200);
        assertThat(site.get("v1/demo/contacts?tag=vip", "accept", "application/x-ndjson")
                        .text()
                        .lines())
                .hasSize(3000);
        assertThat(site.get("docs").text()).contains("swagger-ui");
    }
}
