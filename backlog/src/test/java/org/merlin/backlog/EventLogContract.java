package org.merlin.backlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merlin.backlog.Records.append;
import static org.merlin.backlog.Records.from;
import static org.merlin.backlog.Records.rest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.merlin.backlog.Records.Read;

/** What holds for every event log. */
public abstract class EventLogContract {
    protected EventLog log;

    /** An empty log; a log that has segments should make them small. */
    protected abstract EventLog open() throws IOException;

    @BeforeEach
    void openLog() throws IOException {
        log = open();
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void anEmptyLogBeginsAndEndsAtZero() {
        assertThat(log.start()).isZero();
        assertThat(log.end()).isZero();
        assertThat(from(log, 0)).isEmpty();
        assertThat(from(log, 17)).isEmpty();
        log.sync();
    }

    @Test
    void recordsAreReadInTheOrderInWhichTheyWereAppended() {
        List<Read> all = List.of(append(log, 3, 100), append(log, 1, 0), append(log, 200, 60_000), append(log, 1, 7));
        assertThat(from(log, 0)).isEqualTo(all);
        assertThat(log.end()).isEqualTo(205);
        assertThat(log.start()).isZero();
        assertThat(log.bytes()).isGreaterThanOrEqualTo(60_107);
    }

    @Test
    void aReaderBeginsBeforeTheRecordThatCoversItsPosition() {
        Read first = append(log, 3, 10);
        Read second = append(log, 4, 10);
        Read third = append(log, 1, 10);
        for (long position = 0; position < 3; position++) {
            assertThat(from(log, position)).containsExactly(first, second, third);
        }
        for (long position = 3; position < 7; position++) {
            assertThat(from(log, position)).containsExactly(second, third);
        }
        assertThat(from(log, 7)).containsExactly(third);
        assertThat(from(log, 8)).isEmpty();
        assertThat(from(log, 1_000_000)).isEmpty();
        assertThat(from(log, -1)).containsExactly(first, second, third);
    }

    @Test
    void aRecordWithoutEventsLiesBeforeTheOneThatFollowsIt() {
        Read first = append(log, 0, 5);
        Read second = append(log, 2, 5);
        Read third = append(log, 0, 6);
        Read fourth = append(log, 0, 7);
        Read fifth = append(log, 1, 5);
        Read sixth = append(log, 0, 8);
        assertThat(from(log, 0)).containsExactly(first, second, third, fourth, fifth, sixth);
        assertThat(from(log, 1)).containsExactly(second, third, fourth, fifth, sixth);
        assertThat(from(log, 2)).containsExactly(third, fourth, fifth, sixth);
        assertThat(from(log, 3)).containsExactly(sixth);
        assertThat(from(log, 4)).isEmpty();
    }

    @Test
    void aReaderWaitsAtTheEndAndThenSeesMore() {
        try (EventLog.Reader atStart = log.reader(0);
                EventLog.Reader beyond = log.reader(5)) {
            assertThat(atStart.next()).isFalse();
            Read first = append(log, 1, 20);
            assertThat(rest(atStart)).containsExactly(first);
            assertThat(atStart.next()).isFalse();
            assertThat(rest(beyond)).containsExactly(first);
            List<Read> more = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                more.add(append(log, i % 3, 2_000));
            }
            assertThat(rest(atStart)).isEqualTo(more);
            assertThat(rest(beyond)).isEqualTo(more);
        }
    }

    @Test
    void aReaderKeepsWhatItReadLastAtTheEnd() {
        Read first = append(log, 4, 9);
        try (EventLog.Reader reader = log.reader(0)) {
            assertThatThrownBy(reader::position).isInstanceOf(IllegalStateException.class);
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isFalse();
            assertThat(new Read(reader.position(), reader.events(), reader.record()))
                    .isEqualTo(first);
        }
    }

    @Test
    void bytesThatWereReadMayBeKept() {
        append(log, 1, 300);
        append(log, 1, 300);
        try (EventLog.Reader reader = log.reader(0)) {
            reader.next();
            ByteBuffer kept = reader.record();
            reader.next();
            assertThat(kept).isEqualTo(Records.bytes(0, 300));
            assertThat(kept.hasArray()).isTrue();
        }
    }

