// Sinkhorn normalization: column and row scales that even out the standard deviations of a tile's columns and rows. The formulas are
// those of quant.Sinkhorn.
//
// Numbers, scales and deviations are fp32, each product and quotient rounded by itself. Deviations come from fp64 sums and sums of
// squares that one pass over the tile takes of its rows and its columns; where digits would cancel, from a second, centered pass. exp and
// log are fp64, rounded once. Sums have a fixed order.
#include "tiles.cuh"

constexpr int WARPS = 16;
constexpr int ORDER = 16; // iterations the reference runs

constexpr float MIN_DEVIATION = 1e-3f;
constexpr float MAX_DEVIATION = 1e3f;
constexpr float MIN_STEP = 0.7f;
constexpr float MAX_STEP = 2.0f;
constexpr float MIN_LOG_SCALE = -0.3f;
constexpr float MAX_LOG_SCALE = 10.0f;
constexpr float MIN_IMBALANCE_DIVISOR = 1e-12f;
constexpr float TARGET_MARGIN = 1e-6f;
constexpr double CANCELLATION = 0.01; // share of the mean square that the variance must be

/** What one pass looks at and leaves. */
struct Pass {
    const float* tile;         // (rows, width), in shared or global memory
    int rows, columns, width;
    const float* column_scale; // (columns), shared
    const float* row_scale;    // (rows)
    float* column_deviation;   // (columns), shared
    float* row_deviation;      // (rows)
    double2* partial;          // (WARPS, width) sums and sums of squares, shared

    __device__ float scaled(int row, int column) const {
        return tile[(size_t)row * width + column] / column_scale[column] / row_scale[row];
    }
};

/** Unbiased; NaN where digits would cancel. */
__device__ float deviation(double sum, double squares, int count) {
    double centered = squares - sum * sum / count;
    if (centered < CANCELLATION * squares || squares == 0) return __uint_as_float(0x7fc00000u);
    return (float)sqrt(centered / (count - 1));
}

/** Of a row from its numbers' distances to their mean; all lanes of the warp call. */
__device__ float centered_deviation(const RowLanes& lanes, const float (&numbers)[LANE_COLUMNS], int count, double sum, int columns) {
    double mean = sum / columns;
    double squares = 0;
    for (int k = 0; k < LANE_COLUMNS; k++)
        if (k < count) {
            double difference = numbers[k] - mean;
            squares += difference * difference;
        }
    return (float)sqrt(lanes.sum(squares) / (columns - 1));
}

/** The rows' deviations, and the sums of the columns by warps. */
__device__ void add_rows(const Pass& pass) {
    RowLanes lanes(pass.width);
    int warp = threadIdx.x / 32;
    int count = lanes.count(pass.columns);
    double column_sum[LANE_COLUMNS] = {};
    double column_squares[LANE_COLUMNS] = {};
    for (int first = warp * lanes.at_once; first < pass.rows; first += WARPS * lanes.at_once) {
        int row = first + lanes.row;
        bool there = row < pass.rows;
        float numbers[LANE_COLUMNS] = {};
        double sum = 0;
        double squares = 0;
        if (there && count > 0) {
            load_eight(pass.tile + (size_t)row * pass.width + lanes.column, numbers);
            float divisor = pass.row_scale[row];
#pragma unroll
            for (int k = 0; k < LANE_COLUMNS; k++) {
                if (k >= count) continue;
                numbers[k] = numbers[k] / pass.column_scale[lanes.column + k] / divisor;
                double value = numbers[k];
                double square = value * value;
                sum += value;
                squares += square;
                column_sum[k] += value;
                column_squares[k] += square;
            }
        }
        sum = lanes.sum(sum);
        float found = deviation(sum, lanes.sum(squares), pass.columns);
        bool cancels = there && isnan(found);
        if (__any_sync(WHOLE_WARP, cancels)) {
            float centered = centered_deviation(lanes, numbers, there ? count : 0, sum, pass.columns);
            if (cancels) found = centered;
        }
        if (there && lanes.column == 0) pass.row_deviation[row] = found;
    }
#pragma unroll
    for (int k = 0; k < LANE_COLUMNS; k++)
        for (int distance = lanes.lanes; distance < 32; distance *= 2) {
            column_sum[k] += __shfl_xor_sync(WHOLE_WARP, column_sum[k], distance);
            column_squares[k] += __shfl_xor_sync(WHOLE_WARP, column_squares[k], distance);
        }
    if (lanes.row == 0) {
#pragma unroll
        for (int k = 0; k < LANE_COLUMNS; k++)
            if (k < count) pass.partial[warp * pass.width + lanes.column + k] = make_double2(column_sum[k], column_squares[k]);
    }
}

/** Of one column from its numbers' distances to their mean, by one warp. */
__device__ float centered_column(const Pass& pass, int column) {
    int lane = threadIdx.x % 32;
    double sum = 0;
    for (int row = lane; row < pass.rows; row += 32) sum += pass.scaled(row, column);
    double mean = warp_sum(sum) / pass.rows;
    double squares = 0;
    for (int row = lane; row < pass.rows; row += 32) {
        double difference = pass.scaled(row, column) - mean;
        squares += difference * difference;
    }
    return (float)sqrt(warp_sum(squares) / (pass.rows - 1));
}

