// y = x W^T on the tensor cores, for many tokens: a block makes TOKENS x ROWS numbers of y.
//
//   x   bf16, rounded by round_activations (activations.cu), (tokens, width), width the columns filled up to whole tiles of 64; in
//       ascending columns for dense W, in the order below for packed W
//   W   dense bf16, or packed: then w = scale x (level - zero) is computed in fp32 and rounded once to bf16
//   y   fp32, accumulated by mma m16n8k16 in ascending columns
//
// Tiles of 64 columns of x and of W as it is stored come into shared memory by asynchronous copies, STAGES - 1 ahead. Packed weights
// are turned into bf16 in the registers of the threads whose fragments they are: with g = lane / 4 and t = lane % 4, a thread takes
// columns 16 t .. 16 t + 15 of a tile, of row g of each 8 rows, and step s of 4 multiplies columns 16 t + 4 s .. + 3. So x
// stands in the order
//       16 s + 8 h + 2 t + e   holds column   16 t + 4 s + 2 h + e        (h, e = 0 or 1; t, s = 0 to 3)
// in which the fragments of a plain 16 x 16 matrix are what the threads need. A tile of x or of dense W is 128 bytes a row; chunk c of 16
// bytes of row r stands at chunk c ^ (r % 8), so that neither matrix loads nor 16-byte loads meet in a bank.
//
// 4 warps, 128 fp32 accumulators a thread. A warp makes 64 x 64 numbers of y for dense W, which needs the fewest matrix loads; and 128 x
// 32 for packed W, so that each code is turned into a number in one warp only, once for eight matrix instructions.
#pragma once

#include "planes.cuh"

namespace prefill {

constexpr int THREADS = 128;
constexpr int TOKENS = 128;
constexpr int ROWS = 128;
constexpr int WIDTH = 64;
constexpr int X_BYTES = TOKENS * WIDTH * 2;

__device__ __forceinline__ int swizzled(int row, int chunk) { return row * 128 + ((chunk ^ (row & 7)) << 4); }

__device__ __forceinline__ unsigned bf16_pair(float low, float high) {
    __nv_bfloat162 pair = __floats2bfloat162_rn(low, high);
    unsigned bits;
    memcpy(&bits, &pair, sizeof bits);
    return bits;
}

/** Starts the copy of 8 bytes, both addresses aligned to 8, or of zeros; otherwise as copy_async16_or_zero. */
__device__ __forceinline__ void copy_async8_or_zero(void* shared, const void* global, bool there) {
#ifdef SINQ4J_ON_CPU
    if (there) memcpy(shared, global, 8);
    else memset(shared, 0, 8);
#else
    int bytes = there ? 8 : 0;
    asm volatile("cp.async.ca.shared.global [%0], [%1], 8, %2;\n" ::"r"(shared_address(shared)), "l"(global), "r"(bytes) : "memory");
#endif
}

/** Dense bf16: (rows, columns), columns a multiple of 8. */
struct DenseWeights {
    static constexpr int TOKEN_PARTS = 4; // of 16 tokens, of a warp
    static constexpr int ROW_PARTS = 8;   // of 8 rows, of a warp
    static constexpr int STAGES = 3;
    static constexpr int BYTES = ROWS * WIDTH * 2;

    const unsigned char* weights;
    int columns;

    struct Ahead {};
    struct Tile {
        const unsigned char* stage;
        int first; // chunk of step 0 that this thread names for matrix loads; of step s, that number ^ 2 s
    };

    __device__ __forceinline__ void prepare() const {}

    __device__ __forceinline__ void start(unsigned char* stage, int first_row, int rows, int tile) const {
#pragma unroll
        for (int i = 0; i < ROWS * 8 / THREADS; i++) {
            int row = threadIdx.x / 8 + i * (THREADS / 8);
            int chunk = threadIdx.x % 8;
            int column = tile * WIDTH + chunk * 8;
            size_t from = (size_t)(first_row + row) * columns + column;
            copy_async16_or_zero(
                    stage + swizzled(row, chunk), weights + 2 * from, first_row + row < rows && column < columns);
        }
    }

    __device__ __forceinline__ void ahead(int, int, int, Ahead&) const {}

    /** row: of the tile, this thread's first; then every eighth. */
    __device__ __forceinline__ void open(const unsigned char* stage, int row, const Ahead&, Tile& tile) const {
        int lane = threadIdx.x % 32;
        tile.stage = stage;
        tile.first = swizzled(row - lane / 4 + lane / 16 * 8 + lane % 8, lane / 8 % 2);
    }

