// Causal softmax attention over a cache of keys and values, see kernel.Kernels.attention. Query head h reads key head
// h / (heads / kv_heads); a query at a position sees the `window` positions up to its own.
//   q (tokens, heads, key_dim), keys (kv_heads, capacity, key_dim), values (kv_heads, capacity, value_dim),
//   out (tokens, heads, value_dim), all fp32; the first query stands at position `start`.
// For few tokens `start` lies in memory and the grid has room for more chunks than there are, so that a recorded launch is right
// for later positions too.
//
// Two ways. Few tokens: fp32 throughout, the positions cut into chunks that different blocks take, their parts merged in the
// order of positions. Many tokens: tiles of 64 queries by 32 keys, products of bf16 numbers added in fp32, softmax in fp32 as
// it goes along. Chunks and tiles of keys begin at multiples of their size, so that what either way gives for a query depends
// neither on the other tokens of the call nor on the device.
#include "device.cuh"

constexpr float LOG2_E = 1.4426950408889634f;
constexpr float NOTHING_SEEN = -__builtin_huge_valf();

__device__ __forceinline__ int first_seen(int position, int window) { return max(0, position - window + 1); }

// ---- few tokens ----

constexpr int CHUNK = 128;        // positions of a block
constexpr int CHUNK_THREADS = 128;
constexpr int HEADS_EACH = 8;     // query heads of a block, which share its keys
constexpr int KEY_STEP = 32;      // numbers of a key at a time
constexpr int MOST_DIM = 256;

// The chunk in which the first of the positions lies that the queries from `start` on see.
__device__ __forceinline__ int first_chunk(int start, int window) { return first_seen(start, window) / CHUNK; }

