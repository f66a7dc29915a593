package dev.cotangent.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggestions for mistyped words. */
final class Suggestion {
    private static final int MAX_EDITS = 2;

    private Suggestion() {}

    /** Returns the name with the fewest edits to the word, if at most two of them, and fewer than half its letters. */
    static Optional<String> of(String word, Collection<String> names) {
        return names.stream()
                .filter(n -> distance(word, n) <= Math.min(MAX_EDITS, n.length() / 2))
                .min(Comparator.comparingInt(n -> distance(word, n)));
    }

    /** Counts insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int substitution = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(substitution, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
        return d[a.length()][b.length()];
    }
}
