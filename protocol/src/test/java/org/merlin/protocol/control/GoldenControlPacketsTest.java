package org.merlin.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.control.AssignmentListQuery.Which;
import org.merlin.protocol.control.Marks.Kind;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo.Counts;
import org.merlin.protocol.control.NodeInfo.GroupLists;
import org.merlin.protocol.control.Rings.Blocking;
import org.merlin.protocol.control.Rings.GroupRing;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/**
 * Each line of {@code control-0.1.0.txt} is a whole control packet, header and body, as release 0.1.0, the first, froze it: its
 * code, its bytes. Lines are added; none is ever changed.
 */
class GoldenControlPacketsTest {
    private static final GroupDigest DIGEST = new GroupDigest(0x80000001, 2, -3, 4);
    private static final StreamId STREAM = new StreamId(-7, 42);

    /** Reads a body. */
    private interface Decoder {
        Object decode(ByteBuffer body) throws MalformedPacketException;
    }

    /** A packet, with another value in each field of its body. */
    private record Sample(int code, Object value, ByteBuffer body, Decoder decoder) {}

    private static Sample of(int code, Pulse pulse) {
        return new Sample(code, pulse, pulse.encode(), Pulse::decode);
    }

    private static Sample of(int code, Marks marks) {
        return new Sample(code, marks, marks.encode(), Marks::decode);
    }

    private static Sample of(int code, Words words) {
        return new Sample(code, words, words.encode(), Words::decode);
    }

    private static Sample of(int code, Drain drain) {
        return new Sample(code, drain, drain.encode(), Drain::decode);
    }

    private static List<Sample> samples() {
        Pulse pulse = new Pulse(
                "luké",
                1,
                2,
                3,
                -4,
                5,
                1000,
                true,
                List.of("leia", "yoda"),
                List.of(DIGEST),
                Map.of("backlog", 6L, "checks", -7L),
                true,
                List.of("r2d2"),
                List.of(new NodeNews("han", true, 8, List.of(DIGEST, new GroupDigest(0, 9, 10)))));
        NodeInfo info = new NodeInfo(
                1,
                2,
                64,
                true,
                "Nagios 4.4",
                3,
                -4,
                5,
                new ConfigStamp("da39", 6),
                new Counts(7, 8, 9, 10, 11, 12),
                1000,
                List.of(new GroupLists(0, -13), new GroupLists(14, 15)),
                List.of("linux", "größe"),
                16,
                17,
                List.of("windows"));
        Rings rings = new Rings(
                List.of(
                        new GroupRing(0, List.of("leia", "luke"), true, List.of()),
                        new GroupRing(-5, List.of(), false, List.of(List.of("han"), List.of("chewie", "han")))),
                true,
                List.of(new Blocking("leia", List.of("windows"))),
                false,
                true);
        AssignmentQuery query = new AssignmentQuery(1, "web;http");
        Assignment assignment =
                new Assignment(1, true, -2, 3, 4, List.of("luke", "leia"), true, false, "ring of peers");
        AssignmentListQuery listQuery = new AssignmentListQuery(2, Which.WITHOUT, "luke", 3);
        AssignmentList list = new AssignmentList(
                2,
                List.of(
                        new AssignmentList.Row("web", "luke", "leia", 0),
                        new AssignmentList.Row("web;http", "", "", 12)),
                -1);
        ListQuery lists = new ListQuery(-1, 2);
        ListPart part = new ListPart(-1, 3, 1, List.of(4L, 5L));
        Lacking lacking = new Lacking(-1, 2, List.of("leia", "luke"), List.of(3L, -4L));
        StateAsk ask = new StateAsk(-1, List.of(2L, -3L));
        StateTold told = new StateTold(StateTold.Kind.END, -1);
        String hash = "0123456789abcdef".repeat(4);
        ConfigHead head = new ConfigHead(hash, "", "prüft", hash.replace('0', 'f'), "line 1\nline 2", true);
        ConfigTry attempt = new ConfigTry(hash, true);
        ConfigVerdict verdict = new ConfigVerdict(hash, false, true, "missing command");
        ConfigAsk piece = new ConfigAsk(hash, 7);
        ConfigPiece answer = new ConfigPiece(hash, 7, 9, ByteBuffer.wrap(new byte[] {8, -9}));
        return List.of(
                of(PacketType.PULSE, pulse),
                new Sample(
                        PacketType.CTRL_INACTIVE,
                        new Goodbye("the scheduler stops", true),
                        new Goodbye("the scheduler stops", true).encode(),
                        Goodbye::decode),
                new Sample(PacketType.CTRL_ACTIVE, info, info.encode(), NodeInfo::decode),
                of(
                        PacketType.MARKS,
                        new Marks(Kind.ALL, List.of(new Mark(STREAM, 1), new Mark(new StreamId(8, -2), 3)))),
                of(PacketType.MARKS, new Marks(Kind.ACKNOWLEDGED, List.of(new Mark(STREAM, Long.MAX_VALUE)))),
                of(PacketType.MARKS, new Marks(Kind.GO_BACK, List.of(new Mark(STREAM, 0)))),
                of(PacketType.MARKS, new Marks(Kind.WANTED, List.of(new Mark(STREAM, 5)))),
                of(PacketType.REFUSAL, new Words("not öne of mine")),
                new Sample(PacketType.PROBE, "", ByteBuffer.allocate(0), body -> ""),
                new Sample(PacketType.RINGS, rings, rings.encode(), Rings::decode),
                new Sample(PacketType.ASSIGNMENT_QUERY, query, query.encode(), AssignmentQuery::decode),
                new Sample(PacketType.ASSIGNMENT, assignment, assignment.encode(), Assignment::decode),
                of(PacketType.DRAIN, new Drain(true)),
                of(PacketType.DRAIN, new Drain(false)),
                new Sample(
                        PacketType.ASSIGNMENT_LIST_QUERY, listQuery, listQuery.encode(), AssignmentListQuery::decode),
                new Sample(PacketType.ASSIGNMENT_LIST, list, list.encode(), AssignmentList::decode),
                new Sample(PacketType.LIST_QUERY, lists, lists.encode(), ListQuery::decode),
                new Sample(PacketType.LIST_PART, part, part.encode(), ListPart::decode),
                new Sample(PacketType.LACKING, lacking, lacking.encode(), Lacking::decode),
                new Sample(PacketType.STATE_ASK, ask, ask.encode(), StateAsk::decode),
                new Sample(PacketType.STATE_TOLD, told, told.encode(), StateTold::decode),
                of(PacketType.RUN_MARK, new Marks(Kind.ALL, List.of(new Mark(STREAM, 6)))),
                new Sample(PacketType.CONF_READ, "", ByteBuffer.allocate(0), body -> ""),
                new Sample(PacketType.FETCH, "", ByteBuffer.allocate(0), body -> ""),
                new Sample(PacketType.CONFIG_HEAD, head, head.encode(), ConfigHead::decode),
                new Sample(PacketType.CONFIG_TRY, attempt, attempt.encode(), ConfigTry::decode),
                new Sample(PacketType.CONFIG_VERDICT, verdict, verdict.encode(), ConfigVerdict::decode),
                new Sample(PacketType.CONFIG_ASK, piece, piece.encode(), ConfigAsk::decode),
                new Sample(PacketType.CONFIG_PIECE, answer, answer.encode(), ConfigPiece::decode));
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = GoldenControlPacketsTest.class.getResourceAsStream("control-0.1.0.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void packetsAreWhatTheyWereInTheFirstRelease() throws IOException {
        List<String> now = new ArrayList<>();
        for (Sample sample : samples()) {
            ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + sample.body.remaining());
            new PacketWriter().control(packet, sample.code, sample.body);
            now.add(sample.code + " " + HexFormat.of().formatHex(packet.array()));
        }
        assertThat(now).isEqualTo(lines());
    }

