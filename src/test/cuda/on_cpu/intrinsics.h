// Scalar intrinsics, atomics and cached loads.
#pragma once

static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
static inline float __fsqrt_rn(float a) { return sqrtf(a); }
static inline float __frcp_rn(float a) { return 1 / a; }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __ddiv_rn(double a, double b) { return a / b; }
static inline double __dsqrt_rn(double a) { return sqrt(a); }
static inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }

// Approximate on the device; exact enough here. (The C library declares functions of these names.)
#define __expf expf
#define __logf logf
#define __log2f log2f
static inline float __fdividef(float a, float b) { return a / b; }
static inline float __saturatef(float a) { return a < 0 ? 0 : a > 1 ? 1 : a; }
static inline float rsqrtf(float a) { return 1 / sqrtf(a); }
static inline double rsqrt(double a) { return 1 / sqrt(a); }

static inline int __float2int_rn(float a) { return static_cast<int>(rintf(a)); }
static inline int __float2int_rz(float a) { return static_cast<int>(a); }
static inline unsigned __float2uint_rn(float a) { return static_cast<unsigned>(rintf(a)); }
static inline float __int2float_rn(int a) { return static_cast<float>(a); }
static inline float __uint2float_rn(unsigned a) { return static_cast<float>(a); }
static inline float __double2float_rn(double a) { return static_cast<float>(a); }
static inline unsigned __float_as_uint(float a) { return bits_as<unsigned>(a); }
static inline float __uint_as_float(unsigned a) { return bits_as<float>(a); }
static inline int __float_as_int(float a) { return bits_as<int>(a); }
static inline float __int_as_float(int a) { return bits_as<float>(a); }
static inline long long __double_as_longlong(double a) { return bits_as<long long>(a); }
static inline double __longlong_as_double(long long a) { return bits_as<double>(a); }

static inline int __popc(unsigned a) { return __builtin_popcount(a); }
static inline int __clz(int a) { return a ? __builtin_clz(static_cast<unsigned>(a)) : 32; }
static inline int __ffs(int a) { return __builtin_ffs(a); }
static inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>(static_cast<uint64_t>(a) * b >> 32); }
static inline unsigned __brev(unsigned a) {
    unsigned reversed = 0;
    for (int bit = 0; bit < 32; bit++) reversed |= (a >> bit & 1) << (31 - bit);
    return reversed;
}
static inline unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
    uint64_t both = static_cast<uint64_t>(b) << 32 | a;
    unsigned result = 0;
    for (int i = 0; i < 4; i++) {
        unsigned which = selector >> 4 * i & 15;
        unsigned byte = both >> 8 * (which & 7) & 0xff;
        if (which & 8) byte = byte & 0x80 ? 0xff : 0;
        result |= byte << 8 * i;
    }
    return result;
}

static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline unsigned min(unsigned a, unsigned b) { return a < b ? a : b; }
static inline unsigned max(unsigned a, unsigned b) { return a > b ? a : b; }
static inline long long min(long long a, long long b) { return a < b ? a : b; }
static inline long long max(long long a, long long b) { return a > b ? a : b; }
static inline float min(float a, float b) { return fminf(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }

template <typename T>
static inline T atomicAdd(T* target, T value) {
    T before = *target;
    *target = before + value;
    return before;
}
static inline int atomicMax(int* target, int value) {
    int before = *target;
    *target = max(before, value);
    return before;
}
static inline int atomicMin(int* target, int value) {
    int before = *target;
    *target = min(before, value);
    return before;
}

template <typename T>
static inline T __ldg(const T* from) { return *from; }
template <typename T>
static inline T __ldcs(const T* from) { return *from; }
template <typename T>
static inline T __ldcg(const T* from) { return *from; }
template <typename T>
static inline void __stcs(T* to, T value) { *to = value; }
static inline void __threadfence() {}
static inline void __threadfence_block() {}
