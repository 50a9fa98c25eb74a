package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * What a node tells of its object configuration: which generation it runs, which it offers to the receiver, and how it fares. Hashes
 * are 64 hex digits, or empty.
 *
 * @param offers generation that the receiver is to run, if it follows the one that it runs: to a peer the sender's own, to a poller its
 *     part; empty to a master
 * @param runs generation that the sender runs
 * @param doing what it is about: empty, or a word for people such as {@code fetching 1a2b3c4d5e6f}
 * @param refuses tree of the contents that it refused last, if it still differs because of that
 * @param why the reason, in the words of its scheduler; lines are kept
 * @param edited whether its folder holds changes that were not pushed
 */
public record ConfigHead(String offers, String runs, String doing, String refuses, String why, boolean edited) {
    private static final int MAX_WHY = 8_000;

    public ConfigHead {
        why = Excerpt.of(why, MAX_WHY);
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putText(offers)
                .putText(runs)
                .putText(doing)
                .putText(refuses)
                .putText(why)
                .putFlag(edited)
                .body();
    }

    public static ConfigHead decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new ConfigHead(
                ConfigPiece.hashOrNone(in),
                ConfigPiece.hashOrNone(in),
                in.getText(),
                ConfigPiece.hashOrNone(in),
                in.getText(),
                in.getFlag());
    }
}
