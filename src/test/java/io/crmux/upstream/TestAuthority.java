package io.crmux.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** An authority that nobody else trusts, and a certificate of it for {@code localhost}. Valid until 2126. */
public final class TestAuthority {

    public static final String PEM = read("authority.pem");

    private TestAuthority() {}

    static PemKeyCertOptions localhost() {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(read("server.pem")))
                .addKeyValue(Buffer.buffer(read("server.key")));
    }

    private static String read(String name) {
        try (InputStream file = TestAuthority.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("no " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
