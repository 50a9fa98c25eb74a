package org.merlin.daemon.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.merlin.protocol.conf.MerlinConf;

/** What of merlin.conf holds for the life of a process. */
final class RestartKeys {
    /** A key, and what it says. */
    private record Key(String name, Function<MerlinConf, Object> value) {}

    private static final List<Key> OF_THE_DAEMON = List.of(
            new Key("node_name", MerlinConf::nodeName),
            new Key("state_dir", MerlinConf::stateDir),
            new Key("ipc_socket", conf -> conf.ipc().socket()),
            new Key("ipc_group", conf -> conf.ipc().group()),
            new Key("daemon { address }", conf -> conf.daemon().address()),
            new Key("daemon { port }", conf -> conf.daemon().port()),
            new Key("daemon { pidfile }", conf -> conf.daemon().pidFile()),
            new Key("log_file", conf -> conf.daemon().log().file()),
            new Key("log_file", conf -> conf.daemon().log().stdout()),
            new Key("tls", conf -> conf.tls().enabled()),
            new Key("tls_certificate", conf -> conf.tls().certificate()),
            new Key("tls_key", conf -> conf.tls().key()),
            new Key("tls_ca", conf -> conf.tls().ca()),
            new Key("oconf_dir", conf -> conf.oconf().dir()),
            new Key("oconf_dir", conf -> conf.oconf().given()),
            new Key("oconf_check", conf -> conf.oconf().check()),
            new Key("oconf_reload", conf -> conf.oconf().reload()),
            new Key("oconf_timeout", conf -> conf.oconf().timeout()),
            new Key("oconf_max_size", conf -> conf.oconf().maxBytes()),
            new Key("oconf_max_files", conf -> conf.oconf().maxFiles()),
            new Key("scheduler_config", conf -> conf.oconf().schedulerConfig()),
            new Key("daemon { sync { } }", conf -> conf.oconf().extras()),
            new Key("database { }", MerlinConf::database));

    private static final List<Key> OF_THE_SCHEDULER = List.of(
            new Key("scheduler { ... }", MerlinConf::scheduler),
            new Key("module { java_home }", conf -> conf.module().javaHome()),
            new Key("module { java_options }", conf -> conf.module().javaOptions()),
            new Key("module { log_file, log_level }", conf -> conf.module().log()));

    private RestartKeys() {}

    /** Keys that a daemon cannot change while it runs; empty if none differs. */
    static List<String> ofTheDaemon(MerlinConf before, MerlinConf now) {
        return changed(OF_THE_DAEMON, before, now);
    }

    /** Keys that only the scheduler reads, at its start. */
    static List<String> ofTheScheduler(MerlinConf before, MerlinConf now) {
        return changed(OF_THE_SCHEDULER, before, now);
    }

    private static List<String> changed(List<Key> keys, MerlinConf before, MerlinConf now) {
        List<String> changed = new ArrayList<>();
        for (Key key : keys) {
            if (!Objects.equals(key.value.apply(before), key.value.apply(now)) && !changed.contains(key.name)) {
                changed.add(key.name);
            }
        }
        return changed;
    }
}