    @Test
    void aBufferOfAnyKindIsAppendedAndLeftAsItWas() {
        ByteBuffer content = Records.bytes(1, 50);
        ByteBuffer direct = ByteBuffer.allocateDirect(60);
        direct.position(4).put(content.duplicate()).flip().position(4);
        ByteBuffer inTheMiddle = ByteBuffer.allocate(60);
        inTheMiddle.position(7).put(content.duplicate()).flip().position(7);
        for (ByteBuffer record : List.of(
                content,
                content.asReadOnlyBuffer(),
                direct,
                direct.asReadOnlyBuffer(),
                inTheMiddle,
                inTheMiddle.slice())) {
            int position = record.position();
            int limit = record.limit();
            long at = log.append(record, 1);
            assertThat(record.position()).isEqualTo(position);
            assertThat(record.limit()).isEqualTo(limit);
            assertThat(from(log, at)).containsExactly(Records.read(at, 1, content));
        }
    }

    @Test
    void theLongestRecordFitsAndALongerOneIsRefused() {
        List<Read> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(append(log, 1, EventLog.MAX_RECORD_BYTES));
            all.add(append(log, 1, i));
        }
        ByteBuffer tooLong = ByteBuffer.allocate(EventLog.MAX_RECORD_BYTES + 1);
        assertThatThrownBy(() -> log.append(tooLong, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(ByteBuffer.allocate(1), -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(log.end()).isEqualTo(12);
        assertThat(from(log, 0)).isEqualTo(all);
    }

    @Test
    void readersOnOtherThreadsSeeEveryRecordOnceAndInOrder() throws Exception {
        int records = 20_000;
        Callable<Long> readAll = () -> {
            long read = 0;
            try (EventLog.Reader reader = log.reader(0)) {
                while (read < records) {
                    if (reader.next()) {
                        assertThat(reader.position()).isEqualTo(read);
                        assertThat(log.end()).isGreaterThan(reader.position());
                        assertThat(reader.record()).isEqualTo(Records.bytes(read, (int) (read % 400)));
                        read++;
                    } else {
                        Thread.onSpinWait();
                    }
                }
            }
            return read;
        };
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Long>> counts =
                    List.of(readers.submit(readAll), readers.submit(readAll), readers.submit(readAll));
            for (int i = 0; i < records; i++) {
                append(log, 1, i % 400);
            }
            for (Future<Long> count : counts) {
                assertThat(count.get(60, TimeUnit.SECONDS)).isEqualTo(records);
            }
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void whatIsDiscardedIsGoneAndTheRestStays() {
        List<Read> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(append(log, 2, 30_000));
        }
        long before = log.bytes();
        log.discard(31);
        assertThat(log.start()).isPositive().isLessThanOrEqualTo(31);
        assertThat(log.bytes()).isLessThan(before);
        int first = (int) log.start() / 2;
        assertThat(from(log, 0)).isEqualTo(all.subList(first, 40));
        assertThat(from(log, log.start())).isEqualTo(all.subList(first, 40));
        log.discard(Long.MAX_VALUE);
        assertThat(from(log, 0)).isNotEmpty().isEqualTo(all.subList((int) log.start() / 2, 40));
        all.add(append(log, 1, 10));
        assertThat(from(log, 80)).hasSize(1);
    }

    @Test
    void aReaderGoesOnWhenWhatItStandsInIsDiscarded() {
        List<Read> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(append(log, 1, 30_000));
        }
        try (EventLog.Reader reader = log.reader(0);
                EventLog.Reader unread = log.reader(0)) {
            reader.next();
            log.discard(30);
            int start = (int) log.start();
            List<Read> rest = rest(reader);
            assertThat(rest).endsWith(all.subList(start, 40).toArray(Read[]::new));
            assertThat(all.subList(1, 40)).containsSubsequence(rest);
            assertThat(rest(unread)).endsWith(all.subList(start, 40).toArray(Read[]::new));
        }
    }

    @Test
    void tellsWhereItWouldBeginWithinABound() {
        for (int i = 0; i < 40; i++) {
            append(log, 1, 30_000);
        }
        assertThat(log.startWithin(Long.MAX_VALUE)).isEqualTo(log.start());
        long half = log.startWithin(600_000);
        assertThat(half).isBetween(16L, 32L);
        log.discard(half);
        assertThat(log.start()).isEqualTo(half);
        assertThat(log.bytes()).isLessThanOrEqualTo(600_000);
        long last = log.startWithin(0);
        log.discard(last);
        assertThat(log.start()).isEqualTo(last).isLessThan(log.end());
    }

    @Test
    void aClosedLogRefusesAllWork() {
        append(log, 1, 10);
        EventLog.Reader reader = log.reader(0);
        log.close();
        log.close();
        assertThatThrownBy(() -> log.append(ByteBuffer.allocate(1), 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(log::sync).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> log.reader(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(reader::next).isInstanceOf(IllegalStateException.class);
        reader.close();
        reader.close();
    }
}
