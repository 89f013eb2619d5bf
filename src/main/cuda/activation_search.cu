// A-SINQ's activation scale: how much a layer's outputs change under a candidate, without storing outputs. The formulas are those of
// quant.ActivationSearch.
//
// What decides codes is fp32, every operation rounded by itself; the product is fp32 with fused multiply-adds, its columns in ascending
// order; errors are summed in fp64 in a fixed order.
#include "rows.cuh"

/**
 * difference = W~ - W, (rows, columns): the normalized tile times the candidate is rounded on an asymmetric grid, brought back, and rounded to
 * fp16 with `to_half`. A lane eight numbers, as in quantize_round.cu. candidate: (columns). Without `keeps` the tile is not normalized.
 */
extern "C" __global__ void fake_quantized_difference(
        const float* tiles, int rows, int columns, int width, const float* column_scale, const float* row_scale, int keeps,
        const float* candidate, int max_code, int to_half, float* difference) {
    TileGrid grid{rows, columns, rows, width};
    RowLanes lanes(width);
    MyRow my(grid, lanes);
    float w[LANE_COLUMNS] = {};
    float scaled[LANE_COLUMNS] = {};
    int first = my.there ? grid.first_column(my.tile) + my.column : 0;
    float divisor = my.there && keeps ? row_scale[(size_t)my.tile * rows + my.row] : 1;
    if (my.count > 0) load_eight(tiles + grid.start(my.tile) + (size_t)my.row * width + my.column, w);
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++) {
        if (k >= my.count) continue;
        scaled[k] = (keeps ? w[k] / column_scale[first + k] / divisor : w[k]) * candidate[first + k];
    }
    float2 found = asymmetric_grid(ends_of(lanes, scaled, my.count), max_code);
    float* to = difference + (size_t)my.row * columns + first;
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++) {
        if (k >= my.count) continue;
        float back = (code_on(found, scaled[k], max_code) - found.y) * found.x / candidate[first + k];
        if (keeps) back = back * column_scale[first + k] * divisor;
        if (to_half) back = __half2float(__float2half_rn(back));
        to[k] = back - w[k];
    }
}
EXPORT(fake_quantized_difference)

constexpr int EDGE = 64;     // tokens and rows of a block's part of the product
constexpr int DEPTH = 16;    // columns at a time
constexpr int THREADS = 256; // each has 4 x 4 outputs

/** (DEPTH, EDGE + 4) of a matrix's rows [first, first + EDGE), columns [at, at + DEPTH), transposed; zeros behind the matrix. */
__device__ void load_panel(const float* matrix, int rows, int columns, int first, int at, float (&panel)[DEPTH][EDGE + 4]) {
    for (int i = threadIdx.x; i < EDGE * DEPTH; i += THREADS) {
        int row = first + i / DEPTH;
        int column = at + i % DEPTH;
        panel[i % DEPTH][i / DEPTH] = row < rows && column < columns ? matrix[(size_t)row * columns + column] : 0.0f;
    }
}

/**
 * sums(block) = sum of |y| or y^2 over the block's EDGE x EDGE outputs y = x difference^T: blocks of 256 threads, tokens (x), rows (y).
 * x: (tokens, columns); difference: (rows, columns); sums: (gridDim.y, gridDim.x) fp64. 2 tokens rows columns operations.
 */
extern "C" __global__ void __launch_bounds__(THREADS) output_error(
        const float* x, const float* difference, int tokens, int rows, int columns, int squares, double* sums) {
    __shared__ __align__(16) float inputs[DEPTH][EDGE + 4]; // read four at a time
    __shared__ __align__(16) float weights[DEPTH][EDGE + 4];
    __shared__ double of_warps[THREADS / 32];
    int token = threadIdx.x % 16 * 4;
    int row = threadIdx.x / 16 * 4;
    float y[4][4] = {};
    for (int at = 0; at < columns; at += DEPTH) {
        load_panel(x, tokens, columns, blockIdx.x * EDGE, at, inputs);
        load_panel(difference, rows, columns, blockIdx.y * EDGE, at, weights);
        __syncthreads();
#pragma unroll
        for (int k = 0; k < DEPTH; k++) {
            float4 a = *reinterpret_cast<const float4*>(&inputs[k][token]);
            float4 b = *reinterpret_cast<const float4*>(&weights[k][row]);
            float left[4] = {a.x, a.y, a.z, a.w};
            float right[4] = {b.x, b.y, b.z, b.w};
#pragma unroll
            for (int i = 0; i < 4; i++)
#pragma unroll
                for (int j = 0; j < 4; j++) y[i][j] = __fmaf_rn(left[i], right[j], y[i][j]);
        }
        __syncthreads();
    }
    double sum = 0;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) sum += squares ? (double)y[i][j] * y[i][j] : fabs((double)y[i][j]);
    sum = warp_sum(sum);
    if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = sum;
    __syncthreads();
    if (threadIdx.x != 0) return;
    double all = 0;
    for (int warp = 0; warp < THREADS / 32; warp++) all += of_warps[warp];
    sums[(size_t)blockIdx.y * gridDim.x + blockIdx.x] = all;
}
EXPORT(output_error)
