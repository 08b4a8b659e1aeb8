package io.crmux.connector;

import io.crmux.connector.fake.FakeAgileCrm;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class AgileCrmContractTest extends ConnectorContract {

    private final FakeAgileCrm fake = new FakeAgileCrm(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new AgileCrm();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "domain", "acme", "user_email", FakeAgileCrm.USER, "key", FakeAgileCrm.KEY);
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "domain", "acme", "user_email", FakeAgileCrm.USER, "key", "wrong");
    }

    @Override
    protected String forbiddenInTags() {
        return ",\"'%&=\\<>\uD83D\uDE00";
    }
}
