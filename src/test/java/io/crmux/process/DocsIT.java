package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The page at /docs, in a real Chromium: it shows the API, and loads nothing from elsewhere. */
@EnabledIf(value = "isChromiumThere", disabledReason = "needs Chromium")
class DocsIT {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    static boolean isChromiumThere() {
        return Files.isExecutable(CHROMIUM);
    }

    @Test
    void thePageShowsTheApiAndLoadsNothingFromElsewhere(@TempDir Path folder) {
        try (CrmuxProcess crmux = CrmuxProcess.start(folder, "/crm/", "  demo: {crm: sandbox}");
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(CHROMIUM)
                                .setHeadless(true)
                                .setChromiumSandbox(false)
                                .setArgs(List.of(
                                        "--disable-gpu",
                                        "--disable-quic",
                                        "--no-first-run",
                                        "--disable-background-networking",
                                        "--disable-component-update",
                                        "--disable-sync")))) {
            String home = "http://127.0.0.1:" + crmux.port() + "/";
            Page page = browser.newPage();
            List<String> elsewhere = new CopyOnWriteArrayList<>();
            List<String> complaints = new CopyOnWriteArrayList<>();
            page.onRequest(request -> {
                if (!request.url().startsWith(home) && !request.url().startsWith("data:")) {
                    elsewhere.add(request.url());
                }
            });
            page.onConsoleMessage(message -> {
                if (message.type().equals("error") && !message.text().contains("favicon")) {
                    complaints.add(message.text());
                }
            });
            page.navigate(home + "crm/docs");
            page.waitForSelector("#operations-contacts-get_tags");
            assertThat(page.locator(".opblock").count()).isGreaterThan(20);
            assertThat(elsewhere).isEmpty();
            assertThat(complaints.stream().filter(text -> text.contains("Content Security Policy")))
                    .isEmpty();
        }
    }
}
