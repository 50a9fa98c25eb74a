package org.merlin.confsync.objects;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types of blocks that a part can hold, in the order in which it holds them. */
enum Kind {
    COMMAND,
    TIMEPERIOD,
    CONTACT,
    CONTACTGROUP,
    HOSTGROUP,
    SERVICEGROUP,
    HOST,
    SERVICE,
    HOSTDEPENDENCY,
    SERVICEDEPENDENCY,
    HOSTESCALATION,
    SERVICEESCALATION;

    private static final Map<String, Kind> BY_WORD =
            Stream.of(values()).collect(Collectors.toMap(Kind::word, Function.identity()));

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As it stands behind {@code define}. */
    String word() {
        return word;
    }

    static Optional<Kind> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** The attribute that names a block of this kind; those from dependencies on have no name. */
    String nameAttribute() {
        return this == SERVICE ? "service_description" : word + "_name";
    }
}
