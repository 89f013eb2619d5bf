// y = x W^T for many tokens, see prefill.cuh.
#include "prefill.cuh"

using namespace prefill;

/** Writes the block's numbers. y: (tokens, row_stride), the block's rows from `first_row` on. */
template <class WEIGHTS>
__device__ __forceinline__ void store(
        const Accumulators<WEIGHTS>& sums, int tokens, int rows, float* y, int row_stride, int first_row) {
    bool pairs = row_stride % 2 == 0 && first_row % 2 == 0;
#pragma unroll
    for (int part = 0; part < WEIGHTS::TOKEN_PARTS; part++)
#pragma unroll
        for (int lower = 0; lower < 2; lower++) {
            int token = blockIdx.x * TOKENS + sums.token() + 16 * part + 8 * lower;
            if (token >= tokens) continue;
            float* to = y + (size_t)token * row_stride + first_row;
#pragma unroll
            for (int i = 0; i < WEIGHTS::ROW_PARTS; i++) {
                int row = blockIdx.y * ROWS + sums.row() + 8 * i;
                float a = sums.d[part][i][2 * lower];
                float b = sums.d[part][i][2 * lower + 1];
                if (pairs && row + 1 < rows) {
                    *reinterpret_cast<float2*>(to + row) = make_float2(a, b);
                } else {
                    if (row < rows) to[row] = a;
                    if (row + 1 < rows) to[row + 1] = b;
                }
            }
        }
}

/**
 * y(t, first_row + i) = x(t) . W(i): dense bf16 weights, a block 128 tokens (x) by 128 rows (y).
 * x: (tokens, tiles * 64) bf16 as round_activations leaves it; weights: (rows, columns) bf16, columns a multiple of 8.
 */
extern "C" __global__ void __launch_bounds__(THREADS, 2) prefill_dense(
        const unsigned char* weights, int columns, const __nv_bfloat16* x, int tokens, int rows, int tiles, float* y, int row_stride,
        int first_row) {
    DYNAMIC_SHARED(unsigned char, shared);
    Accumulators<DenseWeights> sums = {};
    multiply(DenseWeights{weights, columns}, x, shared, tokens, rows, tiles, sums);
    store(sums, tokens, rows, y, row_stride, first_row);
}
EXPORT(prefill_dense)

/*
 * prefill_BITS and prefill_table_BITS: y(t, i) = x(t) . W(i) for packed weights whose groups are whole units (or whole rows). The column
 * scale is in x.
 */
#define PACKED(NAME, BITS, TABLE)                                                                                             \
    extern "C" __global__ void __launch_bounds__(THREADS, 2) NAME(                                                                            \
            const unsigned* lead, const unsigned* two, const unsigned* one, int units, const void* auxiliaries, int single,   \
            int groups, int group_multiplier, const float* levels, const __nv_bfloat16* x, int tokens, int rows, float* y) {  \
        DYNAMIC_SHARED(unsigned char, shared);                                                                                \
        __shared__ float table[TABLE ? 1 << BITS : 1];                                                                        \
        Accumulators<PackedWeights<BITS, TABLE>> sums = {};                                                                   \
        PackedWeights<BITS, TABLE> weights{                                                                                   \
                PlaneSet{lead, two, one, units, BITS}, Auxiliaries{auxiliaries, single, groups}, (unsigned)group_multiplier,  \
                levels, table};                                                                                               \
        multiply(weights, x, shared, tokens, rows, units / 2, sums);                                                          \
        store(sums, tokens, rows, y, rows, 0);                                                                                \
    }                                                                                                                         \
    EXPORT(NAME)

PACKED(prefill_1, 1, false)
PACKED(prefill_2, 2, false)
PACKED(prefill_3, 3, false)
PACKED(prefill_4, 4, false)
PACKED(prefill_5, 5, false)
PACKED(prefill_6, 6, false)
PACKED(prefill_7, 7, false)
PACKED(prefill_8, 8, false)
PACKED(prefill_table_3, 3, true)
PACKED(prefill_table_4, 4, true)
