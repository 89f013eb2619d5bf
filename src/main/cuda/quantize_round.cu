// Rows of tiles become codes, each with a scale and a zero: round to nearest.
//
// fp32, every product, quotient and sum rounded by itself, as quant.SinqQuantizer and its roundings do.
#include "tiles.cuh"

/** What is rounded: the tile divided by its Sinkhorn scales, or brought back, and times an activation scale. */
struct Normalized {
    const float* tiles;
    const float* column_scale; // (bands, columns)
    const float* row_scale;    // (tiles, row_block)
    int keeps;                 // whether the scales are kept; otherwise the tile is multiplied by them again
    const float* factor;       // (columns)
    int factored;              // whether there is an activation scale

    __device__ float row(const TileGrid& grid, int tile, int row) const { return row_scale[(size_t)tile * grid.row_block + row]; }

    /** Eight numbers of a row, `count` of which exist; what lies behind is 0. */
    __device__ void load(const TileGrid& grid, int tile, int row, int column, int count, float (&to)[LANE_COLUMNS]) const {
        load_eight(tiles + grid.start(tile) + (size_t)row * grid.width + column, to);
        const float* columns = column_scale + grid.scales_start(tile) + column;
        const float* factors = factor + grid.first_column(tile) + column;
        float divisor = this->row(grid, tile, row);
#pragma unroll
        for (int k = 0; k < LANE_COLUMNS; k++) {
            if (k >= count) continue;
            to[k] = to[k] / columns[k] / divisor;
            if (!keeps) to[k] = to[k] * columns[k] * divisor;
            if (factored) to[k] *= factors[k];
        }
    }
};

/** Where a row's codes, scale and zero go, and what is counted of it. */
struct Rounded {
    unsigned char* codes; // (rows, columns)
    float* scale;         // (rows, groups)
    float* zero;          // (rows, groups)
    int* counted;         // (tiles, 2): grids made to span zero, rows too narrow for a grid

    __device__ void put(const TileGrid& grid, int tile, int row, float row_scale, float row_zero) const {
        size_t at = (size_t)(grid.first_row(tile) + row) * grid.across() + grid.group_of(tile);
        scale[at] = row_scale;
        zero[at] = row_zero;
    }

    __device__ void put(const TileGrid& grid, int tile, int row, int column, int count, const unsigned char (&eight)[LANE_COLUMNS]) const {
        unsigned char* to = codes + (size_t)(grid.first_row(tile) + row) * grid.columns + grid.first_column(tile) + column;
        if (count == LANE_COLUMNS && reinterpret_cast<size_t>(to) % 8 == 0) {
            uint2 words;
            memcpy(&words, eight, sizeof words);
            *reinterpret_cast<uint2*>(to) = words;
        } else {
            for (int k = 0; k < LANE_COLUMNS; k++)
                if (k < count) to[k] = eight[k];
        }
    }
};

/** The row of a tile that this thread shares with its neighbours. */
struct MyRow {
    int tile, row, column, count;
    bool there;

    __device__ MyRow(const TileGrid& grid, const RowLanes& lanes) {
        long long warp = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 32;
        long long number = warp * lanes.at_once + lanes.row;
        tile = (int)(number / grid.row_block);
        row = (int)(number % grid.row_block);
        column = lanes.column;
        there = tile < grid.tiles() && row < grid.rows_of(tile);
        count = there ? lanes.count(grid.columns_of(tile)) : 0;
    }
};

constexpr float MIN_RANGE = 1e-4f; // the narrowest that a grid spans

/**
 * Asymmetric grid: scale = max(most - least, MIN_RANGE) / max_code, zero = -round(least / scale), code = clamp(round(w / scale + zero)), ties
 * to even. A row whose zero lies more than `margin` ranges outside the codes gets a grid that spans zero (quant.GridThroughZero).
 * The stored scale is times the row's Sinkhorn scale where that is kept. Threads: a warp for every 32 to 1 rows of the padded tiles.
 */
extern "C" __global__ void round_asymmetric(
        const float* tiles, int rows, int columns, int row_block, int width, const float* column_scale, const float* row_scale, int keeps,
        const float* factor, int factored, int max_code, float margin, unsigned char* codes, float* scale, float* zero, int* counted) {
    TileGrid grid{rows, columns, row_block, width};
    Normalized normalized{tiles, column_scale, row_scale, keeps, factor, factored};
    Rounded out{codes, scale, zero, counted};
    RowLanes lanes(width);
    MyRow my(grid, lanes);
    float w[LANE_COLUMNS] = {};
    float least = __uint_as_float(0x7f800000u);
    float most = -least;
    if (my.count > 0) normalized.load(grid, my.tile, my.row, my.column, my.count, w);
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++) {
        if (k >= my.count) continue;
        least = fminf(least, w[k]);
        most = fmaxf(most, w[k]);
    }
    least = lanes.least(least);
    most = lanes.most(most);
    if (!my.there) return;
    float range = most - least;
    float step = fmaxf(range, MIN_RANGE) / max_code;
    float shift = -rintf(least / step);
    bool far = !(shift >= -margin * max_code && shift <= (1 + margin) * max_code);
    if (far) {
        least = fminf(least, 0.0f);
        most = fmaxf(most, 0.0f);
        step = fmaxf(most - least, MIN_RANGE) / max_code;
        shift = -rintf(least / step);
    }
    if (my.column == 0) {
        if (far) atomicAdd(&counted[2 * my.tile], 1);
        if (range < MIN_RANGE && range > 0) atomicAdd(&counted[2 * my.tile + 1], 1);
        out.put(grid, my.tile, my.row, keeps ? step * normalized.row(grid, my.tile, my.row) : step, shift);
    }
    unsigned char eight[LANE_COLUMNS];
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++)
        eight[k] = (unsigned char)fminf(fmaxf(rintf(w[k] / step + shift), 0.0f), (float)max_code);
    if (my.count > 0) out.put(grid, my.tile, my.row, my.column, my.count, eight);
}
EXPORT(round_asymmetric)
