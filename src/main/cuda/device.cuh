// What every kernel file includes first, and nothing else of the toolkit's: the device language as nvcc gives it, or, with
// SINQ4J_ON_CPU defined, the same language on the CPU for tests (src/test/cuda/on_cpu.h).
//
// A kernel is written
//
//     extern "C" __global__ void name(float* out, int count) { ... }
//     EXPORT(name)
//
// and launched by name with a one-dimensional block. Parameters are pointers, int, long long, float and double.
#pragma once

#ifdef SINQ4J_ON_CPU

#include "on_cpu.h"

#else

#include <cuda_bf16.h>
#include <cuda_fp16.h>

// On the CPU: the entry point that the tests call. The driver finds a kernel by its own name.
#define EXPORT(name)

// The launch's dynamic shared memory, 16-byte aligned. Once a kernel.
#define DYNAMIC_SHARED(type, name)                         \
    extern __shared__ __align__(16) unsigned char dynamic_shared_memory[]; \
    type* const name = reinterpret_cast<type*>(dynamic_shared_memory)

__device__ __forceinline__ unsigned shared_address(const void* shared) {
    return static_cast<unsigned>(__cvta_generic_to_shared(shared));
}

// d += a b with a (16, 16) row-major and b (16, 8) column-major in bf16, d (16, 8) in fp32: one per warp. Who holds what, with
// g = lane / 4 and t = lane % 4, two neighbouring numbers a register, the first in the lower half:
//   a[0]: (g, 2t..)  a[1]: (g + 8, 2t..)  a[2]: (g, 2t + 8..)  a[3]: (g + 8, 2t + 8..)
//   b[0]: (2t.., g)  b[1]: (2t + 8.., g)
//   d[0], d[1]: (g, 2t), (g, 2t + 1)      d[2], d[3]: (g + 8, 2t), (g + 8, 2t + 1)
__device__ __forceinline__ void mma_bf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};\n"
        : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// Starts copying 16 bytes, both addresses aligned to 16; they are there after copy_async_wait, for this thread alone: others
// need a barrier after it.
__device__ __forceinline__ void copy_async16(void* shared, const void* global) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(shared_address(shared)), "l"(global) : "memory");
}

// As copy_async16 if there; otherwise 16 zero bytes, and nothing is read.
__device__ __forceinline__ void copy_async16_or_zero(void* shared, const void* global, bool there) {
    int bytes = there ? 16 : 0;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(shared_address(shared)), "l"(global), "r"(bytes)
                 : "memory");
}

// Closes a group of the copies started since the last one.
__device__ __forceinline__ void copy_async_commit() { asm volatile("cp.async.commit_group;\n" ::: "memory"); }

// Waits until at most the N newest groups are under way.
template <int N>
__device__ __forceinline__ void copy_async_wait() {
    asm volatile("cp.async.wait_group %0;\n" ::"n"(N) : "memory");
}

// Four (8, 8) matrices of 16-bit numbers: lane l names row l % 8 of matrix l / 8 (16 bytes, aligned); it gets numbers 2t and
// 2t + 1 of row g of each.
__device__ __forceinline__ void load_matrix_x4(unsigned (&r)[4], const void* shared_row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];\n"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(shared_row))
                 : "memory");
}

// As load_matrix_x4, each matrix transposed: numbers (2t, g) and (2t + 1, g).
__device__ __forceinline__ void load_matrix_x4_transposed(unsigned (&r)[4], const void* shared_row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];\n"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(shared_row))
                 : "memory");
}

#endif

constexpr unsigned WHOLE_WARP = 0xffffffffu;

// The same sum in every lane, added in a fixed order; all 32 lanes call.
template <typename T>
__device__ __forceinline__ T warp_sum(T value) {
    for (int distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(WHOLE_WARP, value, distance);
    return value;
}

// The same maximum in every lane; all 32 lanes call.
__device__ __forceinline__ float warp_max(float value) {
    for (int distance = 16; distance > 0; distance /= 2)
        value = fmaxf(value, __shfl_xor_sync(WHOLE_WARP, value, distance));
    return value;
}
