// Planes: how codes of 1 to 8 bits lie on the device, and how they are taken out. The Java side is PlaneLayout.
//
// A code is split into planes of 8, 4, 2 or 1 bits: the lead holds the low bits (8; 4 for 4 to 7 bits; 2 for 2 and 3; 1), then come
// a plane "two" of 2 bits (6 and 7 bits) and a plane "one" of 1 bit (3, 5 and 7 bits). Each plane is (rows, units) units of 32 columns,
// an even number of units a row, zeros behind the last column; a unit takes as many 32-bit words as its plane has bits.
//
// Order in a unit, with P the bits of the lead: column (32 / P) w + 2 k + e, e = 0 or 1, stands
//   in the lead          in word w,           at bit 16 e + P k
//   in a plane of p bits in word w p / P,     at bit 16 e + P k + (w p mod P)
// so that two neighbours stand 16 bits apart, as the two halves of a bf16 pair do, and the planes of one code are joined by one
// shift and one select a word: "fields", the whole codes at even distances, from which a mask and an exponent make a float.
#pragma once

#include "device.cuh"

constexpr int UNIT = 32;

template <int BITS>
struct Planes {
    static constexpr int LEAD = BITS == 8 ? 8 : BITS >= 4 ? 4 : BITS >= 2 ? 2 : 1;
    static constexpr bool TWO = BITS == 6 || BITS == 7;
    static constexpr bool ONE = BITS == 3 || BITS == 5 || BITS == 7;
    /** Words of the lead that hold 16 columns; half a word for one bit. */
    static constexpr int LEAD_WORDS = LEAD == 1 ? 1 : LEAD / 2;
    /** Words of fields that hold 16 columns. */
    static constexpr int FIELD_WORDS = BITS <= 2 ? 1 : BITS <= 4 ? 2 : 4;

    /** The word of fields that holds column i of 16, in its low half for even i, in its high half for odd i. */
    static __device__ constexpr int word(int i) {
        return BITS <= 2 ? 0 : BITS == 3 ? i / 2 % 2 : BITS == 4 ? i / 8 : BITS == 8 ? i / 4 : 2 * (i / 8) + i / 2 % 2;
    }

    /** The lowest bit of column i in its half. */
    static __device__ constexpr int bit(int i) {
        return BITS <= 2 ? BITS * (i / 2) : BITS == 3 ? i / 4 * 4 : BITS == 4 ? i % 8 / 2 * 4 : BITS == 8 ? i % 4 / 2 * 8 : i % 8 / 4 * 8;
    }
};

/** Half a unit, its words moved to where those of the first half stand. */
template <int BITS>
struct Sixteen {
    unsigned lead[Planes<BITS>::LEAD_WORDS];
    unsigned two;
    unsigned one;
};

__device__ __forceinline__ unsigned select_bits(unsigned mask, unsigned inside, unsigned outside) {
    return (inside & mask) | (outside & ~mask);
}

/** Joins the planes of 16 columns. Bits above a code's own are anything. */
template <int BITS>
__device__ __forceinline__ void join(const Sixteen<BITS>& codes, unsigned (&fields)[Planes<BITS>::FIELD_WORDS]) {
    if constexpr (BITS == 3) {
        fields[0] = select_bits(0x33333333u, codes.lead[0], codes.one << 2);
        fields[1] = select_bits(0x33333333u, codes.lead[0] >> 2, codes.one);
    } else if constexpr (BITS == 5) {
#pragma unroll
        for (int w = 0; w < 2; w++) {
            fields[2 * w] = select_bits(0x0F0F0F0Fu, codes.lead[w], codes.one << (4 - w));
            fields[2 * w + 1] = select_bits(0x0F0F0F0Fu, codes.lead[w] >> 4, codes.one >> w);
        }
    } else if constexpr (BITS == 6) {
#pragma unroll
        for (int w = 0; w < 2; w++) {
            fields[2 * w] = select_bits(0x0F0F0F0Fu, codes.lead[w], codes.two << (4 - 2 * w));
            fields[2 * w + 1] = select_bits(0x0F0F0F0Fu, codes.lead[w] >> 4, codes.two >> (2 * w));
        }
    } else if constexpr (BITS == 7) {
#pragma unroll
        for (int w = 0; w < 2; w++) {
            unsigned even = select_bits(0x3F3F3F3Fu, codes.two << (4 - 2 * w), codes.one << (6 - w));
            unsigned odd = select_bits(0x3F3F3F3Fu, codes.two >> (2 * w), codes.one << (2 - w));
            fields[2 * w] = select_bits(0x0F0F0F0Fu, codes.lead[w], even);
            fields[2 * w + 1] = select_bits(0x0F0F0F0Fu, codes.lead[w] >> 4, odd);
        }
    } else {
#pragma unroll
        for (int w = 0; w < Planes<BITS>::FIELD_WORDS; w++) fields[w] = codes.lead[w];
    }
}

