package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.PANEL;

import dev.sinq4j.weight.PackedWeight;

/**
 * Where everything of a packed matrix lies. A panel is contiguous:
 *
 * <pre>
 *   scales and zeros   per group PANEL words, fp16 scale below, fp16 zero above; or PANEL fp32 scales, PANEL fp32 zeros
 *   codes              per group its granules ({@link CodeLayout}); each of a granule's words for PANEL rows in turn
 * </pre>
 *
 * so that one vector load brings the same columns of L neighbouring rows, an activation is broadcast once for four
 * vectors, and nothing is summed across lanes. Groups are padded to whole granules, row blocks to whole panels.
 *
 * @param group        columns that share a scale, at most {@code columns}
 * @param granules     of a full group
 * @param lastGranules of the last group
 * @param halves       whether scales and zeros are kept as fp16, which is exact for all but fp32 auxiliaries
 */
record PackedShape(
        int rows,
        int columns,
        int group,
        int groups,
        CodeLayout layout,
        int granules,
        int lastGranules,
        boolean halves,
        PanelMap map) {

    /** Bytes of one word of every row of a panel. */
    static final int ROW = PANEL * 4;

    /** Numbers of one group's expanded scales and negated zeros. */
    static final int AUX_PER_GROUP = 2 * PANEL;

    static PackedShape of(PackedWeight weight, int rowBlock, boolean halves) {
        int columns = weight.columns();
        int group = Math.max(1, Math.min(weight.group(), columns));
        int groups = PackedWeight.groups(columns, group);
        CodeLayout layout = CodeLayout.of(weight.grid().bits());
        int last = columns - Math.max(0, groups - 1) * group;
        return new PackedShape(
                weight.rows(),
                columns,
                group,
                groups,
                layout,
                Math.ceilDiv(group, layout.columns()),
                Math.ceilDiv(last, layout.columns()),
                halves,
                new PanelMap(weight.rows(), rowBlock));
    }

    long bytes() {
        return panelBytes() * map.panels();
    }

    long panelBytes() {
        return auxBytes() + (long) totalGranules() * granuleBytes();
    }

    long auxBytes() {
        return (long) groups * groupAuxBytes();
    }

    int groupAuxBytes() {
        return halves ? ROW : 2 * ROW;
    }

    int granuleBytes() {
        return layout.words() * ROW;
    }

    /** Granules of all groups before {@code g}. */
    int granulesBefore(int g) {
        return g * granules;
    }

    int totalGranules() {
        return groups == 0 ? 0 : (groups - 1) * granules + lastGranules;
    }

    int groupEnd(int g) {
        return Math.min(columns, (g + 1) * group);
    }
}
