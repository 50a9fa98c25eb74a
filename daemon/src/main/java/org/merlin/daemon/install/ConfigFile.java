package org.merlin.daemon.install;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/** A main configuration on disk: what stands in the way of changing it, a copy of what it was, and its replacement. Stateless. */
public final class ConfigFile {
    private ConfigFile() {}

    /** Why it cannot be read or changed; empty if it can. */
    static Optional<String> obstacle(Path file) {
        if (!Files.exists(file)) {
            return Optional.of(file + " is not there: install the scheduler first, or name its main configuration with"
                    + " --config");
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of(file + " is not a file");
        }
        if (!Files.isReadable(file)) {
            return Optional.of(file + " cannot be read: run this as root, or as its owner");
        }
        if (!Files.isWritable(file) || !Files.isWritable(file.toAbsolutePath().getParent())) {
            return Optional.of(file + " or its folder cannot be written: run this as root, or as their owner");
        }
        return Optional.empty();
    }

    static Path backup(Path file) {
        return file.resolveSibling(file.getFileName() + ".before-merlin");
    }

    /** Copies it as it is, owner and mode too, unless there is such a copy from an earlier change. */
    static boolean keepCopy(Path file) throws IOException {
        if (Files.exists(backup(file))) {
            return false;
        }
        write(backup(file), file, Files.readString(file, StandardCharsets.ISO_8859_1));
        return true;
    }

    /** Gives it a new text, at one moment: whoever reads it sees the old or the new one. Owner and mode stay. */
    public static void replace(Path file, String text) throws IOException {
        Path real = file.toRealPath();
        Path fresh = real.resolveSibling("." + real.getFileName() + ".merlin-new");
        try {
            write(fresh, real, text);
            Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void write(Path file, Path like, String text) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(like, PosixFileAttributes.class);
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            PosixFileAttributes now = view.readAttributes();
            if (!now.owner().equals(attributes.owner())) {
                view.setOwner(attributes.owner());
            }
            if (!now.group().equals(attributes.group())) {
                view.setGroup(attributes.group());
            }
            view.setPermissions(attributes.permissions());
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
