package org.merlin.protocol.conf;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody had in mind who wrote another one. */
final class DidYouMean {
    private static final int LONGEST_WORD = 40;
    private static final int SHORTEST_STEM = 4;

    private DidYouMean() {}

    /** The candidate with the fewest edits from the word, if they are few for its length; of equals the first. */
    static Optional<String> of(String word, Collection<String> candidates) {
        if (word.length() > LONGEST_WORD) {
            return Optional.empty();
        }
        String lower = word.toLowerCase(Locale.ROOT).replace('-', '_');
        Optional<String> best = Optional.empty();
        int least = (word.length() <= 3 ? 1 : Math.max(2, word.length() / 3)) + 1;
        for (String candidate : candidates) {
            int edits = edits(lower, candidate);
            if (edits < least) {
                least = edits;
                best = Optional.of(candidate);
            }
        }
        return best.or(() -> candidates.stream()
                .filter(candidate -> isStem(candidate, lower) || isStem(lower, candidate))
                .findFirst());
    }

    private static boolean isStem(String stem, String word) {
        return stem.length() >= SHORTEST_STEM && word.startsWith(stem);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that make one word of the other. */
    private static int edits(String a, String b) {
        int[] twoAbove = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] oldest = twoAbove;
            twoAbove = above;
            above = row;
            row = oldest;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], twoAbove[j - 2] + 1);
                }
            }
        }
        return row[b.length()];
    }
}
