package org.merlin.protocol.conf;

import java.time.Duration;
import java.util.Optional;

/** The keys {@code expiry_grace}, {@code minority} and {@code damping}, outside of sections. */
final class SharingKeys {
    private static final Duration LEAST_GRACE = Duration.ofSeconds(1);
    private static final Duration MOST_GRACE = Duration.ofHours(1);

    private static final Duration MOST_DAMPING = Duration.ofMinutes(10);

    private SharingKeys() {}

    /** Reads all; {@code peers} tells how many other nodes there are to be in a minority of. */
    static MerlinConf.Sharing read(ConfValues global, long peers) {
        return new MerlinConf.Sharing(
                global.duration("expiry_grace", LEAST_GRACE, MOST_GRACE)
                        .orElse(MerlinConf.Sharing.DEFAULT.expiryGrace()),
                silent(global, peers),
                global.duration("damping", Duration.ZERO, MOST_DAMPING).orElse(MerlinConf.Sharing.DEFAULT.damping()));
    }

    private static boolean silent(ConfValues global, long peers) {
        Optional<ConfSection.Entry> entry = global.entry("minority");
        if (entry.isEmpty() || entry.get().value().equals("notify")) {
            return false;
        }
        if (!entry.get().value().equals("silent")) {
            global.refuse(entry.get(), "is neither notify nor silent");
            return false;
        }
        if (peers == 1) {
            global.warn(
                    entry.get().line(),
                    "'minority = silent' with two peers: when the one whose name sorts first is down the other tells nobody");
        }
        return true;
    }
}
