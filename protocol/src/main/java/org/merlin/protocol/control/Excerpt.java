package org.merlin.protocol.control;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first lines of what a scheduler prints, where not all of it can be kept or sent; the last line says how many there were more. Pure. */
public final class Excerpt {
    private static final Pattern MORE = Pattern.compile("\\.\\.\\. and (\\d{1,9}) lines more");
    /** Of the last line, at most. */
    private static final int MARK = 30;

    private Excerpt() {}

    /** At most so many characters, of which the last line may take 30. */
    public static String of(String text, int most) {
        return of(text, Integer.MAX_VALUE, most);
    }

    /**
     * Cuts at the end of a line; one that is longer than all that may be kept is cut in itself, with {@code ...}.
     *
     * @param mostLines at most, without the one that says how many there were more
     * @param most characters, all in all
     */
    public static String of(String text, int mostLines, int most) {
        List<String> lines = text.lines().toList();
        if (text.length() <= most && lines.size() <= mostLines) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int count = 0;
        while (count < Math.min(lines.size(), mostLines)
                && kept.length() + lines.get(count).length() + 1 <= most - MARK) {
            kept.append(lines.get(count++)).append('\n');
        }
        if (count == 0) {
            kept.append(ConfigPiece.cut(lines.get(0), most - MARK - 4)).append("...\n");
            count = 1;
        }
        int more = lines.size() - count;
        Matcher before = MORE.matcher(lines.get(lines.size() - 1));
        if (more > 0 && before.matches()) {
            more += Integer.parseInt(before.group(1)) - 1;
        }
        return more == 0 ? kept.substring(0, kept.length() - 1) : kept + "... and " + more + " lines more";
    }
}
