package org.merlin.daemon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;

/** JSON of commands: snake case keys, indented. */
final class Json {
    private Json() {}

    static String pretty(Object value) {
        try {
            return AdminClient.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value, e);
        }
    }
}
