// Half-quadratic rounding of a tile: the zeros of its rows are refined over 20 steps, and those of the step whose mean error over the
// tile was the smallest are kept. The formulas are those of quant.HqqRounding and kernel.HalfQuadratic.
//
// fp32, every operation rounded by itself; sums, and the root in `power`, are fp64. Sums have a fixed order.
#include "rows.cuh"

constexpr int WARPS = 16;
constexpr int ITERATIONS = 20;

constexpr float MAX_INVERSE_SCALE = 2e4f;
constexpr float FLAT_RANGE = 1e-4f;
constexpr float INVERSE_BETA = 0.1f;
constexpr float SHRINKS_TO_ZERO = 0.17f; // just below 0.1^(1/1.3)
constexpr float GUESS_OFFSET = (float)(1.3 * (127 - 0.045) * 8388608.0);
constexpr float GUESS_FACTOR = -0.3f;
constexpr int NEWTON_STEPS = 5;

/** x^-0.3 of a number from SHRINKS_TO_ZERO on: the root y of y^-10 = x^3, from a guess that takes the bits of a number for its logarithm. */
__device__ float power(float x) {
    double y = __int_as_float((int)(__float_as_int(x) * GUESS_FACTOR + GUESS_OFFSET));
    double wide = x;
    double cube = wide * wide * wide;
    for (int step = 0; step < NEWTON_STEPS; step++) {
        double y2 = y * y;
        double y4 = y2 * y2;
        double y10 = y4 * y4 * y2;
        y += y * ((1 - cube * y10) * 0.1);
    }
    return (float)y;
}

/** sign(x) max(|x| - |x|^-0.3 / 10, 0) */
__device__ float shrink(float x) {
    float magnitude = fabsf(x);
    if (magnitude < SHRINKS_TO_ZERO) return 0;
    float shrunk = magnitude - INVERSE_BETA * power(magnitude);
    return shrunk > 0 ? copysignf(shrunk, x) : 0;
}

__device__ __forceinline__ float code_at(float w, float inverse_scale, float zero, int max_code) {
    return clamped(rintf(w * inverse_scale + zero), max_code);
}

/** The tile of a block, and what is known of its rows. */
struct Refined {
    float* numbers; // (row_block, width) normalized
    int rows, columns, width;
    float* inverse_scale; // (row_block)
    float* zero;          // (row_block) after the last step
    float* kept;          // (row_block) of the best step
    int max_code;

    __device__ void load(int row, const RowLanes& lanes, float (&w)[LANE_COLUMNS]) const {
        load_eight(numbers + (size_t)row * width + lanes.column, w);
    }
};

/** Calls use(row, there, count) for the rows of this thread, all lanes of a warp together. */
template <class USE>
__device__ void for_rows(const RowLanes& lanes, int rows, int columns, USE use) {
    for (int first = threadIdx.x / 32 * lanes.at_once; first < rows; first += WARPS * lanes.at_once) {
        int row = first + lanes.row;
        bool there = row < rows;
        use(row, there, there ? lanes.count(columns) : 0);
    }
}

/** Normalizes the tile in place; finds inverse scales and first zeros; returns how many rows of this lane's are too narrow for a grid. */
__device__ int start(const Refined& tile, const TileGrid& grid, const Normalized& normalized, int number, const RowLanes& lanes) {
    int flat = 0;
    for_rows(lanes, tile.rows, tile.columns, [&](int row, bool there, int count) {
        float w[LANE_COLUMNS] = {};
        if (count > 0) {
            normalized.load(grid, number, row, lanes.column, count, w);
            for (int k = 0; k < LANE_COLUMNS; k++) tile.numbers[(size_t)row * tile.width + lanes.column + k] = w[k];
        }
        float2 ends = ends_of(lanes, w, count);
        if (!there || lanes.column != 0) return;
        float range = ends.y - ends.x;
        if (range <= FLAT_RANGE && range > 0) flat++;
        float inverse = range <= FLAT_RANGE ? 1 : fminf(tile.max_code / range, MAX_INVERSE_SCALE);
        tile.inverse_scale[row] = inverse;
        tile.zero[row] = tile.kept[row] = -ends.x * inverse;
    });
    return flat;
}

