// Losses without a matrix of logits: the product's epilogue keeps a maximum and a sum of each token and tile of the vocabulary.
#include "prefill.cuh"

using namespace prefill;

using Logits = Accumulators<DenseWeights>;

constexpr int ROW_WARPS = Warps<DenseWeights>::ALONG_ROWS;
static_assert(ROW_WARPS == 2, "a token's maxima and sums are read as pairs");

/** The largest of the four lanes that hold a token's numbers. */
__device__ __forceinline__ float largest_of_four(float v) {
    v = fmaxf(v, __shfl_xor_sync(WHOLE_WARP, v, 1));
    return fmaxf(v, __shfl_xor_sync(WHOLE_WARP, v, 2));
}

__device__ __forceinline__ float sum_of_four(float v) {
    v += __shfl_xor_sync(WHOLE_WARP, v, 1);
    return v + __shfl_xor_sync(WHOLE_WARP, v, 2);
}

/** Keeps the logits of targets, and makes those of rows that are not there minus infinity. */
__device__ __forceinline__ void take_targets(
        Logits& logits, const int* targets, int tokens, int rows, int first_row, float* target_logits) {
#pragma unroll
    for (int part = 0; part < Logits::TOKEN_PARTS; part++)
#pragma unroll
        for (int lower = 0; lower < 2; lower++) {
            int token = blockIdx.x * TOKENS + logits.token() + 16 * part + 8 * lower;
            int target = token < tokens ? targets[token] : -1;
#pragma unroll
            for (int i = 0; i < 2 * Logits::ROW_PARTS; i++) {
                int row = blockIdx.y * ROWS + logits.row() + i / 2 * 8 + i % 2;
                float& logit = logits.d[part][i / 2][2 * lower + i % 2];
                if (row >= rows) logit = -INFINITY;
                else if (first_row + row == target) target_logits[token] = logit;
            }
        }
}

/**
 * For each token t and tile of 128 rows of the head, m = max of the logits and s = sum exp(logit - m), fp32; and the logit of the
 * token's target. Products as in prefill_dense. A block 128 tokens (x) by a tile (y).
 * x: (tokens, tiles * 64) bf16 ascending; weights: (rows, columns) bf16: rows first_row, ... of the vocabulary, first_row a multiple of
 * 128; targets: (tokens); target_logits: (tokens); stats: (tiles of the vocabulary, tokens) of (m, s). Moves the head once a block of
 * tokens, 8 bytes a token and tile.
 */
extern "C" __global__ void __launch_bounds__(THREADS, 2) loss_tiles(
        const unsigned char* weights, int columns, const __nv_bfloat16* x, int tokens, int rows, int tiles, int first_row,
        const int* targets, float* target_logits, float2* stats) {
    DYNAMIC_SHARED(unsigned char, shared);
    Logits logits = {};
    multiply(DenseWeights{weights, columns}, x, shared, tokens, rows, tiles, logits);
    take_targets(logits, targets, tokens, rows, first_row, target_logits);

    float* maxima = reinterpret_cast<float*>(shared); // (TOKENS, ROW_WARPS)
    float* sums = maxima + TOKENS * ROW_WARPS;        // (TOKENS, ROW_WARPS)
    int warp = threadIdx.x / 32 % ROW_WARPS;
    bool writes = threadIdx.x % 4 == 0;
#pragma unroll
    for (int part = 0; part < Logits::TOKEN_PARTS; part++)
#pragma unroll
        for (int lower = 0; lower < 2; lower++) {
            float largest = -INFINITY;
#pragma unroll
            for (int i = 0; i < 2 * Logits::ROW_PARTS; i++) largest = fmaxf(largest, logits.d[part][i / 2][2 * lower + i % 2]);
            largest = largest_of_four(largest);
            if (writes) maxima[(logits.token() + 16 * part + 8 * lower) * ROW_WARPS + warp] = largest;
        }
    __syncthreads();
#pragma unroll
    for (int part = 0; part < Logits::TOKEN_PARTS; part++)
#pragma unroll
        for (int lower = 0; lower < 2; lower++) {
            int token = logits.token() + 16 * part + 8 * lower;
            float2 both = *reinterpret_cast<const float2*>(maxima + token * ROW_WARPS);
            float largest = fmaxf(both.x, both.y);
            float sum = 0;
#pragma unroll
            for (int i = 0; i < 2 * Logits::ROW_PARTS; i++) sum += expf(logits.d[part][i / 2][2 * lower + i % 2] - largest);
            sum = sum_of_four(sum);
            if (writes) sums[token * ROW_WARPS + warp] = sum;
        }
    __syncthreads();
    int token = blockIdx.x * TOKENS + threadIdx.x;
    if (threadIdx.x >= TOKENS || token >= tokens) return;
    float2 both = *reinterpret_cast<const float2*>(maxima + threadIdx.x * ROW_WARPS);
    float2 parts = *reinterpret_cast<const float2*>(sums + threadIdx.x * ROW_WARPS);
    stats[(size_t)(first_row / ROWS + blockIdx.y) * tokens + token] =
            make_float2(fmaxf(both.x, both.y), parts.x + parts.y);
}
EXPORT(loss_tiles)

/**
 * nll(t) = log sum over the vocabulary of exp(logit) - logit of the target, in nats: the tiles in ascending order, fp64; a thread a token.
 * stats: (tiles, tokens); target_logits, nll: (tokens).
 */
extern "C" __global__ void merge_losses(const float2* stats, const float* target_logits, int tiles, int tokens, double* nll) {
    int token = blockIdx.x * blockDim.x + threadIdx.x;
    if (token >= tokens) return;
    double largest = stats[token].x;
    double sum = stats[token].y;
    for (int tile = 1; tile < tiles; tile++) {
        float2 part = stats[(size_t)tile * tokens + token];
        double next = part.x > largest ? (double)part.x : largest;
        sum = sum * exp(largest - next) + part.y * exp(part.x - next);
        largest = next;
    }
    nll[token] = largest + log(sum) - target_logits[token];
}
EXPORT(merge_losses)
