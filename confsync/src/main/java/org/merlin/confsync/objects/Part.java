package org.merlin.confsync.objects;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A poller's part of a configuration. It is put into bytes when it is asked for, so that a part that nobody fetches takes little
 * memory; it holds on to the whole catalogue that it was cut out of. Immutable.
 */
public final class Part {
    private static final String HEADING =
            "# Written by Merlin out of the masters' configuration: changes here are lost.\n\n";

    private final List<Kept> blocks;
    private final Set<String> hosts;
    private final List<String> remarks;
    private final String sha1;

    /**
     * Hashes it.
     *
     * @param blocks in the order in which they are written
     * @param hosts all hosts of the part
     */
    Part(List<Kept> blocks, Set<String> hosts, List<String> remarks) {
        this.blocks = List.copyOf(blocks);
        this.hosts = Set.copyOf(hosts);
        this.remarks = List.copyOf(remarks);
        MessageDigest digest = DigestUtils.getSha1Digest();
        try {
            writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        } catch (IOException e) {
            throw new UncheckedIOException("hashing in memory failed", e);
        }
        sha1 = Hex.encodeHexString(digest.digest());
    }

    /** Of its bytes, as 40 hex digits. */
    public String sha1() {
        return sha1;
    }

    /** How many hosts it has; 0 if its hostgroups hold none: then there is nothing to monitor. */
    public int hosts() {
        return hosts.size();
    }

    /** How many services it has. */
    public int services() {
        return (int)
                blocks.stream().filter(block -> block.kind() == Kind.SERVICE).count();
    }

    /** What the operator should know: hostgroups that are not there, or hold no host. One sentence each. */
    public List<String> remarks() {
        return remarks;
    }

    /** Writes it; the same bytes whenever the configuration means the same. Does not close. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(HEADING.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder text = new StringBuilder(1 << 11);
        for (Kept block : blocks) {
            text.setLength(0);
            block.write(text, hosts);
            out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** All of it, read-only. */
    public ByteBuffer bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return ByteBuffer.wrap(bytes.toByteArray()).asReadOnlyBuffer();
    }
}