/** One step: the next zeros; returns this lane's part of the sum of |w - r| with the zeros as they were. */
__device__ double refine(const Refined& tile, const RowLanes& lanes) {
    double error = 0;
    for_rows(lanes, tile.rows, tile.columns, [&](int row, bool there, int count) {
        double zeros = 0;
        if (count > 0) {
            float w[LANE_COLUMNS];
            tile.load(row, lanes, w);
            float factor = tile.inverse_scale[row];
            float zero = tile.zero[row];
#pragma unroll
            for (int k = 0; k < LANE_COLUMNS; k++) {
                if (k >= count) continue;
                float code = code_at(w[k], factor, zero, tile.max_code);
                float difference = w[k] - (code - zero) / factor;
                error += fabsf(difference);
                zeros += code - (w[k] - shrink(difference)) * factor;
            }
        }
        zeros = lanes.sum(zeros);
        if (there && lanes.column == 0) tile.zero[row] = (float)(zeros / tile.columns);
    });
    return error;
}

/** The sum over the block, the same for every thread; begins and ends with a barrier. */
__device__ double block_sum(double value, double* of_warps) {
    value = warp_sum(value);
    __syncthreads();
    if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = value;
    __syncthreads();
    double sum = 0;
    for (int warp = 0; warp < WARPS; warp++) sum += of_warps[warp];
    __syncthreads();
    return sum;
}

/**
 * A block of 32 * WARPS threads a tile. tiles: overwritten with the normalized numbers. work: (tiles, 3, row_block). With `mend` the codes
 * are those of the kept zeros; without, as in the reference, those of the last step. Scales are reciprocals of the inverse ones, times the
 * row's Sinkhorn scale where that is kept; a row too far from zero gets a grid that spans it.
 */
extern "C" __global__ void __launch_bounds__(32 * WARPS) round_hqq(
        float* tiles, int rows, int columns, int row_block, int width, const float* column_scale, const float* row_scale, int keeps,
        const float* factor, int factored, int max_code, float margin, int mend, float* work, unsigned char* codes, float* scale, float* zero,
        int* counted) {
    __shared__ double of_warps[WARPS];
    TileGrid grid{rows, columns, row_block, width};
    Normalized normalized{tiles, column_scale, row_scale, keeps, factor, factored};
    Rounded out{codes, scale, zero, counted};
    RowLanes lanes(width);
    int number = blockIdx.x;
    float* inverse_scale = work + (size_t)number * 3 * row_block;
    Refined tile{tiles + grid.start(number), grid.rows_of(number), grid.columns_of(number), width, inverse_scale,
                 inverse_scale + row_block, inverse_scale + 2 * row_block, max_code};
    int flat = start(tile, grid, normalized, number, lanes);
    if (flat > 0) atomicAdd(&counted[2 * number + 1], flat);
    __syncthreads();

    auto put_codes = [&](const float* zeros) {
        for_rows(lanes, tile.rows, tile.columns, [&](int row, bool, int count) {
            if (count <= 0) return;
            float w[LANE_COLUMNS];
            tile.load(row, lanes, w);
            unsigned char eight[LANE_COLUMNS];
            for (int k = 0; k < LANE_COLUMNS; k++)
                eight[k] = (unsigned char)code_at(w[k], tile.inverse_scale[row], zeros[row], max_code);
            out.put(grid, number, row, lanes.column, count, eight);
        });
    };

    float best = __uint_as_float(0x7f800000u);
    double elements = (double)tile.rows * tile.columns;
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
        if (!mend && iteration == ITERATIONS - 1) {
            put_codes(tile.zero);
            __syncthreads();
        }
        float error = (float)(block_sum(refine(tile, lanes), of_warps) / elements);
        if (error < best) {
            best = error;
            for (int row = threadIdx.x; row < tile.rows; row += blockDim.x) tile.kept[row] = tile.zero[row];
        }
        __syncthreads();
    }
    if (mend) put_codes(tile.kept);

    for_rows(lanes, tile.rows, tile.columns, [&](int row, bool there, int count) {
        float w[LANE_COLUMNS] = {};
        if (count > 0) tile.load(row, lanes, w);
        float2 ends = ends_of(lanes, w, count);
        if (!there) return;
        float2 found = make_float2(1 / tile.inverse_scale[row], tile.kept[row]);
        bool far = is_far(found.y, max_code, margin);
        if (far) {
            found = grid_through_zero(ends, max_code);
            unsigned char eight[LANE_COLUMNS];
            for (int k = 0; k < LANE_COLUMNS; k++) eight[k] = code_on(found, w[k], max_code);
            if (count > 0) out.put(grid, number, row, lanes.column, count, eight);
        }
        if (lanes.column != 0) return;
        if (far) atomicAdd(&counted[2 * number], 1);
        out.put(grid, number, row, keeps ? found.x * normalized.row(grid, number, row) : found.x, found.y);
    });
}
EXPORT(round_hqq)
