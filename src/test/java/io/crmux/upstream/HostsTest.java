package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.ActiveCampaign;
import io.crmux.connector.Sandbox;
import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.Deadline;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Trace;
import io.crmux.crm.Verdict;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {

    /** ActiveCampaign as if some of its hosts came from answers. */
    static final Connector VENDOR = new Connector() {

        private final Connector real = new ActiveCampaign();

        @Override
        public Descriptor descriptor() {
            return real.descriptor();
        }

        @Override
        public Verdict judge(Request request, Answer answer) {
            return real.judge(request, answer);
        }

        @Override
        public Set<String> domains() {
            return Set.of("vendor.example");
        }

        @Override
        public Crm open(Settings settings, Http http) {
            return real.open(settings, http);
        }
    };

    private final Hosts hosts = Hosts.of(VENDOR, settings("http://crm.internal:8080/base"));

    static Settings settings(String url) {
        return new Settings(Map.of("url", url, "key", "k", "urls.events", "https://Events.example"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://crm.internal:8080,          true,  true",
        "http://CRM.internal,               true,  true",
        "https://events.example,            true,  true",
        "https://us1.vendor.example,        false, true",
        "https://vendor.example,            false, true",
        "http://us1.vendor.example,         false, false",
        "https://evil-vendor.example,       false, false",
        "https://vendor.example.evil.net,   false, false",
        "https://evil.net/vendor.example,   false, false",
        "https://vendor.example@evil.net,   false, false",
        "nonsense,                          false, false",
    })
    void credentialsGoToNamedHostsAndTheVendorsOwn(String base, boolean named, boolean signed) {
        Request request = Request.get(base, "/a");
        assertThat(hosts.isNamed(request)).isEqualTo(named);
        assertThat(hosts.maySign(request)).isEqualTo(signed);
    }

    @Test
    void requestsToOtherHostsCarryNoCredentials() {
        ManualLoop loop = new ManualLoop();
        List<String> signed = new ArrayList<>();
        Account account = ManualUpstream.account(loop, VENDOR, List.of(), 4, Counters.inMemory());
        Way way = new Way("main", settings("http://crm.internal"), hosts, (request, timeout) -> {
            request.headers().forEach(header -> signed.add(request.base() + " " + header.name()));
            return Future.failedFuture("no answer");
        });
        for (String base : List.of("http://crm.internal", "https://us1.vendor.example", "https://evil.example")) {
            Call call = new Call(Lane.WRITE, Deadline.in(loop, 1_000), Operation.GET_TAGS, new Trace("t"));
            account.send(way, call, Request.post(base, "/api/3/contacts"));
        }
        assertThat(signed).containsExactly("http://crm.internal api-token", "https://us1.vendor.example api-token");
    }

    @Test
    void aCrmInMemoryHasNoHosts() {
        assertThat(Hosts.of(new Sandbox(), new Settings(Map.of())).maySign(Request.get("memory:sandbox", "/a")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.100.100.200",
                "0.0.0.0",
                "0.1.2.3",
                "192.0.0.192",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "168.63.129.16",
                "203.0.113.9",
                "::1",
                "::",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "2002:a00:1::1",
                "2001:db8::1",
                "2001::1"
            })
    void privateAddressesAreNotPublic(String address) throws UnknownHostException {
        assertThat(Hosts.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "192.169.0.1",
                "2606:4700::1111",
                "64:ff9b::808:808",
                "2002:808:808::1",
                "168.63.129.17"
            })
    void publicAddressesArePublic(String address) throws UnknownHostException {
        assertThat(Hosts.isPublic(InetAddress.getByName(address))).isTrue();
    }
}