    template <int STEP>
    __device__ __forceinline__ void fragments(Tile& tile, unsigned (&b)[ROW_PARTS][2]) const {
#pragma unroll
        for (int i = 0; i < ROW_PARTS; i += 2) {
            unsigned both[4];
            load_matrix_x4(both, tile.stage + (tile.first ^ STEP * 32) + i * 8 * 128);
            b[i][0] = both[0];
            b[i][1] = both[1];
            b[i + 1][0] = both[2];
            b[i + 1][1] = both[3];
        }
    }
};

/** Codes of one width, on a uniform grid or with a table of levels; groups of whole units. Planes lie in a stage one behind the other. */
template <int BITS, bool TABLE>
struct PackedWeights {
    static constexpr int TOKEN_PARTS = 8; // of 16 tokens, of a warp
    static constexpr int ROW_PARTS = 4;   // of 8 rows, of a warp
    static constexpr int LEAD = Planes<BITS>::LEAD;
    static constexpr int STAGES = 4;
    static constexpr int LEAD_BYTES = ROWS * 8 * LEAD;
    static constexpr int TWO_BYTES = Planes<BITS>::TWO ? ROWS * 16 : 0;
    static constexpr int ONE_BYTES = Planes<BITS>::ONE ? ROWS * 8 : 0;
    static constexpr int BYTES = LEAD_BYTES + TWO_BYTES + ONE_BYTES;

    PlaneSet planes;
    Auxiliaries auxiliaries;
    unsigned group_multiplier;
    const float* levels;
    float* table; // in shared memory

    struct Ahead {
        uint2 auxiliary[ROW_PARTS];
    };
    struct Tile {
        unsigned fields[ROW_PARTS][Planes<BITS>::FIELD_WORDS];
        float scale[ROW_PARTS];
        float offset[ROW_PARTS]; // -scale x zero
    };

    __device__ __forceinline__ void prepare() const {
        if constexpr (TABLE) {
            for (int i = threadIdx.x; i < 1 << BITS; i += THREADS) table[i] = levels[i];
        }
    }

    /** Copies SIZE bytes of each row, from word `first` of a row of `words` words on. */
    template <int SIZE>
    static __device__ __forceinline__ void start_plane(
            unsigned char* to, const unsigned* plane, size_t words, int first, int first_row, int rows) {
        constexpr int PIECE = SIZE == 8 ? 8 : 16;
        constexpr int PIECES = SIZE / PIECE; // of a row
        constexpr int TOGETHER = THREADS / PIECES < ROWS ? THREADS / PIECES : ROWS; // rows
        if (TOGETHER * PIECES < THREADS && threadIdx.x >= TOGETHER * PIECES) return;
        int piece = threadIdx.x % PIECES;
        const unsigned* from = plane + (size_t)(first_row + threadIdx.x / PIECES) * words + first + piece * (PIECE / 4);
#pragma unroll
        for (int i = 0; i < ROWS / TOGETHER; i++) {
            int row = threadIdx.x / PIECES + i * TOGETHER;
            bool there = first_row + row < rows;
            if constexpr (PIECE == 8) copy_async8_or_zero(to + row * SIZE, from + i * TOGETHER * words, there);
            else copy_async16_or_zero(to + row * SIZE + piece * PIECE, from + i * TOGETHER * words, there);
        }
    }

    __device__ __forceinline__ void start(unsigned char* stage, int first_row, int rows, int tile) const {
        size_t units = planes.units;
        start_plane<8 * LEAD>(stage, planes.lead, units * LEAD, tile * 2 * LEAD, first_row, rows);
        if constexpr (Planes<BITS>::TWO)
            start_plane<16>(stage + LEAD_BYTES, planes.two, units * 2, tile * 4, first_row, rows);
        if constexpr (Planes<BITS>::ONE)
            start_plane<8>(stage + LEAD_BYTES + TWO_BYTES, planes.one, units, tile * 2, first_row, rows);
    }

    /** Loads scales and zeros of this thread's rows for a tile. */
    __device__ __forceinline__ void ahead(int row, int rows, int tile, Ahead& ahead) const {
        int group = min(group_of_unit(tile * 2 + (threadIdx.x & 3) / 2, group_multiplier), auxiliaries.groups - 1);
        int left = rows - 1 - row;
        auxiliaries.load([row, left](int i) { return row + min(8 * i, left); }, group, ahead.auxiliary);
    }