// Block (chunk, kv head, token * head batches + batch) leaves, for each of its query heads,
//   parts (tokens, heads, gridDim.x, value_dim + 2): the mix of values under exp(score - largest), its weights' sum, the largest.
// Chunks are counted from that of the first query's first position; blocks behind the last query's leave nothing. Must move: the
// keys and values that are seen, once for every 8 query heads of a kv head. 2 (key_dim + value_dim) operations a query head and
// position.
extern "C" __global__ void __launch_bounds__(CHUNK_THREADS)
attention_chunks(const float* __restrict__ q, const float* __restrict__ keys, const float* __restrict__ values, int heads,
                 int kv_heads, int key_dim, int value_dim, int capacity, int window, float scale,
                 const int* __restrict__ start, float* __restrict__ parts) {
    __shared__ float queries[HEADS_EACH][MOST_DIM];
    __shared__ float staged[CHUNK][KEY_STEP + 1];
    __shared__ float weights[HEADS_EACH][CHUNK];
    __shared__ float of_warp[CHUNK_THREADS / 32][HEADS_EACH];
    __shared__ float mixed[CHUNK_THREADS][HEADS_EACH];

    int shared_by = heads / kv_heads;
    int batches = (shared_by + HEADS_EACH - 1) / HEADS_EACH;
    int token = blockIdx.z / batches;
    int batch = blockIdx.z % batches;
    int kv_head = blockIdx.y;
    int first_head = kv_head * shared_by + batch * HEADS_EACH;
    int count = min(HEADS_EACH, shared_by - batch * HEADS_EACH);
    int thread = threadIdx.x;
    int first_position = *start;
    int position = first_position + token;
    int chunk_start = (first_chunk(first_position, window) + blockIdx.x) * CHUNK;
    int tokens = gridDim.z / batches;
    if (chunk_start >= first_position + tokens) return;
    int begin = max(chunk_start, first_seen(position, window));
    int end = min(chunk_start + CHUNK, position + 1);
    int part_width = value_dim + 2;
    float* my_parts = parts + (((long long)token * heads + first_head) * gridDim.x + blockIdx.x) * part_width;
    long long next_head = (long long)gridDim.x * part_width;
    if (begin >= end) {
        if (thread < count) {
            my_parts[thread * next_head + value_dim] = 0;
            my_parts[thread * next_head + value_dim + 1] = NOTHING_SEEN;
        }
        return;
    }
    for (int e = thread; e < HEADS_EACH * key_dim; e += CHUNK_THREADS) {
        int head = e / key_dim;
        int d = e % key_dim;
        queries[head][d] = head < count ? q[((long long)token * heads + first_head + head) * key_dim + d] : 0.0f;
    }

    // one position a thread; keys pass through shared memory, so that both reads are in order
    const float* head_keys = keys + (long long)kv_head * capacity * key_dim;
    float score[HEADS_EACH];
    for (int h = 0; h < HEADS_EACH; h++) score[h] = 0;
    for (int step = 0; step < key_dim; step += KEY_STEP) {
        __syncthreads();
        for (int e = thread; e < CHUNK * KEY_STEP; e += CHUNK_THREADS) {
            int row = chunk_start + e / KEY_STEP;
            int d = step + e % KEY_STEP;
            bool there = row >= begin && row < end && d < key_dim;
            staged[e / KEY_STEP][e % KEY_STEP] = there ? head_keys[(long long)row * key_dim + d] : 0.0f;
        }
        __syncthreads();
        int width = min(KEY_STEP, key_dim - step);
        for (int d = 0; d < width; d++) {
            float key = staged[thread][d];
            for (int h = 0; h < HEADS_EACH; h++) score[h] = fmaf(queries[h][step + d], key, score[h]);
        }
    }
    bool seen = chunk_start + thread >= begin && chunk_start + thread < end;
    for (int h = 0; h < HEADS_EACH; h++) {
        score[h] = seen ? score[h] * scale : NOTHING_SEEN;
        float largest = warp_max(score[h]);
        if (thread % 32 == 0) of_warp[thread / 32][h] = largest;
    }
    __syncthreads();
    float largest[HEADS_EACH];
    for (int h = 0; h < HEADS_EACH; h++) {
        largest[h] = of_warp[0][h];
        for (int w = 1; w < CHUNK_THREADS / 32; w++) largest[h] = fmaxf(largest[h], of_warp[w][h]);
    }
    __syncthreads();
    for (int h = 0; h < HEADS_EACH; h++) {
        float weight = seen ? expf(score[h] - largest[h]) : 0.0f;
        weights[h][thread] = weight;
        float sum = warp_sum(weight);
        if (thread % 32 == 0) of_warp[thread / 32][h] = sum;
    }
    __syncthreads();
    if (thread == 0) {
        for (int h = 0; h < count; h++) {
            float sum = of_warp[0][h];
            for (int w = 1; w < CHUNK_THREADS / 32; w++) sum += of_warp[w][h];
            my_parts[h * next_head + value_dim] = sum;
            my_parts[h * next_head + value_dim + 1] = largest[h];
        }
    }

    // several threads a number of the values where there are few, each with its own positions
    const float* head_values = values + (long long)kv_head * capacity * value_dim;
    int lanes = 16;
    while (lanes < CHUNK_THREADS && lanes < value_dim) lanes *= 2;
    int shares = CHUNK_THREADS / lanes;
    int lane = thread % lanes;
    int share = thread / lanes;
    for (int first = 0; first < value_dim; first += lanes) {
        int d = first + lane;
        float mix[HEADS_EACH];
        for (int h = 0; h < HEADS_EACH; h++) mix[h] = 0;
        if (d < value_dim) {
            for (int row = begin + share; row < end; row += shares) {
                float value = head_values[(long long)row * value_dim + d];
                for (int h = 0; h < HEADS_EACH; h++) mix[h] = fmaf(weights[h][row - chunk_start], value, mix[h]);
            }
        }
        __syncthreads();
        for (int h = 0; h < HEADS_EACH; h++) mixed[thread][h] = mix[h];
        __syncthreads();
        if (share == 0 && d < value_dim) {
            for (int h = 0; h < count; h++) {
                float sum = mixed[lane][h];
                for (int s = 1; s < shares; s++) sum += mixed[s * lanes + lane][h];
                my_parts[h * next_head + d] = sum;
            }
        }
    }
}
EXPORT(attention_chunks)

