package org.merlin.daemon.install;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A scheduler that loads the module, and where its package puts things. */
public enum SchedulerKind {
    NAGIOS4(
            "nagios4",
            "nagios",
            "nagios4-core",
            Path.of("/etc/nagios4/nagios.cfg"),
            List.of(Path.of("/usr/sbin/nagios4"), Path.of("/usr/local/nagios/bin/nagios"))),
    NAEMON(
            "naemon",
            "naemon",
            "naemon-core",
            Path.of("/etc/naemon/naemon.cfg"),
            List.of(Path.of("/usr/bin/naemon"), Path.of("/usr/sbin/naemon")));

    private final String word;
    private final String user;
    private final String pack;
    private final Path configuration;
    private final List<Path> programs;

    SchedulerKind(String word, String user, String pack, Path configuration, List<Path> programs) {
        this.word = word;
        this.user = user;
        this.pack = pack;
        this.configuration = configuration;
        this.programs = programs;
    }

    /** The one that is called so in commands; empty if none is. */
    public static Optional<SchedulerKind> of(String word) {
        return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** Its name in commands; that of its systemd unit too. */
    public String word() {
        return word;
    }

    /** The package to install where it is not there. */
    public String packageName() {
        return pack;
    }

    /** Its program, if it is installed. */
    public Optional<Path> program() {
        return programs.stream().filter(Files::isExecutable).findFirst();
    }

    /** Its main configuration, if nobody says otherwise. */
    Path configuration() {
        return configuration;
    }

    /** Whose rights it has, if its configuration does not say; its group has the same name. */
    String user() {
        return user;
    }

    /** How to have it check a configuration, and how to restart it. */
    List<String> checkAndRestart(Path file) {
        return List.of(program().map(Path::toString).orElse(word) + " -v " + file, "systemctl restart " + word);
    }

    @Override
    public String toString() {
        return word;
    }
}
