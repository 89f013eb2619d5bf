// y = x W^T for a few tokens: every weight is read once, so that the bytes of W are what counts.
//
// A team of 8 to 256 neighbouring threads makes ROWS rows of y at a time. The columns are cut into steps of one 16-byte load or so a
// row; thread l of a team takes steps l, l + team, ... and has the loads of the next ROWS rows or steps in flight while it multiplies
// the last ones. x lies in shared memory, float4 q of step s of a token at [q][s], so that neighbouring threads read neighbouring
// numbers; it is scaled there once by the column scale, and by 2^-bit where a code comes out times 2^bit (planes.cuh). A block makes
// neighbouring rows; several blocks side by side (y) share the columns where x is too large for one, and sum_parts adds what they made.
//
// fp32 throughout on exact codes: products of a unit in ascending columns, times the scale, less scale x zero x sum of x; units in
// ascending steps; the threads of a warp by a butterfly, the warps of a team in ascending order. The order depends on the matrix and
// the number of tokens alone, never on the grid.
#include "planes.cuh"

constexpr int THREADS = 256;
constexpr int ROWS = 4;
constexpr unsigned WARP = 0xFFFFFFFFu;

__device__ __forceinline__ unsigned bits_of(uint4 v, int i) { return i == 0 ? v.x : i == 1 ? v.y : i == 2 ? v.z : v.w; }

/** Loads COUNT neighbouring words: 16 bytes at a time, or 8, or 4. The address is a multiple of the size, up to 16. */
template <int COUNT>
__device__ __forceinline__ void load_words(const unsigned* from, unsigned (&words)[COUNT]) {
    if constexpr (COUNT % 4 == 0) {
#pragma unroll
        for (int i = 0; i < COUNT / 4; i++) {
            uint4 four = __ldg(reinterpret_cast<const uint4*>(from) + i);
#pragma unroll
            for (int j = 0; j < 4; j++) words[4 * i + j] = bits_of(four, j);
        }
    } else if constexpr (COUNT == 2) {
        uint2 pair = __ldg(reinterpret_cast<const uint2*>(from));
        words[0] = pair.x;
        words[1] = pair.y;
    } else {
        words[0] = __ldg(from);
    }
}

/** Codes of one width on a uniform grid, or with a table of levels. A step is a unit, or two where units are small. */
template <int BITS, bool TABLE>
struct Packed {
    static constexpr int UNITS = BITS <= 3 ? 2 : 1;
    static constexpr int QUADS = 8 * UNITS;
    static constexpr int SUMS = UNITS;
    static constexpr int LEAD = Planes<BITS>::LEAD;

    struct Words {
        unsigned lead[UNITS * LEAD];
        unsigned two[2];
        unsigned one[UNITS];
    };
    struct Loaded {
        Words words[ROWS];
        uint2 auxiliary[UNITS][ROWS];
    };

    PlaneSet planes;
    Auxiliaries auxiliaries;
    unsigned group_multiplier;
    const float* levels; // in shared memory; for a table

