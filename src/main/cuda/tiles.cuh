// How a matrix lies on the device while it is quantized, and who works on what.
//
// Tile t = band * across + group is the rows [band * row_block, (band + 1) * row_block) of the columns [group * width, (group + 1) *
// width), cut off where the matrix ends. It lies in memory of its own as (row_block, width) fp32, zeros behind the matrix; the width
// is the method's group, a multiple of 8, at most 256.
//
// A row of a tile belongs to 1, 2, 4 ... 32 lanes of one warp, 8 neighbouring columns each, so that a warp works on 32 to 1 rows at
// a time. Sums over a row are fp64: of a lane's numbers from left to right, then over the lanes by a butterfly.
#pragma once

#include "device.cuh"

constexpr int LANE_COLUMNS = 8;

/** The cut of a matrix into tiles. */
struct TileGrid {
    int rows, columns, row_block, width;

    __device__ int across() const { return (columns + width - 1) / width; }
    __device__ int bands() const { return (rows + row_block - 1) / row_block; }
    __device__ int tiles() const { return across() * bands(); }
    __device__ int band_of(int tile) const { return tile / across(); }
    __device__ int group_of(int tile) const { return tile % across(); }
    __device__ int first_row(int tile) const { return band_of(tile) * row_block; }
    __device__ int first_column(int tile) const { return group_of(tile) * width; }
    __device__ int rows_of(int tile) const { return min(row_block, rows - first_row(tile)); }
    __device__ int columns_of(int tile) const { return min(width, columns - first_column(tile)); }
    __device__ size_t start(int tile) const { return (size_t)tile * row_block * width; }

    /** Where the tile's column scales start in (bands, columns). */
    __device__ size_t scales_start(int tile) const { return (size_t)band_of(tile) * columns + first_column(tile); }
};

/** This thread's place among those that share a row. */
struct RowLanes {
    int lanes;   // that share a row
    int column;  // the first of its eight
    int row;     // of those that the warp works on at a time
    int at_once; // rows a warp works on at a time

    __device__ explicit RowLanes(int width) {
        lanes = 1;
        while (lanes * LANE_COLUMNS < width) lanes *= 2;
        int lane = threadIdx.x % 32;
        column = lane % lanes * LANE_COLUMNS;
        row = lane / lanes;
        at_once = 32 / lanes;
    }

    /** How many of this thread's columns a row of `columns` has. */
    __device__ int count(int columns) const { return max(0, min(LANE_COLUMNS, columns - column)); }

    /** The same sum in every lane of a row; all lanes of the warp call. */
    template <typename T>
    __device__ T sum(T value) const {
        for (int distance = lanes / 2; distance > 0; distance /= 2) value += __shfl_xor_sync(WHOLE_WARP, value, distance);
        return value;
    }

    __device__ float most(float value) const {
        for (int distance = lanes / 2; distance > 0; distance /= 2)
            value = fmaxf(value, __shfl_xor_sync(WHOLE_WARP, value, distance));
        return value;
    }

    __device__ float least(float value) const { return -most(-value); }
};

/** Eight numbers at once; `from` is aligned to 32 bytes. */
__device__ __forceinline__ void load_eight(const float* from, float (&to)[LANE_COLUMNS]) {
    float4 low = *reinterpret_cast<const float4*>(from);
    float4 high = *reinterpret_cast<const float4*>(from + 4);
    to[0] = low.x, to[1] = low.y, to[2] = low.z, to[3] = low.w;
    to[4] = high.x, to[5] = high.y, to[6] = high.z, to[7] = high.w;
}
