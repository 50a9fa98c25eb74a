package org.merlin.protocol.conf;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * A key of the C original that loads and does nothing, yet or any more.
 *
 * @param name the key
 * @param kind what its values are checked for
 * @param instead goes on after the key's name: what replaces it
 */
record RetiredKey(String name, Kind kind, String instead) {
    private static final String TLS =
            "is not needed any more: links are TLS with certificates on both sides, see mon ca init and mon cert issue";
    private static final String UUID = "is not needed any more: a node is known by the name in its certificate";
    private static final String LOG = "is not needed any more: the event log lies in state_dir/log";
    private static final String BOUND =
            "is understood, but has a new name: backlog_max_size, for each node, is the sum of binlog_max_memory_size and"
                    + " binlog_max_file_size; log_max_size bounds the log of all";
    private static final String DEBUG = "does nothing any more: log_level = debug shows single packets";
    private static final String HOOKS = "does nothing any more: the module asks for what it needs";
    private static final String NOT_FOR_PEERS = "does nothing for a peer: only pollers have hostgroups";

    /** Keys of the top level, which {@code module} and {@code daemon} take as well. */
    static final List<RetiredKey> ANYWHERE = List.of(
            new RetiredKey("ipc_privatekey", Kind.TEXT, TLS),
            new RetiredKey("encrypted", Kind.FLAG, TLS),
            new RetiredKey("encryption", Kind.FLAG, TLS),
            new RetiredKey("ipc_uuid", Kind.TEXT, UUID),
            new RetiredKey("ipc_binlog", Kind.TEXT, LOG),
            new RetiredKey("ipc_binlog_dir", Kind.TEXT, LOG),
            new RetiredKey("ipc_backlog_dir", Kind.TEXT, LOG),
            new RetiredKey("binlog_dir", Kind.TEXT, LOG),
            new RetiredKey("binlog_max_memory_size", Kind.COUNT, BOUND),
            new RetiredKey("binlog_max_file_size", Kind.COUNT, BOUND),
            new RetiredKey("binlog_persist", Kind.FLAG, "is not needed any more: the event log always survives"),
            new RetiredKey("ipc_debug_write", Kind.TEXT, DEBUG),
            new RetiredKey("ipc_debug_read", Kind.TEXT, DEBUG),
            new RetiredKey(
                    "use_syslog",
                    Kind.FLAG,
                    "does nothing any more: what goes to standard error systemd takes to its journal; log_file names a file"),
            new RetiredKey(
                    "oconfsplit_dir",
                    Kind.TEXT,
                    "does nothing in this release: pollers' configuration is split when its sync comes"));

    static final List<RetiredKey> OF_MODULE = List.of(
            new RetiredKey("cluster_update", Kind.TEXT, "does nothing in this release: the command is not run"),
            new RetiredKey("event_mask", Kind.TEXT, HOOKS),
            new RetiredKey("handle_events", Kind.TEXT, HOOKS),
            new RetiredKey("ignore_events", Kind.TEXT, HOOKS),
            new RetiredKey(
                    "ipc_reap_interval",
                    Kind.TEXT,
                    "does nothing any more: the module reads as soon as there is data"));

    static final List<RetiredKey> OF_DAEMON = List.of(
            new RetiredKey(
                    "merlin_user",
                    Kind.TEXT,
                    "does nothing any more: start merlind as the user that it shall run as (User= of its systemd unit)"),
            new RetiredKey("import_program", Kind.TEXT, "does nothing any more: nothing has to be imported"));

    static final List<RetiredKey> OF_NODES = List.of(
            new RetiredKey("encrypted", Kind.FLAG, TLS),
            new RetiredKey("encryption", Kind.FLAG, TLS),
            new RetiredKey("publickey", Kind.TEXT, TLS),
            new RetiredKey("uuid", Kind.TEXT, UUID),
            new RetiredKey("fixed_srcport", Kind.FLAG, "is not needed any more: nodes are told apart by their names"),
            new RetiredKey("accept_runcmd", Kind.FLAG, "does nothing in this release: no remote commands are run"),
            new RetiredKey("max_sync_attempts", Kind.TEXT, "does nothing, as ever"));

    static final List<RetiredKey> OF_PEERS = List.of(
            new RetiredKey("hostgroup", Kind.TEXT, NOT_FOR_PEERS),
            new RetiredKey("hostgroups", Kind.TEXT, NOT_FOR_PEERS));

    /** Where no poller is described. */
    static final List<RetiredKey> OF_POLLERS_ONLY = List.of(
            new RetiredKey(
                    "auto_delete", Kind.TIME, "does nothing here: only pollers are removed when they are silent"),
            new RetiredKey("takeover", Kind.FLAG, "does nothing here: only pollers are taken over"),
            new RetiredKey(
                    "notifies", Kind.FLAG, "does nothing here: it says whether a poller sends notifications itself"));

    /** What is checked even though it is not used: a mistake shows now, not when a release begins to use it. */
    enum Kind {
        TEXT(ConfValues::entry),
        FLAG(ConfValues::flag),
        COUNT(ConfValues::checkCount),
        TIME(ConfValues::checkDuration);

        private final BiConsumer<ConfValues, String> check;

        Kind(BiConsumer<ConfValues, String> check) {
            this.check = check;
        }

        void check(ConfValues values, String key) {
            check.accept(values, key);
        }
    }
}
