package dev.sinq4j.kernel.vector;

import static dev.sinq4j.kernel.vector.Lanes.PANEL;

/**
 * Which output rows make up a panel: PANEL consecutive ones, never across a row block's end.
 *
 * @param rows     of the matrix
 * @param rowBlock rows that share column scales; {@code rows} or more for all of them
 */
record PanelMap(int rows, int rowBlock) {

    int panels() {
        int whole = rows / rowBlock;
        return whole * panelsPerBlock() + Math.ceilDiv(rows - whole * rowBlock, PANEL);
    }

    int block(int panel) {
        return panel / panelsPerBlock();
    }

    int firstRow(int panel) {
        return block(panel) * rowBlock + panel % panelsPerBlock() * PANEL;
    }

    int rowsOf(int panel) {
        int blockEnd = (int) Math.min(rows, (block(panel) + 1L) * rowBlock);
        return Math.min(PANEL, blockEnd - firstRow(panel));
    }

    private int panelsPerBlock() {
        return Math.ceilDiv(rowBlock, PANEL);
    }
}
