package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.PANEL;

import dev.sinq4j.weight.PackedWeight;

/**
 * Where everything of a packed matrix lies. A panel is cut into sections of whole groups, a section into strips of {@link
 * #STRIP} rows, one after the other; of a strip a section holds its groups one after the other:
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

    /** Columns whose activations, a few kilobytes, stay in the first-level cache while a panel's strips go by. */
    private static final int SECTION = 2048;

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
        return panelBytes() * map.panels();
    }

    long panelBytes() {
        return PANEL / STRIP * groupsBytes(0, groups);
    }

    /** Groups of every section but the last. */
    int sectionGroups() {
        return Math.max(1, SECTION / group);
    }

    /** Where in its panel a row's group begins: with its scales. */
    long groupStart(int lane, int g) {
        int first = g - g % sectionGroups();
        int end = Math.min(groups, first + sectionGroups());
        return PANEL / STRIP * groupsBytes(0, first)
                + lane / STRIP * groupsBytes(first, end)
                + groupsBytes(first, g)
                + lane % STRIP * 4L;
    }

    /** Bytes of groups {@code from .. to - 1} of one strip. */
    private long groupsBytes(int from, int to) {
        long codes = (long) (granulesBefore(to) - granulesBefore(from)) * granuleBytes();
        return (long) (to - from) * groupAuxBytes() + codes;
    }

    int groupAuxBytes() {
        return halves ? ROW : 2 * ROW;
    }

    int granuleBytes() {
        return layout.words() * ROW;
    }

    /** Granules of all groups before {@code g}. */
    int granulesBefore(int g) {
        return g < groups ? g * granules : totalGranules();
    }

    int totalGranules() {
        return groups == 0 ? 0 : (groups - 1) * granules + lastGranules;
    }

    int groupEnd(int g) {
        return Math.min(columns, (g + 1) * group);
    }
}