template <int BITS>
__device__ __forceinline__ unsigned half_holding(const unsigned (&fields)[Planes<BITS>::FIELD_WORDS], int i) {
    unsigned word = fields[Planes<BITS>::word(i)];
    return i % 2 ? word >> 16 : word;
}

/** (word & mask) | exponent in one instruction; the compiler left to itself takes two, as only one of the constants fits in one. */
__device__ __forceinline__ unsigned masked_under(unsigned word, unsigned mask, unsigned exponent) {
#ifdef SINQ4J_ON_CPU
    return (word & mask) | exponent;
#else
    unsigned bits;
    asm("lop3.b32 %0, %1, %2, %3, 0xEA;" : "=r"(bits) : "r"(word), "r"(mask), "r"(exponent));
    return bits;
#endif
}

/** Column i of 16 as a float, times 2^bit(i); exact. One logic instruction and one subtraction, and half a shift. */
template <int BITS>
__device__ __forceinline__ float raised_code(const unsigned (&fields)[Planes<BITS>::FIELD_WORDS], int i) {
    constexpr unsigned TWO_TO_23 = 0x4B000000u; // a float whose last bit counts one
    unsigned mask = ((1u << BITS) - 1) << Planes<BITS>::bit(i);
    return __uint_as_float(masked_under(half_holding<BITS>(fields, i), mask, TWO_TO_23)) - 8388608.0f;
}

/** Column i of 16 as an integer. */
template <int BITS>
__device__ __forceinline__ unsigned code_at(const unsigned (&fields)[Planes<BITS>::FIELD_WORDS], int i) {
    return half_holding<BITS>(fields, i) >> Planes<BITS>::bit(i) & ((1u << BITS) - 1);
}

/** The three planes of a matrix, and how many units a row has. Absent planes are never read. */
struct PlaneSet {
    const unsigned* lead;
    const unsigned* two;
    const unsigned* one;
    int units;
    int bits;

    /** One code, by the formula at the top: for kernels that need not be fast. */
    __device__ unsigned at(int row, int column) const {
        int leadBits = bits == 8 ? 8 : bits >= 4 ? 4 : bits >= 2 ? 2 : 1;
        size_t unit = (size_t)row * units + column / UNIT;
        int inUnit = column % UNIT;
        int width = 32 / leadBits;
        int w = inUnit / width;
        int bit = 16 * (inUnit & 1) + leadBits * (inUnit % width / 2);
        unsigned code = lead[unit * leadBits + w] >> bit & ((1u << leadBits) - 1);
        int known = leadBits;
        if (bits - known >= 2) {
            code |= (two[unit * 2 + w * 2 / leadBits] >> (bit + w * 2 % leadBits) & 3u) << known;
            known += 2;
        }
        if (bits - known == 1) code |= (one[unit] >> (bit + w % leadBits) & 1u) << known;
        return code;
    }
};

/** Scale and zero of every (row, group): half2, or float2 where a method works in fp32. */
struct Auxiliaries {
    const void* values; // (rows, groups)
    int single;         // whether they are float2
    int groups;

    /** Of COUNT rows: row(0), row(1), ... */
    template <int COUNT, class ROW>
    __device__ __forceinline__ void load(ROW row, int group, uint2 (&raw)[COUNT]) const {
        if (single) {
#pragma unroll
            for (int i = 0; i < COUNT; i++) raw[i] = __ldg(static_cast<const uint2*>(values) + (unsigned)(row(i) * groups + group));
        } else {
#pragma unroll
            for (int i = 0; i < COUNT; i++)
                raw[i] = make_uint2(__ldg(static_cast<const unsigned*>(values) + (unsigned)(row(i) * groups + group)), 0u);
        }
    }

    __device__ __forceinline__ float2 of(int row, int group) const {
        uint2 raw[1];
        load([row](int) { return row; }, group, raw);
        return widened(raw[0]);
    }

    /** (scale, zero) */
    __device__ __forceinline__ float2 widened(uint2 raw) const {
        if (single) return make_float2(__uint_as_float(raw.x), __uint_as_float(raw.y));
        __half2 pair;
        memcpy(&pair, &raw.x, sizeof pair);
        return __half22float2(pair);
    }
};

/** u / d for the group of a unit, with multiplier = 2^31 / d + 1; u and d below 2^15. A multiplier of 0 means group 0. */
__device__ __forceinline__ int group_of_unit(int unit, unsigned multiplier) {
    return (int)(((unsigned long long)(unsigned)unit * multiplier) >> 31);
}