    /** One step of ROWS rows, row(0), row(1), ... */
    template <class ROW>
    __device__ __forceinline__ void load(ROW row, int step, Loaded& loaded) const {
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            unsigned unit = row(r) * planes.units + step * UNITS;
            Words& words = loaded.words[r];
            load_words<UNITS * LEAD>(planes.lead + (size_t)(unit * LEAD), words.lead);
            if constexpr (Planes<BITS>::TWO) load_words<2>(planes.two + (size_t)(unit * 2), words.two);
            if constexpr (Planes<BITS>::ONE) load_words<UNITS>(planes.one + (size_t)unit, words.one);
        }
#pragma unroll
        for (int i = 0; i < UNITS; i++) auxiliaries.load(row, group_of(step * UNITS + i), loaded.auxiliary[i]);
    }

    /** Units of padding belong to the last group. */
    __device__ __forceinline__ int group_of(int unit) const {
        int group = group_of_unit(unit, group_multiplier);
        return group < auxiliaries.groups ? group : auxiliaries.groups - 1;
    }

    /** What x is divided by where column i of a unit meets its code. */
    static __device__ __forceinline__ float lowered(float x, int i) {
        if constexpr (TABLE) return x;
        i %= 16;
        return x * __uint_as_float((unsigned)(127 - Planes<BITS>::bit(i)) << 23);
    }

    template <int HALF>
    static __device__ __forceinline__ Sixteen<BITS> sixteen(const Words& loaded) {
        constexpr int h = HALF % 2;
        constexpr int u = HALF / 2;
        Sixteen<BITS> part;
        if constexpr (LEAD == 1) {
            part.lead[0] = loaded.lead[u] >> (8 * h);
        } else {
#pragma unroll
            for (int w = 0; w < LEAD / 2; w++) part.lead[w] = loaded.lead[u * LEAD + h * (LEAD / 2) + w];
        }
        part.two = Planes<BITS>::TWO ? loaded.two[h] : 0u;
        part.one = Planes<BITS>::ONE ? loaded.one[u] >> (LEAD == 4 ? 2 * h : h) : 0u;
        return part;
    }

    template <int TOKENS, int HALF>
    __device__ __forceinline__ void multiply_half(
            const Loaded& loaded, const float4* x, int stride, float (&products)[ROWS][TOKENS]) const {
        unsigned fields[ROWS][Planes<BITS>::FIELD_WORDS];
#pragma unroll
        for (int r = 0; r < ROWS; r++) join<BITS>(sixteen<HALF>(loaded.words[r]), fields[r]);
#pragma unroll
        for (int q = 0; q < 4; q++) {
            float codes[ROWS][4];
#pragma unroll
            for (int r = 0; r < ROWS; r++)
#pragma unroll
                for (int j = 0; j < 4; j++) {
                    if constexpr (TABLE) codes[r][j] = levels[code_at<BITS>(fields[r], 4 * q + j)];
                    else codes[r][j] = raised_code<BITS>(fields[r], 4 * q + j);
                }
#pragma unroll
            for (int t = 0; t < TOKENS; t++) {
                float4 v = x[(t * QUADS + HALF * 4 + q) * stride];
#pragma unroll
                for (int r = 0; r < ROWS; r++) {
                    products[r][t] = fmaf(codes[r][0], v.x, products[r][t]);
                    products[r][t] = fmaf(codes[r][1], v.y, products[r][t]);
                    products[r][t] = fmaf(codes[r][2], v.z, products[r][t]);
                    products[r][t] = fmaf(codes[r][3], v.w, products[r][t]);
                }
            }
        }
    }

    template <int TOKENS, int U>
    __device__ __forceinline__ void multiply_unit(
            const Loaded& loaded, const float4* x, const float* sums, int stride, float (&y)[ROWS][TOKENS]) const {
        float products[ROWS][TOKENS] = {};
        multiply_half<TOKENS, 2 * U>(loaded, x, stride, products);
        multiply_half<TOKENS, 2 * U + 1>(loaded, x, stride, products);
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            float2 auxiliary = auxiliaries.widened(loaded.auxiliary[U][r]);
#pragma unroll
            for (int t = 0; t < TOKENS; t++) {
                float sum = sums[(t * SUMS + U) * stride];
                y[r][t] = fmaf(auxiliary.x, fmaf(-auxiliary.y, sum, products[r][t]), y[r][t]);
            }
        }
    }

    /** Adds a step's share to y. x, sums: of this step. */
    template <int TOKENS>
    __device__ __forceinline__ void multiply(
            const Loaded& loaded, const float4* x, const float* sums, int stride, float (&y)[ROWS][TOKENS]) const {
        multiply_unit<TOKENS, 0>(loaded, x, sums, stride, y);
        if constexpr (UNITS == 2) multiply_unit<TOKENS, 1>(loaded, x, sums, stride, y);
    }
};

__device__ __forceinline__ float low_bf16(unsigned pair) { return __uint_as_float(pair << 16); }
__device__ __forceinline__ float high_bf16(unsigned pair) { return __uint_as_float(pair & 0xFFFF0000u); }

__device__ __forceinline__ float2 both_fp16(unsigned bits) {
    __half2 pair;
    memcpy(&pair, &bits, sizeof pair);
    return __half22float2(pair);
}

enum Number { BF16 = 0, FP16 = 1, FP32 = 2 };

/** Numbers as a file has them; columns are a multiple of 8. A step is 8 columns. */
template <int NUMBER>
struct Dense {
    static constexpr int QUADS = 2;
    static constexpr int SUMS = 0;
    static constexpr int WORDS = NUMBER == FP32 ? 8 : 4;

    struct Loaded {
        unsigned words[ROWS][WORDS];
    };

