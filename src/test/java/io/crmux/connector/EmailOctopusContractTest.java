package io.crmux.connector;

import io.crmux.connector.fake.FakeEmailOctopus;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class EmailOctopusContractTest extends ConnectorContract {

    protected final FakeEmailOctopus fake = new FakeEmailOctopus(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new EmailOctopus();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeEmailOctopus.KEY, "list", FakeEmailOctopus.LIST);
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "key", "wrong", "list", FakeEmailOctopus.LIST);
    }

    /** Whole numbers alone. */
    @Override
    protected BigDecimal number() {
        return BigDecimal.valueOf(12);
    }
}
