// How fast the tensor cores go as these kernels use them: products of bf16 fragments that never leave the registers, summed in fp32.
#include "device.cuh"

constexpr int SUMS = 8; // that do not wait for each other

/**
 * Each warp adds `steps` times SUMS products (16, 16) x (16, 8) of ones, 4096 multiplications and additions each. out: one number a thread, the
 * sum of what it holds: 4 SUMS numbers of 16 steps each.
 */
extern "C" __global__ void __launch_bounds__(256) matrix_rate(float* out, int steps) {
    const unsigned ones = 0x3F803F80u;
    unsigned a[4] = {ones, ones, ones, ones};
    unsigned b[2] = {ones, ones};
    float d[SUMS][4] = {};
    for (int step = 0; step < steps; step++)
#pragma unroll
        for (int i = 0; i < SUMS; i++) mma_bf16(d[i], a, b);
    float sum = 0;
    for (int i = 0; i < SUMS; i++)
        for (int j = 0; j < 4; j++) sum += d[i][j];
    out[(size_t)blockIdx.x * blockDim.x + threadIdx.x] = sum;
}
EXPORT(matrix_rate)