// Block (head, token) adds up the parts of the chunks that there are, in the order of positions. parts as above, with room for
// `room` chunks; value_dim at most 256. Must move: the parts once.
extern "C" __global__ void __launch_bounds__(MOST_DIM)
attention_merge(const float* __restrict__ parts, int heads, int room, int value_dim, int window, const int* __restrict__ start,
                float* __restrict__ out) {
    int part_width = value_dim + 2;
    int first_position = *start;
    int chunks = (first_position + (int)gridDim.y - 1) / CHUNK - first_chunk(first_position, window) + 1;
    long long row = (long long)blockIdx.y * heads + blockIdx.x;
    const float* of_head = parts + row * room * part_width;
    float largest = NOTHING_SEEN;
    for (int c = 0; c < chunks; c++) largest = fmaxf(largest, of_head[(long long)c * part_width + value_dim + 1]);
    float sum = 0, mix = 0;
    int d = threadIdx.x;
    for (int c = 0; c < chunks; c++) {
        const float* part = of_head + (long long)c * part_width;
        float chunk_largest = part[value_dim + 1];
        if (chunk_largest == NOTHING_SEEN) continue;
        float factor = expf(chunk_largest - largest);
        sum = fmaf(factor, part[value_dim], sum);
        if (d < value_dim) mix = fmaf(factor, part[d], mix);
    }
    if (d < value_dim) out[row * value_dim + d] = mix / sum;
}
EXPORT(attention_merge)

// ---- many tokens ----

constexpr int QUERIES = 64;  // of a block, 16 a warp
constexpr int KEYS = 32;     // at a time
constexpr int TILE_THREADS = QUERIES * 2;
constexpr int PAD = 8;  // numbers behind each row in shared memory: rows eight apart lie in other banks

__device__ __forceinline__ unsigned pair_of(float low, float high) {
    __nv_bfloat162 pair = __floats2bfloat162_rn(low, high);
    return *reinterpret_cast<unsigned*>(&pair);
}

// Rows [first, first + count) of a matrix (.., dim) fp32, rows `stride` numbers apart, as bf16 into shared rows of `padded`
// numbers and PAD; zeros where there is no row below `end` and no column below dim.
__device__ void stage(const float* __restrict__ from, long long stride, int first, int count, int end, int dim, int padded,
                      __nv_bfloat16* to) {
    int pairs = padded / 2;
    for (int e = threadIdx.x; e < count * pairs; e += TILE_THREADS) {
        int row = e / pairs;
        int d = e % pairs * 2;
        bool there = first + row >= 0 && first + row < end;
        const float* number = from + (first + row) * stride + d;
        float low = there && d < dim ? number[0] : 0.0f;
        float high = there && d + 1 < dim ? number[1] : 0.0f;
        *reinterpret_cast<unsigned*>(to + row * (padded + PAD) + d) = pair_of(low, high);
    }
}

