// Kernels that test the emulation of the device language itself.
#include "device.cuh"

// out[t] = how many threads passed the barrier: those from `leave` on exit before it.
extern "C" __global__ void barrier_after_exit(int* out, int leave) {
    __shared__ int passed;
    int t = threadIdx.x;
    if (t == 0) passed = 0;
    __syncthreads();
    if (t >= leave) return;
    atomicAdd(&passed, 1);
    __syncthreads();
    out[t] = passed;
}
EXPORT(barrier_after_exit)

// Reverses the numbers of each block through shared memory.
extern "C" __global__ void reverse(const int* in, int* out) {
    DYNAMIC_SHARED(int, held);
    int t = threadIdx.x, n = blockDim.x;
    held[t] = in[blockIdx.x * n + t];
    __syncthreads();
    out[blockIdx.x * n + t] = held[n - 1 - t];
}
EXPORT(reverse)

// What a neighbour at a distance holds, by each kind of shuffle; 4 numbers a thread.
extern "C" __global__ void shuffles(int* out, int count) {
    int t = threadIdx.x;
    unsigned mask = __ballot_sync(WHOLE_WARP, t < count);
    if (t >= count) return;
    out[4 * t] = __shfl_sync(mask, t, 3);
    out[4 * t + 1] = __shfl_xor_sync(mask, t, 1);
    out[4 * t + 2] = __shfl_down_sync(mask, t, 2);
    out[4 * t + 3] = __shfl_up_sync(mask, t, 2, 8);
}
EXPORT(shuffles)

// The two halves of a warp shuffle different numbers of times, then meet.
extern "C" __global__ void halves_then_whole(float* out) {
    int lane = threadIdx.x % 32;
    float value = lane;
    if (lane < 16)
        for (int i = 0; i < 3; i++) value = __shfl_xor_sync(0x0000ffffu, value, 1);
    else
        value = __shfl_xor_sync(0xffff0000u, value, 8);
    out[threadIdx.x] = warp_sum(value);
}
EXPORT(halves_then_whole)

// d = a b for (16, 16) and (8, 16) transposed, bf16 given as bits.
extern "C" __global__ void product(const unsigned short* a, const unsigned short* b, float* d) {
    int g = threadIdx.x / 4, t = threadIdx.x % 4;
    auto pair = [](const unsigned short* at) { return at[0] | static_cast<unsigned>(at[1]) << 16; };
    unsigned fa[4] = {pair(a + g * 16 + 2 * t), pair(a + (g + 8) * 16 + 2 * t), pair(a + g * 16 + 2 * t + 8),
                      pair(a + (g + 8) * 16 + 2 * t + 8)};
    unsigned fb[2] = {pair(b + g * 16 + 2 * t), pair(b + g * 16 + 2 * t + 8)};
    float fd[4] = {d[g * 8 + 2 * t], d[g * 8 + 2 * t + 1], d[(g + 8) * 8 + 2 * t], d[(g + 8) * 8 + 2 * t + 1]};
    mma_bf16(fd, fa, fb);
    d[g * 8 + 2 * t] = fd[0];
    d[g * 8 + 2 * t + 1] = fd[1];
    d[(g + 8) * 8 + 2 * t] = fd[2];
    d[(g + 8) * 8 + 2 * t + 1] = fd[3];
}
EXPORT(product)

// The same through shared memory: asynchronous copies and matrix loads.
extern "C" __global__ void product_through_shared(const unsigned short* a, const unsigned short* b, float* d) {
    __shared__ __align__(16) unsigned short held_a[256];
    __shared__ __align__(16) unsigned short held_b[128];
    int lane = threadIdx.x;
    copy_async16(held_a + lane * 8, a + lane * 8);
    copy_async_commit();
    copy_async16_or_zero(held_b + lane % 16 * 8, b + lane % 16 * 8, true);
    copy_async_commit();
    copy_async_wait<0>();
    __syncthreads();
    unsigned fa[4], fb[4];
    load_matrix_x4(fa, held_a + lane % 16 * 16 + lane / 16 * 8);
    load_matrix_x4(fb, held_b + lane % 8 * 16 + lane / 8 % 2 * 8);
    unsigned two[2] = {fb[0], fb[1]};
    float fd[4] = {};
    mma_bf16(fd, fa, two);
    int g = lane / 4, t = lane % 4;
    for (int r = 0; r < 4; r++) d[(g + r / 2 * 8) * 8 + 2 * t + r % 2] = fd[r];
}
EXPORT(product_through_shared)

// Transposes an (8, 8) matrix of 16-bit numbers.
extern "C" __global__ void transpose8(const unsigned short* in, unsigned short* out) {
    __shared__ __align__(16) unsigned short held[64];
    int lane = threadIdx.x;
    held[2 * lane] = in[2 * lane];
    held[2 * lane + 1] = in[2 * lane + 1];
    __syncthreads();
    unsigned r[4];
    load_matrix_x4_transposed(r, held + lane % 8 * 8);
    out[2 * lane] = r[0] & 0xffff;
    out[2 * lane + 1] = r[0] >> 16;
}
EXPORT(transpose8)

// Reads a copy without waiting for it.
extern "C" __global__ void forgets_to_wait(const int* in, int* out) {
    __shared__ __align__(16) int held[4];
    copy_async16(held, in);
    copy_async_commit();
    out[0] = held[0];
}
EXPORT(forgets_to_wait)

// Writes `at` numbers from the start of out.
extern "C" __global__ void writes_at(float* out, long long at) { out[at] = 1; }
EXPORT(writes_at)

// Every block looks at what shared memory holds when it starts, and leaves something there.
extern "C" __global__ void looks_at_shared(int* fixed, int* dynamic) {
    __shared__ int held;
    DYNAMIC_SHARED(int, more);
    fixed[blockIdx.x] = held;
    dynamic[blockIdx.x] = more[0];
    held = more[0] = 7;
}
EXPORT(looks_at_shared)

// Writes behind its dynamic shared memory.
extern "C" __global__ void overflows_shared(int count) {
    DYNAMIC_SHARED(int, held);
    held[count] = 1;
}
EXPORT(overflows_shared)

// Half a warp waits for a barrier, the other half for the warp.
extern "C" __global__ void gets_stuck() {
    if (threadIdx.x < 16)
        __syncthreads();
    else
        __syncwarp();
}
EXPORT(gets_stuck)

// One parameter of each kind.
extern "C" __global__ void parameters(double* out, int i, long long l, float f, double d) {
    out[0] = i;
    out[1] = static_cast<double>(l);
    out[2] = f;
    out[3] = d;
}
EXPORT(parameters)

// out[i] = in[i] through fp16 and, after them, through bf16.
extern "C" __global__ void roundings(const float* in, float* out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) return;
    out[i] = __half2float(__float2half_rn(in[i]));
    out[count + i] = __bfloat162float(__float2bfloat16_rn(in[i]));
}
EXPORT(roundings)
