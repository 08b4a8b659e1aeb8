package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Connector;
import io.crmux.crm.InMemory;
import io.crmux.crm.Setting;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls to hosts that no setting names carry credentials only within the vendor's domains: a connector that derives its host must say these. */
class HostsOfConnectorsTest {

    static Stream<Connector> connectors() {
        return ServiceLoader.load(Connector.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(connector -> !(connector instanceof InMemory));
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void aSettingOrTheDomainsNameTheHost(Connector connector) {
        boolean named = connector.descriptor().settings().stream()
                .filter(setting ->
                        setting.type() == Setting.Type.URL && setting.name().equals("url"))
                .anyMatch(setting -> setting.required() || setting.fallback() != null);
        assertThat(named || !connector.domains().isEmpty())
                .as(connector.descriptor().slug())
                .isTrue();
    }
}
