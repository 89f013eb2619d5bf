// What a decoder does between its matrices: norms, rotations, activation functions, sums and moves. All fp32, row-major, one
// thread for each number or pair unless said otherwise; a number is read and written once, so that each kernel moves its inputs
// and outputs and nothing more. Products and sums may be fused.
#include "device.cuh"

constexpr int MOST_WARPS = 32;

__device__ __forceinline__ int this_item() { return blockIdx.x * blockDim.x + threadIdx.x; }

// out(row) = x(row) / sqrt(mean(x(row)^2) + eps) * weight, a block a row. x, out: (rows, width); weight: (width). The squares are
// summed in fp32: by each thread over every blockDim-th number, then over the lanes of a warp, then over the warps, always in
// the same order. out may be x.
extern "C" __global__ void rms_norm(const float* x, const float* weight, float* out, int width, float eps) {
    __shared__ float sums[MOST_WARPS];
    const float* in = x + static_cast<long long>(blockIdx.x) * width;
    float squares = 0;
    for (int i = threadIdx.x; i < width; i += blockDim.x) squares += in[i] * in[i];
    squares = warp_sum(squares);
    if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = squares;
    __syncthreads();
    float all = 0;
    for (int warp = 0; warp < static_cast<int>(blockDim.x) / 32; warp++) all += sums[warp];
    float factor = 1 / sqrtf(all / width + eps);
    float* target = out + static_cast<long long>(blockIdx.x) * width;
    for (int i = threadIdx.x; i < width; i += blockDim.x) target[i] = in[i] * factor * weight[i];
}
EXPORT(rms_norm)

// Rotates pairs (i, i + half) of every head, in place. x: (tokens, heads, head_dim); cos, sin: (tokens, half). pairs = tokens *
// heads * half.
extern "C" __global__ void rope(float* x, const float* cos, const float* sin, int heads, int head_dim, int half, int pairs) {
    int pair = this_item();
    if (pair >= pairs) return;
    int i = pair % half, head = pair / half;
    float* first = x + static_cast<long long>(head) * head_dim + i;
    int angle = head / heads * half + i;
    float a = first[0], b = first[half], c = cos[angle], s = sin[angle];
    first[0] = a * c - b * s;
    first[half] = b * c + a * s;
}
EXPORT(rope)

// cache(head, start + t) = x(t, head). x: (tokens, heads, dim); cache: (heads, capacity, dim); start: one number, in memory so that
// a recorded launch finds it anew. count = tokens * heads * dim.
extern "C" __global__ void store_in_cache(const float* x, float* cache, int heads, int dim, int capacity, const int* start,
                                          int count) {
    int item = this_item();
    if (item >= count) return;
    int i = item % dim, head = item / dim % heads, t = item / dim / heads;
    cache[(static_cast<long long>(head) * capacity + *start + t) * dim + i] = x[item];
}
EXPORT(store_in_cache)

// y(row) += bias. y: (rows, width), count = rows * width.
extern "C" __global__ void add_bias(float* y, const float* bias, int width, int count) {
    int item = this_item();
    if (item < count) y[item] += bias[item % width];
}
EXPORT(add_bias)

// gate = gate / (1 + exp(-gate)) * up.
extern "C" __global__ void swi_glu(float* gate, const float* up, int count) {
    int item = this_item();
    if (item < count) gate[item] = gate[item] / (1 + expf(-gate[item])) * up[item];
}
EXPORT(swi_glu)

// gate = gelu(gate) * up, gelu by its tanh approximation.
extern "C" __global__ void ge_glu(float* gate, const float* up, int count) {
    int item = this_item();
    if (item >= count) return;
    float x = gate[item];
    float bent = 0.7978845608028654f * (x + 0.044715f * x * x * x);  // sqrt(2 / pi)
    gate[item] = 0.5f * x * (1 + tanhf(bent)) * up[item];
}
EXPORT(ge_glu)

// x > 0: p x^2 + beta x; otherwise n (expm1(min(x, eps)) - x) + beta x.
extern "C" __global__ void xielu(float* x, int count, float p, float n, float beta, float eps) {
    int item = this_item();
    if (item >= count) return;
    float v = x[item];
    x[item] = (v > 0 ? p * v * v : n * (expm1f(fminf(v, eps)) - v)) + beta * v;
}
EXPORT(xielu)

// x += y.
extern "C" __global__ void add(float* x, const float* y, int count) {
    int item = this_item();
    if (item < count) x[item] += y[item];
}
EXPORT(add)

// x *= factor.
extern "C" __global__ void scale_by(float* x, int count, float factor) {
    int item = this_item();
    if (item < count) x[item] *= factor;
}
EXPORT(scale_by)

// The first `width` columns of rows: to(row, i) = from(row, i), each matrix with its own stride. count = rows * width.
extern "C" __global__ void copy_columns(const float* from, int from_stride, float* to, int to_stride, int width, int count) {
    int item = this_item();
    if (item >= count) return;
    int row = item / width, i = item % width;
    to[static_cast<long long>(row) * to_stride + i] = from[static_cast<long long>(row) * from_stride + i];
}
EXPORT(copy_columns)

// As copy_columns; number 2i of a row goes to i, number 2i + 1 to i + width / 2. width is even.
extern "C" __global__ void copy_pairs_to_halves(const float* from, int from_stride, float* to, int to_stride, int width,
                                                int count) {
    int item = this_item();
    if (item >= count) return;
    int row = item / width, i = item % width;
    int target = i / 2 + i % 2 * (width / 2);
    to[static_cast<long long>(row) * to_stride + target] = from[static_cast<long long>(row) * from_stride + i];
}
EXPORT(copy_pairs_to_halves)

// to(i) = from(rows[i]). from: (any, width); to: (rows, width), count numbers.
extern "C" __global__ void gather_rows(const float* from, const int* rows, int width, float* to, int count) {
    int item = this_item();
    if (item < count) to[item] = from[static_cast<long long>(rows[item / width]) * width + item % width];
}
EXPORT(gather_rows)

// to(rows[i]) += weights[i] * from(i), for i ascending. from: (count, width). Block column y takes the rows y * each to (y + 1) *
// each - 1, one thread a column of the matrix: more than one block in y only where the targets differ.
extern "C" __global__ void add_rows(const float* from, const int* rows, const float* weights, int count, int width, float* to,
                                    int each) {
    int column = this_item();
    if (column >= width) return;
    int end = min(count, (static_cast<int>(blockIdx.y) + 1) * each);
    for (int i = blockIdx.y * each; i < end; i++)
        to[static_cast<long long>(rows[i]) * width + column] += weights[i] * from[static_cast<long long>(i) * width + column];
}
EXPORT(add_rows)
