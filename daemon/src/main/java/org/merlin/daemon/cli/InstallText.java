package org.merlin.daemon.cli;

import java.io.PrintWriter;
import java.util.List;
import org.merlin.daemon.install.InstallReport;
import org.merlin.daemon.install.LineChange;
import picocli.CommandLine;

/** An {@link InstallReport} for people, or as JSON. */
final class InstallText {
    private InstallText() {}

    static void print(CommandLine line, ModuleOptions options, InstallReport report) {
        PrintWriter out = line.getOut();
        PrintWriter err = line.getErr();
        if (options.format() == OutputFormat.json) {
            out.println(Json.pretty(report));
            return;
        }
        report.problems().forEach(err::println);
        report.warnings().forEach(warning -> err.println("warning: " + warning));
        if (!report.problems().isEmpty()) {
            err.println(report.config() + ": nothing was changed");
            return;
        }
        report.done().forEach(sentence -> out.println(report.config() + ": " + sentence));
        if (!report.changed()) {
            out.println("Nothing to change.");
            return;
        }
        changes(out, report.config(), report.changes());
        ends(out, options, report);
    }

    static void changes(PrintWriter out, String file, List<LineChange> changes) {
        out.println("--- " + file);
        out.println("+++ " + file);
        for (LineChange change : changes) {
            out.println("@@ line " + change.line() + " @@");
            change.removed().forEach(text -> out.println("-" + text));
            change.added().forEach(text -> out.println("+" + text));
        }
    }

    private static void ends(PrintWriter out, ModuleOptions options, InstallReport report) {
        if (report.dryRun()) {
            out.println("A dry run: nothing was changed.");
            return;
        }
        if (!report.backup().isEmpty()) {
            out.println("As it was before Merlin it is kept in " + report.backup());
        }
        out.println("The scheduler takes notice when it is restarted:");
        report.next().forEach(command -> out.println("    " + command));
        if (report.action().equals("install")) {
            out.println("The way back: mon module uninstall " + options.again() + ", or delete the line broker_module="
                    + report.module() + " ... by hand");
        }
    }
}
