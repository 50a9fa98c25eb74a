package org.merlin.protocol.conf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a file as lines of text: bounded, and with words for the operator where that fails. */
final class ConfFile {
    static final int MAX_BYTES = 16 << 20;

    private ConfFile() {}

    /** The bytes of a file; empty if it cannot be read, which then is a problem. */
    static Optional<byte[]> bytes(Path file, ConfProblems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(MAX_BYTES + 1));
        } catch (NoSuchFileException e) {
            problems.error(0, "there is no such file; merlin.conf.example is one to begin with");
        } catch (AccessDeniedException e) {
            problems.error(0, "may not be read by this user");
        } catch (IOException e) {
            problems.error(0, "cannot be read: " + (Files.isDirectory(file) ? "it is a directory" : e.getMessage()));
        }
        return Optional.empty();
    }

    /** The lines of a file's bytes; none if this is no text of ours, which then is a problem. */
    static List<String> lines(byte[] bytes, ConfProblems problems) {
        if (bytes.length > MAX_BYTES) {
            problems.error(0, "larger than " + MAX_BYTES + " bytes: is this a merlin.conf?");
            return List.of();
        }
        String text = decode(bytes, problems);
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            } else if (Character.isISOControl(c) && c != '\t' && c != '\r' && c != '\f') {
                problems.error(line, String.format("byte 0x%02x is no text: is this a merlin.conf?", (int) c));
                return List.of();
            }
        }
        return text.lines().toList();
    }

    /** UTF-8; files from before it was usual are ISO 8859-1, which takes any byte. */
    private static String decode(byte[] bytes, ConfProblems problems) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            problems.warn(0, "is no UTF-8: read as ISO 8859-1");
            text = new String(bytes, StandardCharsets.ISO_8859_1);
        }
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }
}
