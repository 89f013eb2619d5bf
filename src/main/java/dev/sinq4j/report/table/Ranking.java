package dev.sinq4j.report.table;

import dev.sinq4j.report.table.Entry.Rank;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Best and second best of a column within each group of rows; groups with one value have neither. Equal values share a rank. */
final class Ranking {

    private Ranking() {}

    /**
     * @param values one a row; NaN where there is none
     * @param groups one a row; rows of equal group compete
     */
    static Rank[] of(double[] values, List<String> groups, Better better) {
        Rank[] ranks = new Rank[values.length];
        Arrays.fill(ranks, Rank.OTHER);
        for (List<Integer> rows : rowsByGroup(groups)) rank(ranks, rows, values, better);
        return ranks;
    }

    private static Collection<List<Integer>> rowsByGroup(List<String> groups) {
        Map<String, List<Integer>> rows = new LinkedHashMap<>();
        for (int row = 0; row < groups.size(); row++) {
            rows.computeIfAbsent(groups.get(row), ignored -> new ArrayList<>()).add(row);
        }
        return rows.values();
    }

    private static void rank(Rank[] ranks, List<Integer> rows, double[] values, Better better) {
        double[] distinct = rows.stream()
                .mapToDouble(row -> values[row])
                .filter(value -> !Double.isNaN(value))
                .map(value -> better == Better.HIGHER ? -value : value)
                .sorted()
                .distinct()
                .toArray();
        if (distinct.length < 2) return;
        for (int row : rows) {
            double value = better == Better.HIGHER ? -values[row] : values[row];
            if (value == distinct[0]) ranks[row] = Rank.BEST;
            else if (value == distinct[1] && distinct.length > 2) ranks[row] = Rank.SECOND;
        }
    }
}