    const unsigned* weights; // (rows, columns)
    int columns;

    template <class ROW>
    __device__ __forceinline__ void load(ROW row, int step, Loaded& loaded) const {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
            load_words<WORDS>(weights + (size_t)(unsigned)(row(r) * (columns / 8) + step) * WORDS, loaded.words[r]);
    }

    static __device__ __forceinline__ float lowered(float x, int) { return x; }

    /** Columns 2i and 2i + 1 of a step. */
    static __device__ __forceinline__ float2 pair(const unsigned (&words)[WORDS], int i) {
        if constexpr (NUMBER == FP32) return make_float2(__uint_as_float(words[2 * i]), __uint_as_float(words[2 * i + 1]));
        else if constexpr (NUMBER == FP16) return both_fp16(words[i]);
        else return make_float2(low_bf16(words[i]), high_bf16(words[i]));
    }

    template <int TOKENS>
    __device__ __forceinline__ void multiply(
            const Loaded& loaded, const float4* x, const float*, int stride, float (&y)[ROWS][TOKENS]) const {
#pragma unroll
        for (int q = 0; q < QUADS; q++) {
            float2 low[ROWS];
            float2 high[ROWS];
#pragma unroll
            for (int r = 0; r < ROWS; r++) {
                low[r] = pair(loaded.words[r], 2 * q);
                high[r] = pair(loaded.words[r], 2 * q + 1);
            }
#pragma unroll
            for (int t = 0; t < TOKENS; t++) {
                float4 v = x[(t * QUADS + q) * stride];
#pragma unroll
                for (int r = 0; r < ROWS; r++) {
                    y[r][t] = fmaf(low[r].x, v.x, y[r][t]);
                    y[r][t] = fmaf(low[r].y, v.y, y[r][t]);
                    y[r][t] = fmaf(high[r].x, v.z, y[r][t]);
                    y[r][t] = fmaf(high[r].y, v.w, y[r][t]);
                }
            }
        }
    }
};

/** The product's sizes and how it is cut; the same for all forms. */
struct Product {
    const float* x;           // (tokens, columns)
    const float* column_scale; // (row blocks, columns)
    int row_block;            // rows that share a row of column scales, 0 for no scales; a block's rows lie in one
    int tokens;
    int rows;
    int columns;
    int chunk;          // steps of one block; even
    int rows_per_block; // neighbouring rows of one block
    int team;           // threads that make a row, a power of two from 8 to 256
    float* y;           // (parts, tokens, rows)
};

/** Four numbers of x from one column on, zero behind the last one. */
__device__ __forceinline__ float4 four_of(const float* row, int column, int columns, bool aligned) {
    if (aligned && column + 4 <= columns) return __ldg(reinterpret_cast<const float4*>(row + column));
    float4 v = make_float4(0.f, 0.f, 0.f, 0.f);
    if (column < columns) v.x = row[column];
    if (column + 1 < columns) v.y = row[column + 1];
    if (column + 2 < columns) v.z = row[column + 2];
    if (column + 3 < columns) v.w = row[column + 3];
    return v;
}

/** Brings this block's columns of x into shared memory, scaled; and the sums of its units, before they are lowered. */
template <class FORM, int TOKENS>
__device__ __forceinline__ void stage(
        const Product& product, int first_token, int first_step, int steps, int stride, float4* staged, float* sums) {
    constexpr int QUADS = FORM::QUADS;
    const float* scales = product.row_block
            ? product.column_scale + (size_t)(blockIdx.x * product.rows_per_block / product.row_block) * product.columns
            : nullptr;
    bool aligned = product.columns % 4 == 0;
    int all = steps * QUADS;
    int whole = (all + 31) / 32 * 32; // a warp goes together, for the sums
#pragma unroll 1
    for (int t = 0; t < TOKENS; t++) {
        int token = first_token + t;
        const float* row = product.x + (size_t)(token < product.tokens ? token : product.tokens - 1) * product.columns;
#pragma unroll 4
        for (int i = threadIdx.x; i < whole; i += THREADS) {
            int step = i / QUADS;
            int q = i % QUADS;
            int column = ((first_step + step) * QUADS + q) * 4;
            float4 v = make_float4(0.f, 0.f, 0.f, 0.f);
            if (i < all) {
                v = four_of(row, column, product.columns, aligned);
                if (scales) {
                    float4 s = four_of(scales, column, product.columns, aligned);
                    v = make_float4(v.x * s.x, v.y * s.y, v.z * s.z, v.w * s.w);
                }
            }
            if constexpr (FORM::SUMS > 0) { // eight neighbours hold a unit
                float sum = (v.x + v.y) + (v.z + v.w);
                sum += __shfl_xor_sync(WARP, sum, 1);
                sum += __shfl_xor_sync(WARP, sum, 2);
                sum += __shfl_xor_sync(WARP, sum, 4);
                if (i < all && q % 8 == 0) sums[(t * FORM::SUMS + q / 8) * stride + step] = sum;
            }
            if (i < all) {
                v.x = FORM::lowered(v.x, 4 * q);
                v.y = FORM::lowered(v.y, 4 * q + 1);
                v.z = FORM::lowered(v.z, 4 * q + 2);
                v.w = FORM::lowered(v.w, 4 * q + 3);
                staged[(t * QUADS + q) * stride + step] = v;
            }
        }
    }
}

