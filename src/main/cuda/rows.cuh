// Rows of normalized tiles on their way to codes: what every rounding reads, writes and counts.
#pragma once

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

/** The least (x) and the largest (y) number of this thread's row, the same in all its lanes; all lanes of the warp call. */
__device__ float2 ends_of(const RowLanes& lanes, const float (&w)[LANE_COLUMNS], int count) {
    float least = __uint_as_float(0x7f800000u);
    float most = -least;
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++) {
        if (k >= count) continue;
        least = fminf(least, w[k]);
        most = fmaxf(most, w[k]);
    }
    return make_float2(lanes.least(least), lanes.most(most));
}

__device__ __forceinline__ float clamped(float code, int max_code) { return fminf(fmaxf(code, 0.0f), (float)max_code); }

/** An asymmetric grid: scale (x) and zero (y) of a row with these ends. */
__device__ float2 asymmetric_grid(float2 ends, int max_code) {
    float step = fmaxf(ends.y - ends.x, MIN_RANGE) / max_code;
    return make_float2(step, -rintf(ends.x / step));
}

/** Whether a grid has the number 0 more than `margin` ranges outside; the row then gets a grid that spans zero (quant.GridThroughZero). */
__device__ bool is_far(float zero, int max_code, float margin) {
    return !(zero >= -margin * max_code && zero <= (1 + margin) * max_code);
}

/** The asymmetric grid of a row as if it had one more number, 0. */
__device__ float2 grid_through_zero(float2 ends, int max_code) {
    return asymmetric_grid(make_float2(fminf(ends.x, 0.0f), fmaxf(ends.y, 0.0f)), max_code);
}

/** clamp(round(w / scale + zero)), ties to even. */
__device__ __forceinline__ unsigned char code_on(float2 grid, float w, int max_code) {
    return (unsigned char)clamped(rintf(w / grid.x + grid.y), max_code);
}