    __device__ __forceinline__ void open(const unsigned char* stage, int row, const Ahead& ahead, Tile& tile) const {
        int t = threadIdx.x & 3;
        int h = t & 1;
#pragma unroll
        for (int i = 0; i < ROW_PARTS; i++) {
            const unsigned char* lead = stage + (row + 8 * i) * 8 * LEAD;
            Sixteen<BITS> codes;
            if constexpr (LEAD == 1) {
                codes.lead[0] = *reinterpret_cast<const unsigned*>(lead + t / 2 * 4) >> (8 * h);
            } else if constexpr (LEAD == 2) {
                codes.lead[0] = *reinterpret_cast<const unsigned*>(lead + t * 4);
            } else if constexpr (LEAD == 4) {
                uint2 words = *reinterpret_cast<const uint2*>(lead + t * 8);
                codes.lead[0] = words.x;
                codes.lead[1] = words.y;
            } else {
                uint4 words = *reinterpret_cast<const uint4*>(lead + t * 16);
                codes.lead[0] = words.x;
                codes.lead[1] = words.y;
                codes.lead[2] = words.z;
                codes.lead[3] = words.w;
            }
            codes.two = 0;
            codes.one = 0;
            if constexpr (Planes<BITS>::TWO)
                codes.two = *reinterpret_cast<const unsigned*>(stage + LEAD_BYTES + (row + 8 * i) * 16 + t * 4);
            if constexpr (Planes<BITS>::ONE)
                codes.one = *reinterpret_cast<const unsigned*>(stage + LEAD_BYTES + TWO_BYTES + (row + 8 * i) * 8 + t / 2 * 4)
                        >> (LEAD == 4 ? 2 * h : h);
            join<BITS>(codes, tile.fields[i]);
            float2 auxiliary = auxiliaries.widened(ahead.auxiliary[i]);
            tile.scale[i] = auxiliary.x;
            tile.offset[i] = -auxiliary.x * auxiliary.y;
        }
    }

    template <int STEP>
    __device__ __forceinline__ void fragments(Tile& tile, unsigned (&b)[ROW_PARTS][2]) const {
#pragma unroll
        for (int i = 0; i < ROW_PARTS; i++)
#pragma unroll
            for (int pair = 0; pair < 2; pair++) {
                constexpr int first = 4 * STEP;
                b[i][pair] = bf16_pair(weight(tile, i, first + 2 * pair), weight(tile, i, first + 2 * pair + 1));
            }
    }

    __device__ __forceinline__ float weight(const Tile& tile, int i, int column) const {
        if constexpr (TABLE) return fmaf(table[code_at<BITS>(tile.fields[i], column)], tile.scale[i], tile.offset[i]);
        float lowering = __uint_as_float((unsigned)(127 - Planes<BITS>::bit(column)) << 23);
        return fmaf(raised_code<BITS>(tile.fields[i], column), tile.scale[i] * lowering, tile.offset[i]);
    }
};

/** How the warps of a block divide its product. */
template <class WEIGHTS>
struct Warps {
    static constexpr int TOKENS_EACH = 16 * WEIGHTS::TOKEN_PARTS;
    static constexpr int ROWS_EACH = 8 * WEIGHTS::ROW_PARTS;
    static constexpr int ALONG_ROWS = ROWS / ROWS_EACH;
    static_assert(TOKENS / TOKENS_EACH * ALONG_ROWS * 32 == THREADS, "the warps cover the block's numbers");

    static __device__ __forceinline__ int token() { return threadIdx.x / 32 / ALONG_ROWS * TOKENS_EACH; }
    static __device__ __forceinline__ int row() { return threadIdx.x / 32 % ALONG_ROWS * ROWS_EACH; }
};

/** A thread's part of the product, as mma's d. d[p][r][i] stands at token() + 16 p + 8 (i / 2), row() + 8 r + i % 2 of the block's. */
template <class WEIGHTS>
struct Accumulators {
    static constexpr int TOKEN_PARTS = WEIGHTS::TOKEN_PARTS;
    static constexpr int ROW_PARTS = WEIGHTS::ROW_PARTS;
    float d[TOKEN_PARTS][ROW_PARTS][4];

