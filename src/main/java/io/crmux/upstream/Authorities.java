package io.crmux.upstream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Authorities whose word on a CRM's certificate counts. */
public final class Authorities {

    private Authorities() {}

    /**
     * Reads certificates.
     *
     * @param pem one or more in PEM
     * @throws IllegalArgumentException when there is none, or it cannot be read
     */
    public static Collection<? extends Certificate> read(String pem) {
        try {
            Collection<? extends Certificate> read = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
            if (read.isEmpty()) {
                throw new IllegalArgumentException("expected a certificate in PEM");
            }
            return read;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("expected certificates in PEM", e);
        }
    }

    /** Trusts what Java trusts, and these: a gateway calls public CRMs and those of its own house. */
    static TrustManager javasAnd(String pem) {
        try {
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int number = 0;
            for (Certificate authority : ((X509TrustManager) manager(null)).getAcceptedIssuers()) {
                all.setCertificateEntry("java-" + number++, authority);
            }
            for (Certificate authority : read(pem)) {
                all.setCertificateEntry("given-" + number++, authority);
            }
            return manager(all);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory cannot fail", e);
        }
    }

    /** @param store null for what Java trusts */
    private static TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Stream.of(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .findFirst()
                .orElseThrow();
    }
}