/** The deviations of all rows and columns; begins and ends with a barrier. */
__device__ void find_deviations(const Pass& pass) {
    __syncthreads();
    add_rows(pass);
    __syncthreads();
    for (int column = threadIdx.x; column < pass.columns; column += blockDim.x) {
        double sum = 0;
        double squares = 0;
        for (int warp = 0; warp < WARPS; warp++) {
            double2 part = pass.partial[warp * pass.width + column];
            sum += part.x;
            squares += part.y;
        }
        pass.column_deviation[column] = deviation(sum, squares, pass.rows);
    }
    __syncthreads();
    for (int column = threadIdx.x / 32; column < pass.columns; column += WARPS) {
        if (!isnan(pass.column_deviation[column])) continue;
        float centered = centered_column(pass, column);
        if (threadIdx.x % 32 == 0) pass.column_deviation[column] = centered;
    }
    __syncthreads();
}

/** Smallest and largest deviation of rows and columns, the same for every thread; ends with a barrier. */
__device__ float2 range(const Pass& pass, float2* of_warps) {
    float least = pass.column_deviation[0];
    float most = least;
    for (int column = threadIdx.x; column < pass.columns; column += blockDim.x) {
        least = fminf(least, pass.column_deviation[column]);
        most = fmaxf(most, pass.column_deviation[column]);
    }
    for (int row = threadIdx.x; row < pass.rows; row += blockDim.x) {
        least = fminf(least, pass.row_deviation[row]);
        most = fmaxf(most, pass.row_deviation[row]);
    }
    least = -warp_max(-least);
    most = warp_max(most);
    if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = make_float2(least, most);
    __syncthreads();
    for (int warp = 0; warp < WARPS; warp++) {
        least = fminf(least, of_warps[warp].x);
        most = fmaxf(most, of_warps[warp].y);
    }
    __syncthreads();
    return make_float2(least, most);
}

/** The next logarithm of a scale, and the scale. */
__device__ void step(float deviation, float target, float& log_scale, float& scale) {
    float clamped = fmaxf(MIN_DEVIATION, fminf(MAX_DEVIATION, deviation));
    float change = fmaxf(MIN_STEP, fminf(MAX_STEP, clamped / target));
    log_scale = fmaxf(MIN_LOG_SCALE, fminf(MAX_LOG_SCALE, log_scale + (float)log((double)change)));
    scale = (float)exp((double)log_scale);
}

/**
 * A block of 32 * WARPS threads a tile, which stops as soon as its imbalance rises. A tile of one row or one column keeps scales of 1.
 *
 * tiles: as gather_tiles leaves them. column_scale: (bands, columns); row_scale: (tiles, row_block). imbalance: (tiles, 2), of the tile as
 * it came and of the scaled one. work: (tiles, 3, row_block). All but tiles are overwritten; row_scale only in rows that exist.
 * With `in_shared` the tile is brought to shared memory once; otherwise each pass reads it from global memory, which for 1D tiling
 * means the second cache. Dynamic shared memory: width * (16 WARPS + 12) bytes, and 4 row_block * width with `in_shared`.
 */
extern "C" __global__ void __launch_bounds__(32 * WARPS) sinkhorn(
        const float* tiles, int rows, int columns, int row_block, int width, int in_shared, float* column_scale, float* row_scale,
        float* imbalance, float* work) {
    DYNAMIC_SHARED(double2, partial);
    __shared__ float2 of_warps[WARPS];
    TileGrid grid{rows, columns, row_block, width};
    int tile = blockIdx.x;
    int tile_rows = grid.rows_of(tile);
    int tile_columns = grid.columns_of(tile);
    float* trial_column = reinterpret_cast<float*>(partial + WARPS * width);
    float* log_column = trial_column + width;
    float* column_deviation = log_column + width;
    float* shared_tile = column_deviation + width;
    float* kept_column = column_scale + grid.scales_start(tile);
    float* kept_row = row_scale + (size_t)tile * row_block;
    float* trial_row = work + (size_t)tile * 3 * row_block;
    float* log_row = trial_row + row_block;
    float* row_deviation = log_row + row_block;
    const float* numbers = tiles + grid.start(tile);
    if (in_shared) {
        for (int i = threadIdx.x; i < tile_rows * width; i += blockDim.x) shared_tile[i] = numbers[i];
        numbers = shared_tile;
    }
    for (int column = threadIdx.x; column < tile_columns; column += blockDim.x) {
        trial_column[column] = kept_column[column] = 1;
        log_column[column] = 0;
    }
    for (int row = threadIdx.x; row < tile_rows; row += blockDim.x) {
        trial_row[row] = kept_row[row] = 1;
        log_row[row] = 0;
    }
    float before = 1;
    float best = 1;
    if (tile_rows > 1 && tile_columns > 1) {
        Pass pass{numbers, tile_rows, tile_columns, width, trial_column, trial_row, column_deviation, row_deviation, partial};
        float target = 0;
        for (int iteration = 0; iteration < ORDER; iteration++) {
            find_deviations(pass);
            float2 ends = range(pass, of_warps);
            float found = ends.y / fmaxf(ends.x, MIN_IMBALANCE_DIVISOR);
            if (iteration == 0) {
                before = found;
                target = fmaxf(MIN_DEVIATION, fminf(MAX_DEVIATION, ends.x)) + TARGET_MARGIN;
            } else if (found > best) {
                break;
            }
            best = found;
            for (int column = threadIdx.x; column < tile_columns; column += blockDim.x) {
                kept_column[column] = trial_column[column];
                step(column_deviation[column], target, log_column[column], trial_column[column]);
            }
            for (int row = threadIdx.x; row < tile_rows; row += blockDim.x) {
                kept_row[row] = trial_row[row];
                step(row_deviation[row], target, log_row[row], trial_row[row]);
            }
        }
    }
    if (threadIdx.x == 0) {
        imbalance[2 * tile] = before;
        imbalance[2 * tile + 1] = best;
    }
}
EXPORT(sinkhorn)