    @Test
    void packetsOfTheFirstReleaseAreUnderstood() throws IOException, MalformedPacketException {
        List<Sample> samples = samples();
        List<String> lines = lines();
        assertThat(lines).hasSameSizeAs(samples);
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).split(" ");
            ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(words[1]));
            PacketCursor cursor = new PacketCursor();
            assertThat(cursor.next(in)).isTrue();
            cursor.checkCrc();
            assertThat(in.remaining()).isZero();
            assertThat(cursor.type()).isEqualTo(PacketType.CONTROL);
            assertThat(cursor.code()).isEqualTo(Integer.parseInt(words[0])).isEqualTo(samples.get(i).code);
            assertThat(samples.get(i).decoder.decode(cursor.body())).isEqualTo(samples.get(i).value);
        }
    }

    /** Codes are the constants of {@link PacketType} from CONTROL on; a chunk's bytes are golden beside its class. */
    @Test
    void thereIsASampleOfEveryCode() throws IllegalAccessException {
        Set<Integer> codes = new HashSet<>();
        for (Field field : PacketType.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                codes.add(field.getInt(null));
            }
        }
        codes.removeAll(EVENT_TYPES);
        codes.remove(PacketType.CONTROL);
        codes.remove(PacketType.CHUNK);
        assertThat(samples().stream().map(Sample::code)).containsAll(codes);
    }

    private static final Set<Integer> EVENT_TYPES = Set.of(
            PacketType.NOTIFICATION,
            PacketType.SERVICE_CHECK,
            PacketType.HOST_CHECK,
            PacketType.COMMENT,
            PacketType.DOWNTIME,
            PacketType.EXTERNAL_COMMAND,
            PacketType.CONTACT_NOTIFICATION_METHOD,
            PacketType.ACKNOWLEDGEMENT,
            PacketType.DELETION,
            PacketType.REGISTER,
            PacketType.REPETITION);
}
