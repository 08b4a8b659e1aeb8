package io.crmux.process;

import io.crmux.connector.Ghost;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIf;

/** The contract against a real Ghost. */
@EnabledIf(value = "io.crmux.process.RealGhost#isThere", disabledReason = "needs CRMUX_GHOST_DIR and CRMUX_SHARED")
class GhostContractIT extends ConnectorContract {

    private final RealGhost ghost = RealGhost.start();

    @AfterAll
    void stopGhost() {
        ghost.close();
    }

    @Override
    protected Connector connector() {
        return new Ghost();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", ghost.url(), "key", ghost.key());
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", ghost.url(), "key", "0123456789abcdef01234567:00ff00ff");
    }

    @Override
    protected String unknownId() {
        return "0123456789abcdef01234567";
    }

    @Override
    protected int many() {
        return 101;
    }
}
