package org.merlin.confsync.objects;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A flat object file ({@code objects.cache}) as blocks: what it means is the scheduler's business. Values keep their
 * escapes, so that what is written again reads the same. A semicolon begins a comment, {@code \;} does not; in the cache that
 * Nagios and Naemon write, where semicolons stand as they are, the blocks get the escapes.
 *
 * @param blocks in the order of the file
 */
public record ObjectFile(List<ObjectBlock> blocks) {
    public ObjectFile {
        blocks = List.copyOf(blocks);
    }

    /** The text is no object file. */
    public static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String name, int line, String what) {
            super(name + ":" + line + ": " + what);
        }
    }

    /**
     * Reads blocks.
     *
     * @param name of the file, for messages
     * @throws SyntaxException at the first line that belongs to no block
     */
    public static ObjectFile parse(String name, List<String> lines) throws SyntaxException {
        List<ObjectBlock> blocks = new ArrayList<>();
        try {
            ObjectReader.read(name, new BufferedReader(new StringReader(String.join("\n", lines))), blocks::add);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
        return new ObjectFile(blocks);
    }

    /** The blocks of one type. */
    public List<ObjectBlock> of(String type) {
        return blocks.stream().filter(block -> block.type().equals(type)).toList();
    }

    /** The whole file's text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        blocks.forEach(block -> text.append(block.text()));
        return text.toString();
    }
}
