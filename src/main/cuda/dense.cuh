// Numbers of a dense matrix, one by one.
#pragma once

#include "device.cuh"

/** A dense matrix of numbers as they are stored: 0 bf16, 1 fp16, 2 fp32. */
struct AnyDense {
    const void* numbers;
    int kind;

    __device__ float at(size_t index) const {
        if (kind == 0) return __bfloat162float(static_cast<const __nv_bfloat16*>(numbers)[index]);
        if (kind == 1) return __half2float(static_cast<const __half*>(numbers)[index]);
        return static_cast<const float*>(numbers)[index];
    }
};
