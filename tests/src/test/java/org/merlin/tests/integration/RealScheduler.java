package org.merlin.tests.integration;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A scheduler of one kind or another, as its users see it: a process, a command pipe, a status file, a log. */
interface RealScheduler {
    /** Which scheduler tests run with. */
    enum Kind {
        NAGIOS("") {
            @Override
            void assumePossible() {
                RealNagios.assumePossible();
            }

            @Override
            RealScheduler beside(RealNode node, String objects) throws IOException {
                return RealNagios.of(node, objects);
            }
        },
        EMBEDDED(RealEmbedded.SECTION) {
            @Override
            void assumePossible() {
                // nothing is needed but Java
            }

            @Override
            RealScheduler beside(RealNode node, String objects) throws IOException {
                return new RealEmbedded(node, objects);
            }
        };

        private final String section;

        Kind(String section) {
            this.section = section;
        }

        /** Skips tests where they cannot run. */
        abstract void assumePossible();

        /** What a node's merlin.conf must say. */
        String section() {
            return section;
        }

        /** One with its configuration written. */
        abstract RealScheduler beside(RealNode node, String objects) throws IOException;
    }

    void start() throws IOException;

    /** Ends it as an administrator would. */
    void stop() throws InterruptedException;

    void kill() throws InterruptedException;

    /** Has it read its configuration anew. */
    void reload() throws IOException, InterruptedException;

    boolean lives();

    /** Deletes what it keeps over a restart. While it does not run. */
    void forget() throws IOException;

    /** Gives it an external command. */
    void command(String command) throws IOException;

    String log() throws IOException;

    /**
     * The blocks of a type in its status file, by the names that Nagios gives their fields: hoststatus, servicestatus, contactstatus,
     * programstatus, hostcomment, servicecomment, hostdowntime, servicedowntime.
     */
    List<Map<String, String>> blocks(String type) throws IOException;

    /** What it says of a host ({@code h}) or service ({@code h;s}). */
    default Optional<Map<String, String>> object(String name) throws IOException {
        return of(name.contains(";") ? "servicestatus" : "hoststatus", name).stream()
                .findFirst();
    }

    /** Comments of a host or service. */
    default List<Map<String, String>> comments(String name) throws IOException {
        return of(name.contains(";") ? "servicecomment" : "hostcomment", name);
    }

    default List<Map<String, String>> downtimes(String name) throws IOException {
        return of(name.contains(";") ? "servicedowntime" : "hostdowntime", name);
    }

    private List<Map<String, String>> of(String type, String name) throws IOException {
        String[] words = name.split(";");
        return blocks(type).stream()
                .filter(block -> words[0].equals(block.get("host_name"))
                        && (words.length == 1 || words[1].equals(block.get("service_description"))))
                .toList();
    }
}