// Block (tile of queries, head). Dynamic shared memory: bf16 queries (64, key_dim + 8), keys (32, key_dim + 8), values
// (32, value_dim + 8), dimensions rounded up to 16. VALUE_DIM is the most that value_dim may be.
// Must move: the queries and results once, and the keys and values a tile of queries sees. 4 operations a query head,
// position and number.
template <int VALUE_DIM>
__device__ void attend(const float* __restrict__ q, const float* __restrict__ keys, const float* __restrict__ values,
                       int heads, int kv_heads, int key_dim, int value_dim, int capacity, int window, float scale, int start,
                       int tokens, float* __restrict__ out, __nv_bfloat16* shared) {
    int key_padded = (key_dim + 15) / 16 * 16;
    int value_padded = (value_dim + 15) / 16 * 16;
    __nv_bfloat16* shared_q = shared;
    __nv_bfloat16* shared_k = shared_q + QUERIES * (key_padded + PAD);
    __nv_bfloat16* shared_v = shared_k + KEYS * (key_padded + PAD);
    int head = blockIdx.y;
    int kv_head = head / (heads / kv_heads);
    int first_token = blockIdx.x * QUERIES;
    int warp = threadIdx.x / 32;
    int lane = threadIdx.x % 32;
    int g = lane / 4;
    int t = lane % 4;
    const float* head_keys = keys + (long long)kv_head * capacity * key_dim;
    const float* head_values = values + (long long)kv_head * capacity * value_dim;
    stage(q + (long long)head * key_dim, (long long)heads * key_dim, first_token, QUERIES, tokens, key_dim, key_padded, shared_q);

    // this thread has rows g and g + 8 of its warp's sixteen
    int position[2], begin[2];
    float largest[2], sum[2];
    for (int r = 0; r < 2; r++) {
        position[r] = start + first_token + warp * 16 + g + 8 * r;
        begin[r] = first_seen(position[r], window);
        largest[r] = NOTHING_SEEN;
        sum[r] = 0;
    }
    float mix[VALUE_DIM / 8][4];
#pragma unroll
    for (int n = 0; n < VALUE_DIM / 8; n++)
        for (int i = 0; i < 4; i++) mix[n][i] = 0;

    float factor = scale * LOG2_E;
    int last_token = min(first_token + QUERIES, tokens) - 1;
    int end = start + last_token + 1;
    int tile = first_seen(start + first_token, window) / KEYS * KEYS;
    for (; tile < end; tile += KEYS) {
        __syncthreads();
        stage(head_keys, key_dim, tile, KEYS, end, key_dim, key_padded, shared_k);
        stage(head_values, value_dim, tile, KEYS, end, value_dim, value_padded, shared_v);
        __syncthreads();

        float score[KEYS / 8][4];
#pragma unroll
        for (int n = 0; n < KEYS / 8; n++)
            for (int i = 0; i < 4; i++) score[n][i] = 0;
        for (int k = 0; k < key_padded; k += 16) {
            unsigned a[4];
            load_matrix_x4(a, shared_q + (warp * 16 + lane % 16) * (key_padded + PAD) + k + lane / 16 * 8);
#pragma unroll
            for (int n = 0; n < KEYS / 16; n++) {
                unsigned both[4];
                load_matrix_x4(both, shared_k + (n * 16 + lane / 16 * 8 + lane % 8) * (key_padded + PAD) + k + lane / 8 % 2 * 8);
                unsigned low[2] = {both[0], both[1]};
                unsigned high[2] = {both[2], both[3]};
                mma_bf16(score[2 * n], a, low);
                mma_bf16(score[2 * n + 1], a, high);
            }
        }

        float next[2] = {largest[0], largest[1]};
#pragma unroll
        for (int n = 0; n < KEYS / 8; n++) {
            for (int i = 0; i < 4; i++) {
                int r = i / 2;
                int key = tile + n * 8 + t * 2 + i % 2;
                bool seen = key >= begin[r] && key <= position[r];
                score[n][i] = seen ? score[n][i] * factor : NOTHING_SEEN;
                next[r] = fmaxf(next[r], score[n][i]);
            }
        }
        float shrink[2];
        for (int r = 0; r < 2; r++) {
            next[r] = fmaxf(next[r], __shfl_xor_sync(WHOLE_WARP, next[r], 1));
            next[r] = fmaxf(next[r], __shfl_xor_sync(WHOLE_WARP, next[r], 2));
            bool none = next[r] == NOTHING_SEEN;
            shrink[r] = none ? 1.0f : exp2f(largest[r] - next[r]);
            largest[r] = next[r];
            if (none) next[r] = 0;
        }
        unsigned weights[KEYS / 16][4];
        float tile_sum[2] = {0, 0};
#pragma unroll
        for (int n = 0; n < KEYS / 8; n++) {
            for (int r = 0; r < 2; r++) {
                __nv_bfloat162 pair = __floats2bfloat162_rn(exp2f(score[n][2 * r] - next[r]), exp2f(score[n][2 * r + 1] - next[r]));
                tile_sum[r] += __bfloat162float(pair.x) + __bfloat162float(pair.y);
                weights[n / 2][n % 2 * 2 + r] = *reinterpret_cast<unsigned*>(&pair);
            }
        }
        for (int r = 0; r < 2; r++) sum[r] = sum[r] * shrink[r] + tile_sum[r];
#pragma unroll
        for (int n = 0; n < VALUE_DIM / 8; n++)
            for (int i = 0; i < 4; i++) mix[n][i] *= shrink[i / 2];

#pragma unroll
        for (int k = 0; k < KEYS / 16; k++) {
#pragma unroll
            for (int n = 0; n < VALUE_DIM / 16; n++) {
                if (n * 16 >= value_padded) continue;  // the same for all lanes
                unsigned both[4];
                load_matrix_x4_transposed(
                    both, shared_v + (k * 16 + lane / 8 % 2 * 8 + lane % 8) * (value_padded + PAD) + n * 16 + lane / 16 * 8);
                unsigned low[2] = {both[0], both[1]};
                unsigned high[2] = {both[2], both[3]};
                mma_bf16(mix[2 * n], weights[k], low);
                mma_bf16(mix[2 * n + 1], weights[k], high);
            }
        }
    }

    for (int r = 0; r < 2; r++) {
        sum[r] += __shfl_xor_sync(WHOLE_WARP, sum[r], 1);
        sum[r] += __shfl_xor_sync(WHOLE_WARP, sum[r], 2);
    }
#pragma unroll
    for (int n = 0; n < VALUE_DIM / 8; n++) {
        for (int i = 0; i < 4; i++) {
            int token = first_token + warp * 16 + g + i / 2 * 8;
            int d = n * 8 + t * 2 + i % 2;
            if (token < tokens && d < value_dim)
                out[((long long)token * heads + head) * value_dim + d] = mix[n][i] / sum[i / 2];
        }
    }
}

