// Vector types, fp16 and bf16, each operation rounded to nearest even as on the device.
#pragma once

#define ON_CPU_VECTOR(type, scalar, align)                                                   \
    struct __align__(2 * align) type##2 { scalar x, y; };                                    \
    struct type##3 { scalar x, y, z; };                                                      \
    struct __align__(4 * align) type##4 { scalar x, y, z, w; };                              \
    static inline type##2 make_##type##2(scalar x, scalar y) { return {x, y}; }              \
    static inline type##3 make_##type##3(scalar x, scalar y, scalar z) { return {x, y, z}; } \
    static inline type##4 make_##type##4(scalar x, scalar y, scalar z, scalar w) { return {x, y, z, w}; }

ON_CPU_VECTOR(float, float, 4)
ON_CPU_VECTOR(int, int, 4)
struct __align__(8) uint2 { unsigned x, y; };
struct __align__(16) uint4 { unsigned x, y, z, w; };
static inline uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
static inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
struct __align__(16) double2 { double x, y; };
static inline double2 make_double2(double x, double y) { return {x, y}; }
struct __align__(4) uchar4 { unsigned char x, y, z, w; };
static inline uchar4 make_uchar4(unsigned char x, unsigned char y, unsigned char z, unsigned char w) { return {x, y, z, w}; }

template <typename To, typename From>
static inline To bits_as(From from) {
    static_assert(sizeof(To) == sizeof(From), "of one size");
    To to;
    memcpy(&to, &from, sizeof to);
    return to;
}

struct __half { unsigned short x; };
struct __align__(4) __half2 { __half x, y; };
struct __nv_bfloat16 { unsigned short x; };
struct __align__(4) __nv_bfloat162 { __nv_bfloat16 x, y; };
typedef __half half;
typedef __half2 half2;
typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162 nv_bfloat162;

static inline float __bfloat162float(__nv_bfloat16 number) { return bits_as<float>(static_cast<unsigned>(number.x) << 16); }
static inline __nv_bfloat16 __float2bfloat16_rn(float number) {
    unsigned bits = bits_as<unsigned>(number);
    if (number != number) return {0x7fff};
    return {static_cast<unsigned short>((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}
static inline __nv_bfloat16 __float2bfloat16(float number) { return __float2bfloat16_rn(number); }

static inline float __half2float(__half number) {
    unsigned sign = (number.x & 0x8000u) << 16, exponent = number.x >> 10 & 31, fraction = number.x & 1023;
    if (exponent == 31) return bits_as<float>(sign | 0x7f800000u | fraction << 13);
    if (exponent == 0) {
        float value = static_cast<float>(fraction) * 5.9604644775390625e-8f;  // 2^-24
        return sign ? -value : value;
    }
    return bits_as<float>(sign | (exponent + 112) << 23 | fraction << 13);
}
static inline __half __float2half_rn(float number) {
    unsigned bits = bits_as<unsigned>(number);
    unsigned short sign = static_cast<unsigned short>(bits >> 16 & 0x8000);
    float size = fabsf(number);
    if (number != number) return {0x7fff};
    if (size >= 65520.0f) return {static_cast<unsigned short>(sign | 0x7c00)};
    if (size < 6.103515625e-5f)  // below 2^-14: a whole number of 2^-24
        return {static_cast<unsigned short>(sign | static_cast<unsigned short>(rintf(size * 16777216.0f)))};
    unsigned magnitude = bits & 0x7fffffffu;
    magnitude += 0xfff + (magnitude >> 13 & 1);
    return {static_cast<unsigned short>(sign | ((magnitude >> 13) - (112 << 10)))};
}
static inline __half __float2half(float number) { return __float2half_rn(number); }

static inline float to_float(__half number) { return __half2float(number); }
static inline float to_float(__nv_bfloat16 number) { return __bfloat162float(number); }

// One pair type: its packing, unpacking and arithmetic.
#define ON_CPU_PAIR(one, two, from_float)                                                                       \
    static inline float __low2float(two pair) { return to_float(pair.x); }                                      \
    static inline float __high2float(two pair) { return to_float(pair.y); }                                     \
    static inline one __hadd(one a, one b) { return from_float(to_float(a) + to_float(b)); }                    \
    static inline one __hsub(one a, one b) { return from_float(to_float(a) - to_float(b)); }                    \
    static inline one __hmul(one a, one b) { return from_float(to_float(a) * to_float(b)); }                    \
    static inline one __hfma(one a, one b, one c) {                                                             \
        return from_float(static_cast<float>(static_cast<double>(to_float(a)) * to_float(b) + to_float(c)));    \
    }                                                                                                           \
    static inline two __hadd2(two a, two b) { return {__hadd(a.x, b.x), __hadd(a.y, b.y)}; }                    \
    static inline two __hsub2(two a, two b) { return {__hsub(a.x, b.x), __hsub(a.y, b.y)}; }                    \
    static inline two __hmul2(two a, two b) { return {__hmul(a.x, b.x), __hmul(a.y, b.y)}; }                    \
    static inline two __hfma2(two a, two b, two c) { return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)}; }

ON_CPU_PAIR(__half, __half2, __float2half_rn)
ON_CPU_PAIR(__nv_bfloat16, __nv_bfloat162, __float2bfloat16_rn)

static inline float2 __half22float2(__half2 pair) { return {__half2float(pair.x), __half2float(pair.y)}; }
static inline __half2 __floats2half2_rn(float x, float y) { return {__float2half_rn(x), __float2half_rn(y)}; }
static inline __half2 __float22half2_rn(float2 pair) { return __floats2half2_rn(pair.x, pair.y); }
static inline __half2 __halves2half2(__half x, __half y) { return {x, y}; }
static inline __half2 __half2half2(__half x) { return {x, x}; }
static inline __half2 __float2half2_rn(float x) { return __floats2half2_rn(x, x); }
static inline __half __low2half(__half2 pair) { return pair.x; }
static inline __half __high2half(__half2 pair) { return pair.y; }
static inline __half2 make_half2(__half x, __half y) { return {x, y}; }
static inline __half __ushort_as_half(unsigned short bits) { return {bits}; }
static inline unsigned short __half_as_ushort(__half number) { return number.x; }

static inline float2 __bfloat1622float2(__nv_bfloat162 pair) { return {__bfloat162float(pair.x), __bfloat162float(pair.y)}; }
static inline __nv_bfloat162 __floats2bfloat162_rn(float x, float y) {
    return {__float2bfloat16_rn(x), __float2bfloat16_rn(y)};
}
static inline __nv_bfloat162 __float22bfloat162_rn(float2 pair) { return __floats2bfloat162_rn(pair.x, pair.y); }
static inline __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) { return {x, y}; }
static inline __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 x) { return {x, x}; }
static inline __nv_bfloat162 __float2bfloat162_rn(float x) { return __floats2bfloat162_rn(x, x); }
static inline __nv_bfloat16 __low2bfloat16(__nv_bfloat162 pair) { return pair.x; }
static inline __nv_bfloat16 __high2bfloat16(__nv_bfloat162 pair) { return pair.y; }
static inline __nv_bfloat162 make_bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) { return {x, y}; }
static inline __nv_bfloat16 __ushort_as_bfloat16(unsigned short bits) { return {bits}; }
static inline unsigned short __bfloat16_as_ushort(__nv_bfloat16 number) { return number.x; }
