package org.merlin.confsync.generation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Generations, trees and files by their hash, compressed, one file each; and what has come of those that are being fetched. What is
 * read is checked against its name, so that damage shows as absence. Memory does not grow with the size of an object unless it is asked for
 * as bytes. Confined to one thread.
 */
public final class ObjectStore {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path objects;
    private final Path partial;

    /**
     * Opens a store.
     *
     * @throws IOException if the folders cannot be made
     */
    public ObjectStore(Path folder) throws IOException {
        objects = Files.createDirectories(folder.resolve("objects"));
        partial = Files.createDirectories(folder.resolve("partial"));
    }

    private Path path(String hash) {
        return objects.resolve(hash.substring(0, 2)).resolve(hash.substring(2));
    }

    public boolean has(String hash) {
        return Files.exists(path(hash));
    }

    public String put(String text) throws IOException {
        return put(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Keeps what a stream holds; returns its hash. */
    String put(InputStream content) throws IOException {
        Path made = Files.createTempFile(partial, "put", "");
        MessageDigest digest = Hash.digest();
        try (OutputStream out = compressing(made);
                InputStream in = new DigestInputStream(content, digest)) {
            in.transferTo(out);
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        if (has(hash)) {
            Files.delete(made);
        } else {
            admit(made, hash);
        }
        return hash;
    }

    private static OutputStream compressing(Path file) throws IOException {
        return new DeflaterOutputStream(Files.newOutputStream(file), new Deflater(Deflater.BEST_SPEED), BUFFER_BYTES) {
            @Override
            public void close() throws IOException {
                super.close();
                def.end();
            }
        };
    }

    private void admit(Path made, String hash) throws IOException {
        try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Path target = path(hash);
        Files.createDirectories(target.getParent());
        Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Writes an object out.
     *
     * @return false if it is not there, or damaged, which takes it away; then what was written is not to be used
     */
    boolean copy(String hash, OutputStream out) throws IOException {
        return copy(path(hash), hash, Long.MAX_VALUE, out) == Outcome.WHOLE;
    }

    private enum Outcome {
        WHOLE,
        ABSENT,
        WRONG
    }

    private static Outcome copy(Path from, String hash, long maxBytes, OutputStream out) throws IOException {
        MessageDigest digest = Hash.digest();
        try (InputStream in = new InflaterInputStream(Files.newInputStream(from))) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long left = maxBytes;
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                left -= read;
                if (left < 0) {
                    return Outcome.WRONG;
                }
                digest.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        } catch (NoSuchFileException e) {
            return Outcome.ABSENT;
        } catch (ZipException | java.io.EOFException e) {
            return Outcome.WRONG;
        }
        return HexFormat.of().formatHex(digest.digest()).equals(hash) ? Outcome.WHOLE : Outcome.WRONG;
    }

    /** An object as text; empty if it is not there or damaged. */
    public Optional<String> text(String hash) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return copy(hash, out) ? Optional.of(out.toString(StandardCharsets.UTF_8)) : Optional.empty();
    }

    /** Size of an object as it is sent, in bytes; -1 if it is not there. */
    public long packedBytes(String hash) throws IOException {
        return has(hash) ? Files.size(path(hash)) : -1;
    }

    /** A piece of an object as it is sent, at most {@code length} bytes from an offset on; shorter at its end. */
    public ByteBuffer packed(String hash, long offset, int length) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(path(hash))) {
            while (piece.hasRemaining() && channel.read(piece, offset + piece.position()) > 0) {
                // until it is full or the file ends
            }
        }
        return piece.flip();
    }

    /** How much of an object that is being fetched has come, in bytes as sent. */
    public long received(String hash) throws IOException {
        Path file = partial.resolve(hash);
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /**
     * Takes the next piece of an object; pieces of other places are passed over.
     *
     * @param total size of the whole, as sent
     * @param maxBytes what it may have when it is unpacked
     * @return whether it is whole now, and kept
     * @throws DamagedException if the whole is not what its name says; what came is thrown away
     */
    public boolean receive(String hash, long offset, ByteBuffer piece, long total, long maxBytes)
            throws IOException, DamagedException {
        Path file = partial.resolve(hash);
        if (total > maxBytes + maxBytes / 8 + BUFFER_BYTES) {
            Files.deleteIfExists(file);
            throw new DamagedException("an object of " + total + " bytes, where " + maxBytes + " may come");
        }
        if (offset == received(hash)) {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                channel.write(piece);
            }
        }
        if (received(hash) < total) {
            return false;
        }
        if (copy(file, hash, maxBytes, OutputStream.nullOutputStream()) != Outcome.WHOLE) {
            Files.deleteIfExists(file);
            throw new DamagedException("what came is not " + Hash.shown(hash) + ", or too big");
        }
        admit(file, hash);
        return true;
    }

    /** Forgets what has come of objects that are fetched no more. */
    public void forgetPartial() throws IOException {
        for (Path file : list(partial)) {
            Files.deleteIfExists(file);
        }
    }

    /** Takes an object away that turned out to be damaged. */
    void drop(String hash) throws IOException {
        Files.deleteIfExists(path(hash));
    }

    /** Deletes all objects but these. */
    public void keepOnly(Set<String> hashes) throws IOException {
        for (Path folder : list(objects)) {
            for (Path file : list(folder)) {
                if (!hashes.contains(folder.getFileName().toString() + file.getFileName())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
