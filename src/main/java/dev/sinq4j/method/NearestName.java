package dev.sinq4j.method;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * The valid name a reader most likely meant: one that goes on where the written one ends, or the one with the fewest
 * letters to insert, drop, change or swap.
 */
public final class NearestName {

    private NearestName() {}

    /** Empty where nothing is near: more than a third of the letters, and more than two of them, would change. */
    public static Optional<String> of(String written, Collection<String> valid) {
        String lower = written.toLowerCase(Locale.ROOT);
        Optional<String> longer =
                valid.stream().filter(name -> name.startsWith(lower)).findFirst();
        if (longer.isPresent()) return longer;
        return valid.stream()
                .min(Comparator.comparingInt(name -> distance(lower, name)))
                .filter(name -> distance(lower, name) <= Math.max(2, name.length() / 3));
    }

    /** Optimal string alignment distance. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) cost[i][0] = i;
        for (int j = 0; j <= b.length(); j++) cost[0][j] = j;
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1))
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
        return cost[a.length()][b.length()];
    }
}
