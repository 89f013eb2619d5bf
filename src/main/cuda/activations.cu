// What happens to the input of a linear layer before its weights see it.
#include "planes.cuh"

/**
 * x for the tensor cores: x' = x times the column scale (if `scaled`), fp32, rounded once to bf16; zeros behind the last column. With
 * `fragments`, the 64 columns of a tile stand in the order of prefill.cuh; otherwise ascending. A thread writes 8 numbers.
 * x: (tokens, columns) fp32; scale: (columns) fp32; out: (tokens, width), width a multiple of 64. Moves 4 and 2 bytes a number.
 */
extern "C" __global__ void round_activations(
        const float* x, const float* scale, int scaled, int tokens, int columns, int width, int fragments, __nv_bfloat16* out) {
    size_t all = (size_t)tokens * (width / 8);
    size_t step = (size_t)gridDim.x * blockDim.x;
    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < all; i += step) {
        size_t token = i / (width / 8);
        int at = (int)(i % (width / 8)) * 8;
        int tile = at / 64 * 64;
        unsigned words[4];
#pragma unroll
        for (int pair = 0; pair < 4; pair++) {
            int column = fragments ? tile + 16 * pair + (at - tile) / 8 * 2 : at + 2 * pair;
            float v[2];
#pragma unroll
            for (int e = 0; e < 2; e++) {
                bool there = column + e < columns;
                v[e] = there ? x[token * columns + column + e] : 0.f;
                if (there && scaled) v[e] *= scale[column + e];
            }
            __nv_bfloat162 rounded = __floats2bfloat162_rn(v[0], v[1]);
            memcpy(&words[pair], &rounded, sizeof rounded);
        }
        *reinterpret_cast<uint4*>(out + token * width + at) = make_uint4(words[0], words[1], words[2], words[3]);
    }
}
EXPORT(round_activations)

/**
 * T(x) = H (signs x) / sqrt(n) on each n columns, H = Sylvester (x) Paley: a block of threads a token (y) and n columns (x).
 * fp32, additions in the order of weight.HadamardRotation. x, out: (tokens, columns), not the same; signs: (columns), 1 or -1;
 * paley: (base, base), 1 or -1; factor: 1 / sqrt(n) in fp32. The n numbers are in shared memory if `shared_numbers` is n, else in out.
 * Dynamic shared memory: 4 (shared_numbers + base) bytes. Moves 8 bytes a number.
 */
extern "C" __global__ void hadamard(
        const float* x,
        const signed char* signs,
        const signed char* paley,
        int columns,
        int n,
        int base,
        float factor,
        int shared_numbers,
        float* out) {
    DYNAMIC_SHARED(float, shared);
    size_t first = (size_t)blockIdx.y * columns + (size_t)blockIdx.x * n;
    const signed char* sign = signs + (size_t)blockIdx.x * n;
    float* work = shared_numbers ? shared + base : out + first;
    for (int i = threadIdx.x; i < n; i += blockDim.x) work[i] = x[first + i] * sign[i];
    __syncthreads();
    for (int half = base; half < n; half *= 2) {
        for (int i = threadIdx.x; i < n / 2; i += blockDim.x) {
            int j = i / half * 2 * half + i % half;
            float a = work[j];
            float b = work[j + half];
            work[j] = a + b;
            work[j + half] = a - b;
        }
        __syncthreads();
    }
    if (base > 1) {
        for (int row = 0; row < n / base; row++) {
            float* numbers = work + row * base;
            for (int i = threadIdx.x; i < base; i += blockDim.x) {
                float sum = 0;
                for (int j = 0; j < base; j++) sum += paley[i * base + j] * numbers[j];
                shared[i] = sum;
            }
            __syncthreads();
            for (int i = threadIdx.x; i < base; i += blockDim.x) numbers[i] = shared[i];
            __syncthreads();
        }
    }
    for (int i = threadIdx.x; i < n; i += blockDim.x) out[first + i] = work[i] * factor;
}
EXPORT(hadamard)