    static __device__ __forceinline__ int token() { return Warps<WEIGHTS>::token() + threadIdx.x % 32 / 4; }
    static __device__ __forceinline__ int row() { return Warps<WEIGHTS>::row() + threadIdx.x % 4 * 2; }
};

template <class WEIGHTS>
__device__ __forceinline__ void start_tile(
        const WEIGHTS& weights, const __nv_bfloat16* x, unsigned char* stage, int tokens, int rows, int tiles, int tile) {
#pragma unroll
    for (int i = 0; i < TOKENS * 8 / THREADS; i++) {
        int row = threadIdx.x / 8 + i * (THREADS / 8);
        int chunk = threadIdx.x % 8;
        int token = blockIdx.x * TOKENS + row;
        copy_async16_or_zero(
                stage + swizzled(row, chunk), x + ((size_t)token * tiles + tile) * WIDTH + chunk * 8, token < tokens);
    }
    weights.start(stage + X_BYTES, blockIdx.y * ROWS, rows, tile);
}

template <class WEIGHTS, int STEP>
__device__ __forceinline__ void multiply_step(
        const WEIGHTS& weights, const unsigned char* stage, int first, typename WEIGHTS::Tile& tile,
        Accumulators<WEIGHTS>& sums) {
    unsigned b[WEIGHTS::ROW_PARTS][2];
    weights.template fragments<STEP>(tile, b);
#pragma unroll
    for (int part = 0; part < WEIGHTS::TOKEN_PARTS; part++) {
        unsigned a[4];
        load_matrix_x4(a, stage + (first ^ STEP * 32) + part * 16 * 128);
#pragma unroll
        for (int i = 0; i < WEIGHTS::ROW_PARTS; i++) mma_bf16(sums.d[part][i], a, b[i]);
    }
}

/** Shared memory of a block. */
template <class WEIGHTS>
constexpr int shared_bytes() {
    return WEIGHTS::STAGES * (X_BYTES + WEIGHTS::BYTES);
}

template <class WEIGHTS>
__device__ __forceinline__ void multiply(
        const WEIGHTS& weights, const __nv_bfloat16* x, unsigned char* shared, int tokens, int rows, int tiles,
        Accumulators<WEIGHTS>& sums) {
    constexpr int STAGES = WEIGHTS::STAGES;
    constexpr int STAGE_BYTES = X_BYTES + WEIGHTS::BYTES;
    int fragment_row = Warps<WEIGHTS>::row() + threadIdx.x % 32 / 4;
    int matrix_row = Warps<WEIGHTS>::token() + threadIdx.x % 16;
    int first = swizzled(matrix_row, threadIdx.x / 16 % 2); // the chunk of step 0; of step s, that number ^ 2 s
    weights.prepare();
#pragma unroll
    for (int stage = 0; stage < STAGES - 1; stage++) {
        if (stage < tiles) start_tile(weights, x, shared + stage * STAGE_BYTES, tokens, rows, tiles, stage);
        copy_async_commit();
    }
    typename WEIGHTS::Ahead ahead;
    weights.ahead(blockIdx.y * ROWS + fragment_row, rows, 0, ahead);
    int filled = (STAGES - 1) * STAGE_BYTES; // the stage that is filled next
    int used = 0;
#pragma unroll 1
    for (int tile = 0; tile < tiles; tile++) {
        copy_async_wait<STAGES - 2>();
        __syncthreads(); // everybody's copies of this tile are there, and nobody reads the stage that is filled next
        int next = tile + STAGES - 1;
        if (next < tiles) start_tile(weights, x, shared + filled, tokens, rows, tiles, next);
        copy_async_commit();
        const unsigned char* stage = shared + used;
        filled = used;
        used = used == (STAGES - 1) * STAGE_BYTES ? 0 : used + STAGE_BYTES;
        typename WEIGHTS::Tile opened;
        weights.open(stage + X_BYTES, fragment_row, ahead, opened);
        if (tile + 1 < tiles) weights.ahead(blockIdx.y * ROWS + fragment_row, rows, tile + 1, ahead);
        multiply_step<WEIGHTS, 0>(weights, stage, first, opened, sums);
        multiply_step<WEIGHTS, 1>(weights, stage, first, opened, sums);
        multiply_step<WEIGHTS, 2>(weights, stage, first, opened, sums);
        multiply_step<WEIGHTS, 3>(weights, stage, first, opened, sums);
    }
    copy_async_wait<0>();
    __syncthreads(); // the stages can be used again
}

} // namespace prefill
