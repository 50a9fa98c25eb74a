package org.merlin.tests.database;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merlin.daemon.cli.MerlinCommand;
import org.merlin.protocol.conf.MerlinConf;

/** The command line tool, run in this process by a merlin.conf of the test's own. */
final class Mon {
    private final Path conf;

    /** What a command printed, and how it ended. */
    record Ended(int status, String out, String err) {}

    private Mon(Path conf) {
        this.conf = conf;
    }

    /** Writes a merlin.conf with this database; an embedded one lies in {@code place/database}. */
    static Mon of(Path place, TestDatabase database, String... more) throws IOException {
        MerlinConf.Database conf = database.conf();
        boolean embedded = conf.type() == MerlinConf.Database.Type.EMBEDDED;
        String section = embedded
                ? "type = embedded;"
                : "type = mariadb; host = 127.0.0.1; port = " + conf.port() + "; name = " + conf.name() + "; user = "
                        + conf.user() + "; pass = " + conf.pass() + ";";
        return new Mon(Files.writeString(
                place.resolve("merlin.conf"),
                "node_name = m1;\nstate_dir = " + place + ";\ndaemon {\ndatabase {\n" + section
                        + " failover_timeout = 3s; " + String.join(" ", more) + "\n}\n}\n"));
    }

    /** By a merlin.conf of the test's own text. */
    static Mon by(Path place, String text) throws IOException {
        return new Mon(Files.writeString(place.resolve("merlin.conf"), text));
    }

    Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> line = new ArrayList<>(List.of("--merlin-cfg=" + conf));
        line.addAll(List.of(arguments));
        int status =
                MerlinCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), line.toArray(String[]::new));
        return new Ended(status, out.toString(), err.toString());
    }
}
