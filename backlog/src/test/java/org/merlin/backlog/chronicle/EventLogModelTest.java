package org.merlin.backlog.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.Records;
import org.merlin.backlog.Records.Read;
import org.merlin.backlog.memory.MemoryEventLog;

/** Any series of appends, syncs, restarts and seeks leaves what a plain list would hold. */
final class EventLogModelTest {
    @Property(tries = 60)
    void theLogOnDiskIsAList(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int steps, @ForAll @IntRange(min = 1) int segment)
            throws IOException {
        Path directory = Files.createTempDirectory("merlin-log");
        LogSettings settings = new LogSettings(20_000 + segment % 300_000, 0);
        try {
            run(new Model(seed, steps), () -> ChronicleEventLog.open(directory, settings));
        } finally {
            delete(directory);
        }
    }

    @Property(tries = 200)
    void theLogInMemoryIsAList(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int steps) throws IOException {
        MemoryEventLog log = new MemoryEventLog();
        run(new Model(seed, steps), () -> new Unclosed(log));
    }

    private interface Opener {
        EventLog open() throws IOException;
    }

    private static void run(Model model, Opener opener) throws IOException {
        EventLog log = opener.open();
        try {
            EventLog.Reader follower = log.reader(0);
            int followed = 0;
            for (int step = 0; step < model.steps; step++) {
                switch (model.choose(11)) {
                    case 0 -> {
                        follower.close();
                        log.close();
                        log = opener.open();
                        follower = log.reader(0);
                        followed = 0;
                    }
                    case 1 -> log.sync();
                    case 10 -> {
                        log.discard(model.choose((int) model.end() + 3));
                        int gone = model.gone(log.start());
                        follower.close();
                        follower = log.reader(0);
                        followed = 0;
                        model.all.subList(0, gone).clear();
                    }
                    case 2, 3 -> {
                        assertThat(log.start()).isEqualTo(model.start());
                        long position = model.choose((int) model.end() + 3);
                        assertThat(Records.from(log, position)).isEqualTo(model.from(position));
                    }
                    case 4 -> {
                        assertThat(Records.rest(follower)).isEqualTo(model.all.subList(followed, model.all.size()));
                        followed = model.all.size();
                    }
                    default ->
                        model.all.add(Records.append(
                                log,
                                model.choose(4),
                                model.choose(10) == 0 ? model.choose(70_000) : model.choose(600)));
                }
                assertThat(log.end()).isEqualTo(model.end());
            }
            follower.close();
        } finally {
            log.close();
        }
    }

    private static final class Model {
        private final List<Read> all = new ArrayList<>();
        private final int steps;
        private final java.util.Random random;

        Model(long seed, int steps) {
            this.random = new java.util.Random(seed);
            this.steps = steps;
        }

        int choose(int bound) {
            return random.nextInt(bound);
        }

        /** How many records a log that starts there has forgotten; the first that stays must be one of ours. */
        int gone(long start) {
            int gone = 0;
            while (gone < all.size() && all.get(gone).position() < start) {
                gone++;
            }
            assertThat(gone < all.size() ? all.get(gone).position() : end()).isEqualTo(start);
            return gone;
        }

        long start() {
            return all.isEmpty() ? 0 : all.get(0).position();
        }

        long end() {
            return all.isEmpty()
                    ? 0
                    : all.get(all.size() - 1).position()
                            + all.get(all.size() - 1).events();
        }

        List<Read> from(long position) {
            return all.stream()
                    .filter(read -> read.position() >= position || read.position() + read.events() > position)
                    .toList();
        }
    }

    /** Keeps a log in memory over what the model takes for a restart. */
    private record Unclosed(EventLog log) implements EventLog {
        @Override
        public long append(java.nio.ByteBuffer record, int events) {
            return log.append(record, events);
        }

        @Override
        public void sync() {
            log.sync();
        }

        @Override
        public void discard(long position) {
            log.discard(position);
        }

        @Override
        public void leap(long position) {
            log.leap(position);
        }

        @Override
        public long startWithin(long maxBytes) {
            return log.startWithin(maxBytes);
        }

        @Override
        public long start() {
            return log.start();
        }

        @Override
        public long end() {
            return log.end();
        }

        @Override
        public long bytes() {
            return log.bytes();
        }

        @Override
        public Reader reader(long position) {
            return log.reader(position);
        }

        @Override
        public void close() {}
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
