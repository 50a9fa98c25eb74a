package org.merlin.protocol.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;

/** Short names for long ones: the first 8 bytes of a SHA-256, big-endian. Stateless. */
public final class Digests {
    private Digests() {}

    /**
     * Hashes a text.
     *
     * @param text any text; its UTF-8 bytes are hashed
     * @return the first 8 bytes of its SHA-256
     */
    public static long hash64(String text) {
        return first8(DigestUtils.getSha256Digest(), text);
    }

    /**
     * Hashes a list of names, each followed by a zero byte, so that no two lists share their bytes.
     *
     * @param names the names in the order that counts
     * @return the first 8 bytes of the SHA-256
     */
    public static long hash64(Iterable<String> names) {
        MessageDigest sha256 = DigestUtils.getSha256Digest();
        for (String name : names) {
            sha256.update(name.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
        }
        return ByteBuffer.wrap(sha256.digest()).getLong();
    }

    private static long first8(MessageDigest sha256, String text) {
        return ByteBuffer.wrap(sha256.digest(text.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
