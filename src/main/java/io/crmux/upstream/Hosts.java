package io.crmux.upstream;

import io.crmux.crm.Connector;
import io.crmux.crm.InMemory;
import io.crmux.crm.Request;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a connection calls, and which of them see its credentials. Hosts that its settings name are called as they are: it is the operator's word.
 * Others have come from answers, and whoever can write an answer must not make crmux call into its own network, nor send its credentials elsewhere.
 */
final class Hosts {

    private final Set<String> named;
    private final Set<String> domains;
    private final boolean inMemory;

    private Hosts(Set<String> named, Set<String> domains, boolean inMemory) {
        this.named = named;
        this.domains = domains;
        this.inMemory = inMemory;
    }

    static Hosts of(Connector connector, Settings settings) {
        Set<String> named = connector.descriptor().settings().stream()
                .filter(setting -> setting.type() == Setting.Type.URL)
                .flatMap(setting -> settings.find(setting.name()).stream())
                .flatMap(url -> Stream.ofNullable(host(url)))
                .collect(Collectors.toUnmodifiableSet());
        return new Hosts(named, connector.domains(), connector instanceof InMemory);
    }

    private static @Nullable String host(String url) {
        try {
            String host = URI.create(url.trim()).getHost();
            return host == null ? null : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether the settings name the host of a request. */
    boolean isNamed(Request request) {
        return isNamed(request.base());
    }

    private boolean isNamed(String url) {
        String host = host(url);
        return inMemory || (host != null && named.contains(host));
    }

    /** Whether a request may carry credentials. */
    boolean maySign(Request request) {
        return mayKnow(request.base());
    }

    /** Whether what is at an address may be shown credentials. */
    boolean mayKnow(String url) {
        if (isNamed(url)) {
            return true;
        }
        String host = host(url);
        return host != null
                && url.startsWith("https://")
                && domains.stream().anyMatch(domain -> host.equals(domain) || host.endsWith("." + domain));
    }

    /**
     * Whether an address is of the public network: no private one, none of this machine or link, none at which clouds tell machines their secrets, and
     * none that holds such a one within.
     */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes, 0);
    }

    /** RFC 6890; 168.63.129.16 is what Azure tells its machines from. */
    private static boolean isPublic4(byte[] bytes, int at) {
        int a = bytes[at] & 0xff;
        int b = bytes[at + 1] & 0xff;
        int c = bytes[at + 2] & 0xff;
        int d = bytes[at + 3] & 0xff;
        boolean reserved = a == 0 || a == 10 || a == 127 || a >= 224;
        boolean shared = a == 100 && b >= 64 && b < 128;
        boolean local = (a == 169 && b == 254) || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168);
        boolean special = (a == 192 && b == 0 && (c == 0 || c == 2))
                || (a == 198 && (b == 18 || b == 19 || (b == 51 && c == 100)))
                || (a == 203 && b == 0 && c == 113);
        return !reserved && !shared && !local && !special && !(a == 168 && b == 63 && c == 129 && d == 16);
    }

    /** Only 2000::/3 is in public use; 64:ff9b::/96 and 2002::/16 hold addresses of version 4. */
    private static boolean isPublic6(byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        if (first == 0x64 && second == 0xff9b) {
            return isPublic4(bytes, 12);
        }
        if (first == 0x2002) {
            return isPublic4(bytes, 2);
        }
        boolean teredoOrDocumentation = first == 0x2001 && (second == 0 || second == 0xdb8);
        return first >= 0x2000 && first < 0x4000 && !teredoOrDocumentation;
    }
}
