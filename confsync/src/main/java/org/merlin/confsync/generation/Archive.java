package org.merlin.confsync.generation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** What is kept of generations, for people to look at. Confined to the sync's thread. */
public final class Archive {
    private final ObjectStore store;
    private final Lineage lineage;

    Archive(ObjectStore store, Lineage lineage) {
        this.store = store;
        this.lineage = lineage;
    }

    /**
     * A piece of a file.
     *
     * @param total size of the whole file, in bytes
     */
    public record Piece(byte[] bytes, long total) {}

    /**
     * Files of a generation.
     *
     * @throws IOException if they are not here, or not any more, in words for people
     */
    public FileTree files(String generation) throws IOException {
        Optional<Generation> found = lineage.get(generation);
        Optional<String> text = found.isPresent() ? store.text(found.get().tree()) : Optional.empty();
        if (text.isEmpty()) {
            throw new IOException("the files of generation " + Hash.shown(generation)
                    + " are not here, or not any more: those of the last " + Keeping.KEPT_GENERATIONS
                    + " are kept; another node may have them");
        }
        try {
            return FileTree.read(text.get(), Integer.MAX_VALUE, Long.MAX_VALUE);
        } catch (DamagedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Whether a file's content is here. */
    public boolean has(FileTree.File file) {
        return store.has(file.hash());
    }

    /**
     * A piece of a file's content.
     *
     * @param most bytes at most
     * @throws IOException if it is not here
     */
    public Piece piece(FileTree.File file, long offset, int most) throws IOException {
        Cut cut = new Cut(offset, most);
        if (!store.copy(file.hash(), cut)) {
            throw new IOException("its content is not here, or not any more");
        }
        return new Piece(cut.bytes.toByteArray(), file.bytes());
    }

    /**
     * How two generations differ: blocks that go and come.
     *
     * @throws IOException if the files of one are not here
     */
    public List<String> difference(String before, String after) throws IOException {
        return Difference.between(files(before), files(after), store);
    }

    /** Keeps what falls into a window, and lets the rest go by. */
    private static final class Cut extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long from;
        private final int most;
        private long at;

        Cut(long from, int most) {
            this.from = from;
            this.most = most;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            long begin = Math.max(from, at);
            long end = Math.min(from + most, at + length);
            if (begin < end) {
                bytes.write(buffer, offset + (int) (begin - at), (int) (end - begin));
            }
            at += length;
        }
    }
}
