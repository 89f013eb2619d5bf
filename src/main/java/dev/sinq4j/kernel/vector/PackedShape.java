package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.PANEL;

import dev.sinq4j.weight.PackedWeight;

/**
 * Where everything of a packed matrix lies. A panel is a few strips of {@link #STRIP} rows, one after the other; a strip is
 * its groups one after the other:
 *
 * <pre>
 *   scale and zero   one word a row, fp16 scale below, fp16 zero above; or a row of fp32 scales, then one of fp32 zeros
 *   codes            granule by granule ({@link CodeLayout}), each of a granule's words for the strip's rows in turn
 * </pre>
 *
 * so that one vector load brings the same columns of L neighbouring rows, nothing is summed across lanes, and decoding
 * reads memory in one stream. Groups are padded to whole granules, row blocks to whole panels.
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

    /** Rows of one strip: a whole number of vectors at any width. */
    static final int STRIP = 16;

    /** Bytes of one word of every row of a strip. */
    static final int ROW = STRIP * 4;

    /**
     * How far ahead a decoding kernel touches memory: a page, because the processor's prefetcher stops at its end, and a
     * loop with much arithmetic does not look far enough ahead by itself.
     */
    static final int AHEAD = 4096;

    static PackedShape of(PackedWeight weight, int rowBlock, boolean halves) {
        int columns = weight.columns();
        int group = Math.max(1, Math.min(weight.group(), columns));
        int groups = PackedWeight.groups(columns, group);
        CodeLayout layout = CodeLayout.of(weight.grid());
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
        return panelBytes() * map.panels() + AHEAD;
    }

    long panelBytes() {
        return PANEL / STRIP * stripBytes();
    }

    long stripBytes() {
        return (long) groups * groupAuxBytes() + (long) totalGranules() * granuleBytes();
    }

    /** Where in its panel the first group of a row begins. */
    long rowStart(int lane) {
        return lane / STRIP * stripBytes() + lane % STRIP * 4L;
    }

    /** Where after {@link #rowStart} a group begins: with its scales. */
    long groupStart(int g) {
        return (long) g * (groupAuxBytes() + granules * granuleBytes());
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
