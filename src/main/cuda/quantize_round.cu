// Rows of tiles become codes, each with a scale and a zero: round to nearest, a lane eight numbers, every row by itself.
//
// fp32, every product, quotient and sum rounded by itself, as quant.SinqQuantizer and its roundings do; means are summed in fp64.
// All kernels here: threads for a warp for every 32 to 1 rows of the padded tiles. The stored scale is times the row's Sinkhorn scale
// where that is kept. codes: (rows, columns); scale, zero: (rows, groups); counted: (tiles, 2), added to.
#include "rows.cuh"

#define TILES_AND_SCALES                                                                                                  \
    const float *tiles, int rows, int columns, int row_block, int width, const float *column_scale, const float *row_scale, \
            int keeps, const float *factor, int factored
#define CODES unsigned char *codes, float *scale, float *zero, int *counted

/** A row on its way, as every kernel here begins; all lanes of the warp make one. */
struct Row {
    TileGrid grid;
    Normalized normalized;
    Rounded out;
    RowLanes lanes;
    MyRow my;
    float w[LANE_COLUMNS] = {};
    float2 ends;

    __device__ Row(TILES_AND_SCALES, CODES)
        : grid{rows, columns, row_block, width},
          normalized{tiles, column_scale, row_scale, keeps, factor, factored},
          out{codes, scale, zero, counted},
          lanes(width),
          my(grid, lanes) {
        if (my.count > 0) normalized.load(grid, my.tile, my.row, my.column, my.count, w);
        ends = ends_of(lanes, w, my.count);
    }

    /** Scale and zero, and what is counted; one lane does it. */
    __device__ void put(float step, float shift, bool through_zero, bool flat) const {
        if (!my.there || my.column != 0) return;
        if (through_zero) atomicAdd(&out.counted[2 * my.tile], 1);
        if (flat) atomicAdd(&out.counted[2 * my.tile + 1], 1);
        out.put(grid, my.tile, my.row, normalized.keeps ? step * normalized.row(grid, my.tile, my.row) : step, shift);
    }

    __device__ void put(const unsigned char (&eight)[LANE_COLUMNS]) const {
        if (my.count > 0) out.put(grid, my.tile, my.row, my.column, my.count, eight);
    }
};

#define ROW Row row(tiles, rows, columns, row_block, width, column_scale, row_scale, keeps, factor, factored, codes, scale, zero, counted)

/**
 * Asymmetric grid: scale = max(most - least, MIN_RANGE) / max_code, zero = -round(least / scale), code = clamp(round(w / scale + zero)), ties
 * to even; a row too far from zero gets a grid that spans it.
 */
extern "C" __global__ void round_asymmetric(TILES_AND_SCALES, int max_code, float margin, CODES) {
    ROW;
    float range = row.ends.y - row.ends.x;
    float2 grid = asymmetric_grid(row.ends, max_code);
    bool far = is_far(grid.y, max_code, margin);
    if (far) grid = grid_through_zero(row.ends, max_code);
    row.put(grid.x, grid.y, far, range < MIN_RANGE && range > 0);
    unsigned char eight[LANE_COLUMNS];
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++) eight[k] = code_on(grid, row.w[k], max_code);
    row.put(eight);
}
EXPORT(round_asymmetric)

/** Symmetric grid: scale = max(max|w|, 1e-5) / (zero - 1), code = round(w / scale) + zero, ties to even; zero is the same for all. */
extern "C" __global__ void round_symmetric(TILES_AND_SCALES, int middle, CODES) {
    constexpr float MIN_MAGNITUDE = 1e-5f;
    ROW;
    float magnitude = fmaxf(-row.ends.x, row.ends.y);
    float step = fmaxf(magnitude, MIN_MAGNITUDE) / (middle - 1);
    row.put(step, (float)middle, false, magnitude < MIN_MAGNITUDE && magnitude > 0);
    unsigned char eight[LANE_COLUMNS];
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++) eight[k] = (unsigned char)(middle + (int)rintf(row.w[k] / step));
    row.put(eight);
}
EXPORT(round_symmetric)

/**
 * Codebook: mean in fp64, rounded once; scale = max(max|w - mean|, MIN_RANGE), zero = -mean / scale, code = how many of the ascending
 * thresholds w / scale + zero reaches. A row whose zero is beyond `farthest` gets scale = max|w|, zero = 0.
 */
extern "C" __global__ void round_levels(TILES_AND_SCALES, const float* thresholds, int count, float farthest, CODES) {
    ROW;
    double sum = 0;
    for (int k = 0; k < LANE_COLUMNS; k++)
        if (k < row.my.count) sum += row.w[k];
    sum = row.lanes.sum(sum);
    if (!row.my.there) return;
    float mean = (float)(sum / row.grid.columns_of(row.my.tile));
    float away = fmaxf(fabsf(row.ends.x - mean), fabsf(row.ends.y - mean));
    float step = fmaxf(away, MIN_RANGE);
    float shift = -mean / step;
    bool far = fabsf(shift) > farthest;
    if (far) {
        step = fmaxf(fabsf(row.ends.x), fabsf(row.ends.y));
        shift = 0;
    }
    row.put(step, shift, far, away < MIN_RANGE && away > 0);
    unsigned char eight[LANE_COLUMNS];
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++) {
        float position = row.w[k] / step + shift;
        int level = 0;
        for (int t = 0; t < count; t++) level += position >= thresholds[t];
        eight[k] = (unsigned char)level;
    }
    row.put(eight);
}
EXPORT(round_levels)
