package org.merlin.module.quartz.objects;

import java.util.Collection;
import java.util.Comparator;

/** Finds the word that somebody may have meant. Stateless. */
final class Spelling {
    private static final int MOST_EDITS = 2;
    /** A file with a thousand wrong names out of as many would keep us busy otherwise. */
    private static final int MOST_WORDS = 2000;

    private Spelling() {}

    /** {@code ; did you mean 'x'?}, or nothing if no word is near. */
    static String hint(String word, Collection<String> known) {
        if (known.size() > MOST_WORDS) {
            return "";
        }
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= MOST_EDITS)
                .filter(candidate -> edits(word, candidate) <= MOST_EDITS)
                .min(Comparator.comparingInt((String candidate) -> edits(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
    }

    /** How many letters must be put in, taken out or changed to make one word the other. */
    static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
