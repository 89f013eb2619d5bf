// Byte codes to planes (planes.cuh).
#include "planes.cuh"

/** One unit of every plane from 32 codes. */
template <int BITS>
__device__ void pack_unit(const unsigned (&codes)[UNIT], size_t unit, unsigned* lead, unsigned* two, unsigned* one) {
    constexpr int P = Planes<BITS>::LEAD;
    unsigned leadWords[P] = {};
    unsigned twoWords[2] = {};
    unsigned oneWord = 0;
#pragma unroll
    for (int i = 0; i < UNIT; i++) {
        int w = i / (32 / P);
        int bit = 16 * (i & 1) + P * (i % (32 / P) / 2);
        leadWords[w] |= (codes[i] & ((1u << P) - 1)) << bit;
        if constexpr (Planes<BITS>::TWO) twoWords[w * 2 / P] |= (codes[i] >> P & 3u) << (bit + w * 2 % P);
        if constexpr (Planes<BITS>::ONE) oneWord |= (codes[i] >> (BITS - 1) & 1u) << (bit + w % P);
    }
#pragma unroll
    for (int w = 0; w < P; w++) lead[unit * P + w] = leadWords[w];
    if constexpr (Planes<BITS>::TWO)
        for (int w = 0; w < 2; w++) two[unit * 2 + w] = twoWords[w];
    if constexpr (Planes<BITS>::ONE) one[unit] = oneWord;
}

/**
 * Packs rows [first, first + count) of a matrix; a thread packs units. codes: (count, columns), one code a byte; units: of a row of the
 * planes, 32 columns each, even; what lies behind the last column becomes 0. Integers only. Moves columns bytes in and
 * units * 4 * bits bytes out a row.
 */
extern "C" __global__ void pack_planes(
        const unsigned char* codes,
        int first,
        int count,
        int columns,
        int bits,
        int units,
        unsigned* lead,
        unsigned* two,
        unsigned* one) {
    size_t all = (size_t)count * units;
    size_t step = (size_t)gridDim.x * blockDim.x;
    for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < all; i += step) {
        size_t row = i / units;
        int column = (int)(i % units) * UNIT;
        unsigned loaded[UNIT];
#pragma unroll
        for (int j = 0; j < UNIT; j++) loaded[j] = column + j < columns ? codes[row * columns + column + j] : 0u;
        size_t unit = (size_t)first * units + i;
        switch (bits) {
            case 1: pack_unit<1>(loaded, unit, lead, two, one); break;
            case 2: pack_unit<2>(loaded, unit, lead, two, one); break;
            case 3: pack_unit<3>(loaded, unit, lead, two, one); break;
            case 4: pack_unit<4>(loaded, unit, lead, two, one); break;
            case 5: pack_unit<5>(loaded, unit, lead, two, one); break;
            case 6: pack_unit<6>(loaded, unit, lead, two, one); break;
            case 7: pack_unit<7>(loaded, unit, lead, two, one); break;
            default: pack_unit<8>(loaded, unit, lead, two, one); break;
        }
    }
}
EXPORT(pack_planes)