template <class FORM, int TOKENS>
__device__ __forceinline__ void decode(const FORM& form, const Product& product, int all_steps) {
    DYNAMIC_SHARED(float4, shared);
    int team = product.team;
    int lane = threadIdx.x & (team - 1);
    int teams = THREADS / team;
    int first_token = blockIdx.z * TOKENS;
    int first_step = blockIdx.y * product.chunk;
    int steps = min(product.chunk, all_steps - first_step);
    int stride = product.chunk + 1; // odd, so that the threads that stage a step write to different banks
    float4* staged = shared;
    float* sums = reinterpret_cast<float*>(staged + TOKENS * FORM::QUADS * stride);
    float* parts = sums + TOKENS * FORM::SUMS * stride; // (rows of the block, TOKENS, warps of a team)

    int first = blockIdx.x * product.rows_per_block;
    int last = min(first + product.rows_per_block, product.rows);
    int row = first + (threadIdx.x / team) * ROWS;
    // rows behind the last are the last
    auto load = [&](int row, int step, typename FORM::Loaded& loaded) {
        int left = product.rows - 1 - row;
        form.load([row, left](int r) { return row + min(r, left); }, first_step + step, loaded);
    };
    typename FORM::Loaded now;
    if (lane < steps && row < last) load(row, lane, now);
    stage<FORM, TOKENS>(product, first_token, first_step, steps, stride, staged, sums);
    __syncthreads();

    float* y = product.y + (size_t)blockIdx.y * product.tokens * product.rows;
    int rounds = (steps + team - 1) / team;
    int warps = team / 32; // of a team; 0 where a warp has several
    for (int base = first; base < last; base += teams * ROWS, row += teams * ROWS) {
        float sum[ROWS][TOKENS] = {};
        for (int round = 0; round < rounds; round++) {
            int step = round * team + lane;
            bool ends = round + 1 == rounds;
            int next_row = ends ? row + teams * ROWS : row;
            int next_step = ends ? lane : step + team;
            typename FORM::Loaded next;
            if (next_row < last && next_step < steps) load(next_row, next_step, next);
            if (row < last && step < steps) form.template multiply<TOKENS>(now, staged + step, sums + step, stride, sum);
            now = next;
        }
#pragma unroll
        for (int r = 0; r < ROWS; r++)
#pragma unroll
            for (int t = 0; t < TOKENS; t++) {
                float all = sum[r][t];
                for (int other = min(team, 32) / 2; other > 0; other /= 2) all += __shfl_xor_sync(WARP, all, other);
                int in_block = row + r - first;
                if (row + r >= last || (lane & 31) != 0) continue;
                if (warps > 1) parts[(in_block * TOKENS + t) * warps + lane / 32] = all;
                else if (first_token + t < product.tokens) y[(size_t)(first_token + t) * product.rows + row + r] = all;
            }
    }
    if (warps <= 1) return;
    __syncthreads();
    for (int i = threadIdx.x; i < (last - first) * TOKENS; i += THREADS) {
        int token = first_token + i % TOKENS;
        float all = 0;
        for (int w = 0; w < warps; w++) all += parts[i * warps + w];
        if (token < product.tokens) y[(size_t)token * product.rows + first + i / TOKENS] = all;
    }
}

