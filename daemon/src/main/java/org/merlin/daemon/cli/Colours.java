package org.merlin.daemon.cli;

import picocli.CommandLine.Help.Ansi;

/** Colours on a terminal, and nowhere else: picocli knows about pipes and NO_COLOR. */
final class Colours {
    private Colours() {}

    static String good(String text) {
        return paint("fg(green)", text);
    }

    static String warning(String text) {
        return paint("fg(yellow)", text);
    }

    static String bad(String text) {
        return paint("bold,fg(red)", text);
    }

    static String heading(String text) {
        return paint("bold", text);
    }

    static boolean onTerminal() {
        return Ansi.AUTO.enabled();
    }

    private static String paint(String style, String text) {
        return Ansi.AUTO.enabled() && !text.isEmpty()
                ? Ansi.AUTO.string("@|" + style + " " + text.replace("|@", "| @") + "|@")
                : text;
    }
}
