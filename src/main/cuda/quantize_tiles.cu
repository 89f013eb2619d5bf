// A matrix as a file stores it becomes tiles (tiles.cuh).
#include "dense.cuh"
#include "tiles.cuh"

/**
 * tiles = the weight, rounded to fp16 and widened again with `to_half`; a thread a number, padding included. weight: (rows, columns) of
 * the kind of AnyDense. damaged: one int, set to 1 if a number is not finite afterwards, else left as it is. Moves 2 or 4 bytes in and 4 out.
 */
extern "C" __global__ void gather_tiles(
        const void* weight, int kind, int rows, int columns, int row_block, int width, int to_half, float* tiles, int* damaged) {
    TileGrid grid{rows, columns, row_block, width};
    AnyDense numbers{weight, kind};
    size_t all = grid.start(grid.tiles());
    size_t step = (size_t)gridDim.x * blockDim.x;
    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < all; i += step) {
        int tile = (int)(i / ((size_t)row_block * width));
        int in_tile = (int)(i % ((size_t)row_block * width));
        int row = in_tile / width;
        int column = in_tile % width;
        float value = 0;
        if (row < grid.rows_of(tile) && column < grid.columns_of(tile)) {
            value = numbers.at((size_t)(grid.first_row(tile) + row) * columns + grid.first_column(tile) + column);
            if (to_half) value = __half2float(__float2half_rn(value));
            if (!isfinite(value)) *damaged = 1;
        }
        tiles[i] = value;
    }
}
EXPORT(gather_tiles)
