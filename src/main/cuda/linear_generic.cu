// Linear layers of any width and any group, plainly: what the fast kernels do not take. And the rows of a table.
#include "dense.cuh"
#include "planes.cuh"

/** A packed matrix in whatever form. */
struct AnyPacked {
    PlaneSet planes;
    Auxiliaries auxiliaries;
    int group;                 // columns
    const float* levels;       // (2^bits)
    int table;                 // whether levels are looked up; otherwise the code is the level
    const float* column_scale; // (row blocks, columns)
    int row_block;             // rows that share a row of them; 0 for no scales

    __device__ float scale_of(int row, int column, int columns) const {
        return row_block ? column_scale[(size_t)(row / row_block) * columns + column] : 1.f;
    }

    /** scale x (level - zero), without the column scale. */
    __device__ float weight(int row, int column) const {
        float2 auxiliary = auxiliaries.of(row, column / group);
        unsigned code = planes.at(row, column);
        return auxiliary.x * ((table ? levels[code] : (float)code) - auxiliary.y);
    }
};

/**
 * y(t, i) = x'(t) . w(i), a warp a row (x), a token (y): fp32, lane l takes columns l, l + 32, ..., the lanes by a butterfly.
 * x'(j) = x(j) times the column scale.
 */
extern "C" __global__ void generic_packed(
        const unsigned* lead, const unsigned* two, const unsigned* one, int units, int bits, const void* auxiliaries, int single,
        int groups, int group, const float* levels, int table, const float* column_scale, int row_block, const float* x, int rows, int columns,
        float* y) {
    AnyPacked weights{
            PlaneSet{lead, two, one, units, bits}, Auxiliaries{auxiliaries, single, groups}, group, levels, table,
            column_scale, row_block};
    int row = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
    if (row >= rows) return;
    int lane = threadIdx.x % 32;
    const float* input = x + (size_t)blockIdx.y * columns;
    float sum = 0;
    for (int j = lane; j < columns; j += 32)
        sum = fmaf(weights.weight(row, j), input[j] * weights.scale_of(row, j, columns), sum);
    sum = warp_sum(sum);
    if (lane == 0) y[(size_t)blockIdx.y * rows + row] = sum;
}
EXPORT(generic_packed)

/** y(t, i) = x(t) . W(i) for dense W of any width; otherwise as generic_packed. */
extern "C" __global__ void generic_dense(const void* numbers, int kind, const float* x, int rows, int columns, float* y) {
    AnyDense weights{numbers, kind};
    int row = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
    if (row >= rows) return;
    int lane = threadIdx.x % 32;
    const float* input = x + (size_t)blockIdx.y * columns;
    float sum = 0;
    for (int j = lane; j < columns; j += 32) sum = fmaf(weights.at((size_t)row * columns + j), input[j], sum);
    sum = warp_sum(sum);
    if (lane == 0) y[(size_t)blockIdx.y * rows + row] = sum;
}
EXPORT(generic_dense)

/**
 * Rows [first, first + count) as bf16 for the tensor cores: scale x (level - zero) x column scale in fp32, rounded once.
 * out: (count, width), zeros behind the last column.
 */
extern "C" __global__ void rows_of_packed(
        const unsigned* lead, const unsigned* two, const unsigned* one, int units, int bits, const void* auxiliaries, int single,
        int groups, int group, const float* levels, int table, const float* column_scale, int row_block, int first, int count, int columns,
        int width, __nv_bfloat16* out) {
    AnyPacked weights{
            PlaneSet{lead, two, one, units, bits}, Auxiliaries{auxiliaries, single, groups}, group, levels, table,
            column_scale, row_block};
    size_t all = (size_t)count * width;
    size_t step = (size_t)gridDim.x * blockDim.x;
    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < all; i += step) {
        int row = first + (int)(i / width);
        int column = (int)(i % width);
        float w = column < columns ? weights.weight(row, column) * weights.scale_of(row, column, columns) : 0.f;
        out[i] = __float2bfloat16_rn(w);
    }
}
EXPORT(rows_of_packed)

/** Rows of a dense matrix as rows_of_packed gives them: rounded to bf16 if they are fp16 or fp32. */
extern "C" __global__ void rows_of_dense(
        const void* numbers, int kind, int first, int count, int columns, int width, __nv_bfloat16* out) {
    AnyDense weights{numbers, kind};
    size_t all = (size_t)count * width;
    size_t step = (size_t)gridDim.x * blockDim.x;
    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < all; i += step) {
        size_t row = first + i / width;
        int column = (int)(i % width);
        out[i] = __float2bfloat16_rn(column < columns ? weights.at(row * columns + column) : 0.f);
    }
}
EXPORT(rows_of_dense)

/** out(t) = row ids[t] of a dense table, widened to fp32; a block a token. out: (tokens, columns). */
extern "C" __global__ void embed(const void* numbers, int kind, const int* ids, int columns, float* out) {
    AnyDense table{numbers, kind};
    size_t from = (size_t)ids[blockIdx.x] * columns;
    size_t to = (size_t)blockIdx.x * columns;
    for (int j = threadIdx.x; j < columns; j += blockDim.x) out[to + j] = table.at(from + j);
}
EXPORT(embed)