template <int BITS, bool TABLE, int TOKENS>
__device__ __forceinline__ void decode_packed(
        const PlaneSet& planes, const Auxiliaries& auxiliaries, unsigned group_multiplier, const float* levels, const Product& product) {
    __shared__ float table[TABLE ? 1 << BITS : 1];
    if constexpr (TABLE) {
        for (int i = threadIdx.x; i < 1 << BITS; i += THREADS) table[i] = levels[i];
    }
    Packed<BITS, TABLE> form{planes, auxiliaries, group_multiplier, table};
    decode<Packed<BITS, TABLE>, TOKENS>(form, product, planes.units / Packed<BITS, TABLE>::UNITS);
}

/*
 * decode_BITS_TOKENS and decode_table_BITS_TOKENS: packed weights, TOKENS tokens a block, the blocks' z counting sets of tokens.
 * decode_dense_NUMBER_TOKENS: dense weights whose columns are a multiple of 8.
 * Bytes to move: the planes and auxiliaries (or the numbers), once a set of tokens; x a block; y.
 */
#define PACKED(NAME, BITS, TABLE, TOKENS)                                                                                    \
    extern "C" __global__ void __launch_bounds__(THREADS, TOKENS == 1 ? 2 : 1) NAME(\
            const unsigned* lead, const unsigned* two, const unsigned* one, int units, const void* auxiliaries, int single,  \
            int groups, int group_multiplier, const float* levels, const float* x, const float* column_scale, int row_block, \
            int tokens, int rows, int columns, int chunk, int rows_per_block, int team, float* y) {                          \
        decode_packed<BITS, TABLE, TOKENS>(                                                                                  \
                PlaneSet{lead, two, one, units, BITS}, Auxiliaries{auxiliaries, single, groups}, (unsigned)group_multiplier, \
                levels, Product{x, column_scale, row_block, tokens, rows, columns, chunk, rows_per_block, team, y});         \
    }                                                                                                                        \
    EXPORT(NAME)

#define DENSE(NAME, NUMBER, TOKENS)                                                                                         \
    extern "C" __global__ void __launch_bounds__(THREADS, TOKENS == 1 ? 2 : 1) NAME(\
            const unsigned* weights, const float* x, int tokens, int rows, int columns, int chunk, int rows_per_block,      \
            int team, float* y) {                                                                                           \
        decode<Dense<NUMBER>, TOKENS>(                                                                                      \
                Dense<NUMBER>{weights, columns},                                                                            \
                Product{x, nullptr, 0, tokens, rows, columns, chunk, rows_per_block, team, y}, columns / 8);                \
    }                                                                                                                       \
    EXPORT(NAME)

PACKED(decode_1_1, 1, false, 1)
PACKED(decode_2_1, 2, false, 1)
PACKED(decode_3_1, 3, false, 1)
PACKED(decode_4_1, 4, false, 1)
PACKED(decode_5_1, 5, false, 1)
PACKED(decode_6_1, 6, false, 1)
PACKED(decode_7_1, 7, false, 1)
PACKED(decode_8_1, 8, false, 1)
PACKED(decode_table_3_1, 3, true, 1)
PACKED(decode_table_4_1, 4, true, 1)
PACKED(decode_1_4, 1, false, 4)
PACKED(decode_2_4, 2, false, 4)
PACKED(decode_3_4, 3, false, 4)
PACKED(decode_4_4, 4, false, 4)
PACKED(decode_5_4, 5, false, 4)
PACKED(decode_6_4, 6, false, 4)
PACKED(decode_7_4, 7, false, 4)
PACKED(decode_8_4, 8, false, 4)
PACKED(decode_table_3_4, 3, true, 4)
PACKED(decode_table_4_4, 4, true, 4)
DENSE(decode_dense_0_1, BF16, 1)
DENSE(decode_dense_1_1, FP16, 1)
DENSE(decode_dense_2_1, FP32, 1)
DENSE(decode_dense_0_4, BF16, 4)
DENSE(decode_dense_1_4, FP16, 4)
DENSE(decode_dense_2_4, FP32, 4)

/** y(i) = parts(0, i) + parts(1, i) + ... in that order, fp32. parts: (count, numbers). */
extern "C" __global__ void sum_parts(const float* parts, int count, int numbers, float* y) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < numbers; i += gridDim.x * blockDim.x) {
        float sum = 0;
        for (int part = 0; part < count; part++) sum += parts[(size_t)part * numbers + i];
        y[i] = sum;
    }
}
EXPORT(sum_parts)
