package org.merlin.daemon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;

/**
 * Shows pictures one after another: on a terminal in place, without flicker, leaving alone the line below where somebody may
 * be typing; elsewhere one below the other. Not thread-safe.
 */
final class LiveScreen {
    private static final String CLEAR = "\033[H\033[2J";
    private static final String SAVE_CURSOR = "\0337";
    private static final String RESTORE_CURSOR = "\0338";
    private static final String HOME = "\033[H";
    private static final String REST_OF_LINE = "\033[K";

    private final PrintWriter out;
    private long linesShown = -1;

    LiveScreen(PrintWriter out) {
        this.out = out;
    }

    /** Shows what the painter prints, now. */
    void show(Consumer<PrintWriter> painter) {
        StringWriter picture = new StringWriter();
        PrintWriter canvas = new PrintWriter(picture);
        painter.accept(canvas);
        canvas.flush();
        String text = picture.toString();
        if (!Colours.onTerminal()) {
            out.print(text);
        } else if (text.lines().count() == linesShown) {
            out.print(SAVE_CURSOR + HOME + text.replace("\n", REST_OF_LINE + "\n") + RESTORE_CURSOR);
        } else {
            out.print(CLEAR + text);
            linesShown = text.lines().count();
        }
        out.flush();
    }
}
