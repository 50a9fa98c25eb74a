package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Still here: opens every link and is repeated each pulse interval, and at once when something changed.
 *
 * @param name the sender's name
 * @param versionsFrom oldest version of the packet format that the sender reads
 * @param versionsTo newest version of it
 * @param sentMicros the sender's wall clock, since 1970
 * @param echoMicros {@code sentMicros} of the last pulse that the sender got from the receiver; 0 for none
 * @param heldMicros how long ago that one came
 * @param intervalMillis the sender's pulse interval
 * @param active whether the sender's module is there and its scheduler's own thread answers
 * @param sees names of the nodes whose packets arrive at the sender
 * @param digests per peer group that the sender has to do with, what it announces
 * @param figures the sender's counters and gauges by name, for status displays
 * @param drained whether the sender is to run no checks, though it could: somebody will stop it
 * @param below names of the nodes below the sender whose events it brings
 * @param others active nodes that the receiver does not see, and the sender knows of
 */
public record Pulse(
        String name,
        int versionsFrom,
        int versionsTo,
        long sentMicros,
        long echoMicros,
        long heldMicros,
        int intervalMillis,
        boolean active,
        List<String> sees,
        List<GroupDigest> digests,
        Map<String, Long> figures,
        boolean drained,
        List<String> below,
        List<NodeNews> others) {

    public Pulse {
        others = List.copyOf(others);
        below = List.copyOf(below);
        sees = List.copyOf(sees);
        digests = List.copyOf(digests);
        figures = Map.copyOf(figures);
    }

    /** Of a node that is not drained and has none below it, and no news of others. */
    public Pulse(
            String name,
            int versionsFrom,
            int versionsTo,
            long sentMicros,
            long echoMicros,
            long heldMicros,
            int intervalMillis,
            boolean active,
            List<String> sees,
            List<GroupDigest> digests,
            Map<String, Long> figures) {
        this(
                name,
                versionsFrom,
                versionsTo,
                sentMicros,
                echoMicros,
                heldMicros,
                intervalMillis,
                active,
                sees,
                digests,
                figures,
                false,
                List.of(),
                List.of());
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putText(name)
                .putInt(versionsFrom)
                .putInt(versionsTo)
                .putLong(sentMicros)
                .putLong(echoMicros)
                .putLong(heldMicros)
                .putInt(intervalMillis)
                .putFlag(active)
                .putList(sees, BodyWriter::putText)
                .putList(digests, (out, digest) -> digest.write(out))
                .putList(
                        new TreeMap<>(figures).entrySet(),
                        (out, figure) -> out.putText(figure.getKey()).putLong(figure.getValue()))
                .putFlag(drained)
                .putList(below, BodyWriter::putText)
                .putList(others, (out, news) -> news.write(out))
                .putList(plans(digests), BodyWriter::putLong)
                .putList(others, (out, news) -> out.putList(plans(news.digests()), BodyWriter::putLong))
                .body();
    }

    private static List<Long> plans(List<GroupDigest> digests) {
        return digests.stream().map(GroupDigest::plan).toList();
    }

    /** Who tells no plans has none. */
    private static List<GroupDigest> with(List<Long> plans, List<GroupDigest> digests) {
        return IntStream.range(0, digests.size())
                .mapToObj(i -> digests.get(i).withPlan(i < plans.size() ? plans.get(i) : 0))
                .toList();
    }

    public static Pulse decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        String name = in.getText();
        int versionsFrom = in.getInt();
        int versionsTo = in.getInt();
        long sent = in.getLong();
        long echo = in.getLong();
        long held = in.getLong();
        int interval = in.getInt();
        boolean active = in.getFlag();
        List<String> sees = in.getList(BodyReader::getText);
        List<GroupDigest> digests = in.getList(GroupDigest::read);
        Map<String, Long> figures = new TreeMap<>();
        in.getList(element -> figures.put(element.getText(), element.getLong()) == null);
        boolean drained = in.getFlag();
        List<String> below = in.getList(BodyReader::getText);
        List<NodeNews> others = in.getList(NodeNews::read);
        if (in.hasMore()) {
            digests = with(in.getList(BodyReader::getLong), digests);
            List<List<Long>> plans = in.getList(inner -> inner.getList(BodyReader::getLong));
            List<NodeNews> news = others;
            others = IntStream.range(0, news.size())
                    .mapToObj(i -> {
                        NodeNews of = news.get(i);
                        return new NodeNews(
                                of.name(),
                                of.drained(),
                                of.ageMillis(),
                                with(i < plans.size() ? plans.get(i) : List.of(), of.digests()));
                    })
                    .toList();
        }
        if (name.isEmpty()) {
            throw new MalformedPacketException("a pulse without a name");
        }
        return new Pulse(
                name,
                versionsFrom,
                versionsTo,
                sent,
                echo,
                held,
                interval,
                active,
                sees,
                digests,
                figures,
                drained,
                below,
                others);
    }
}
