package io.crmux.store;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.subtle.Hkdf;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Encrypts what is stored and secret: AES-256-GCM, by Tink. The name that a text is stored under is authenticated with it, so that one cannot be put in the
 * place of another. The key is derived from the configured one (HKDF with SHA-256), and so is its number, by which it is known with which of two keys a text
 * was encrypted.
 */
public final class Vault {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    /** Before the encrypted text Tink writes a byte for its version and four for the number of the key. */
    private static final int PREFIX_BYTES = 5;

    private final Aead present;
    private final Aead any;
    private final byte[] prefix;

    /** A text that neither key can decrypt, or that was meant for another name. */
    public static final class LockedException extends Exception {

        private static final long serialVersionUID = 1L;

        LockedException() {
            super("encrypted with another key", null, false, false);
        }
    }

    /** A text, decrypted. */
    public record Opened(String text, boolean byPrevious) {}

    @AccessesPartialKey
    public Vault(SecretsOptions options) {
        try {
            AeadConfig.register();
            AesGcmKey key = key(options.key());
            KeysetHandle.Builder both =
                    KeysetHandle.newBuilder().addEntry(entry(key).makePrimary());
            String previous = options.previous();
            if (previous != null && !previous.equals(options.key())) {
                both.addEntry(entry(key(previous)));
            }
            present = aead(KeysetHandle.newBuilder().addEntry(entry(key).makePrimary()));
            any = aead(both);
            prefix = key.getOutputPrefix().toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM and SHA-256", e);
        }
    }

    private static Aead aead(KeysetHandle.Builder keys) throws GeneralSecurityException {
        return keys.build().getPrimitive(RegistryConfiguration.get(), Aead.class);
    }

    @AccessesPartialKey
    private static KeysetHandle.Builder.Entry entry(AesGcmKey key) {
        Integer id = key.getIdRequirementOrNull();
        return KeysetHandle.importKey(key).withFixedId(id == null ? 0 : id);
    }

    @AccessesPartialKey
    private static AesGcmKey key(String secret) throws GeneralSecurityException {
        AesGcmParameters parameters = AesGcmParameters.builder()
                .setKeySizeBytes(KEY_BYTES)
                .setIvSizeBytes(NONCE_BYTES)
                .setTagSizeBytes(TAG_BYTES)
                .setVariant(AesGcmParameters.Variant.TINK)
                .build();
        return AesGcmKey.builder()
                .setParameters(parameters)
                .setKeyBytes(SecretBytes.copyFrom(
                        derived(secret, "crmux stored secrets", KEY_BYTES), InsecureSecretKeyAccess.get()))
                .setIdRequirement(ByteBuffer.wrap(derived(secret, "crmux key number", Integer.BYTES))
                        .getInt())
                .build();
    }

    private static byte[] derived(String secret, String purpose, int bytes) throws GeneralSecurityException {
        return Hkdf.computeHkdf(
                "HMACSHA256",
                secret.getBytes(StandardCharsets.UTF_8),
                new byte[0],
                purpose.getBytes(StandardCharsets.UTF_8),
                bytes);
    }

    /** Encrypts a text that is to be stored under a name. */
    public String seal(String name, String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(present.encrypt(
                            text.getBytes(StandardCharsets.UTF_8), name.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encrypting cannot fail", e);
        }
    }

    /** Decrypts it again. */
    public Opened open(String name, String sealed) throws LockedException {
        try {
            byte[] bytes = Base64.getDecoder().decode(sealed);
            byte[] text = any.decrypt(bytes, name.getBytes(StandardCharsets.UTF_8));
            boolean byPresent = Arrays.equals(Arrays.copyOf(bytes, PREFIX_BYTES), prefix);
            return new Opened(new String(text, StandardCharsets.UTF_8), !byPresent);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new LockedException();
        }
    }
}