extern "C" __global__ void __launch_bounds__(TILE_THREADS)
attention_tiles_64(const float* q, const float* keys, const float* values, int heads, int kv_heads, int key_dim, int value_dim,
                   int capacity, int window, float scale, int start, int tokens, float* out) {
    DYNAMIC_SHARED(__nv_bfloat16, shared);
    attend<64>(q, keys, values, heads, kv_heads, key_dim, value_dim, capacity, window, scale, start, tokens, out, shared);
}
EXPORT(attention_tiles_64)

extern "C" __global__ void __launch_bounds__(TILE_THREADS)
attention_tiles_128(const float* q, const float* keys, const float* values, int heads, int kv_heads, int key_dim, int value_dim,
                    int capacity, int window, float scale, int start, int tokens, float* out) {
    DYNAMIC_SHARED(__nv_bfloat16, shared);
    attend<128>(q, keys, values, heads, kv_heads, key_dim, value_dim, capacity, window, scale, start, tokens, out, shared);
}
EXPORT(attention_tiles_128)

extern "C" __global__ void __launch_bounds__(TILE_THREADS)
attention_tiles_256(const float* q, const float* keys, const float* values, int heads, int kv_heads, int key_dim, int value_dim,
                    int capacity, int window, float scale, int start, int tokens, float* out) {
    DYNAMIC_SHARED(__nv_bfloat16, shared);
    attend<256>(q, keys, values, heads, kv_heads, key_dim, value_dim, capacity, window, scale, start, tokens, out, shared);
}
EXPORT(attention_tiles_256)
