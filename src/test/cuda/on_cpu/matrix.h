// The matrix instructions, with the fragment layouts that the PTX manual gives; see device.cuh.
#pragma once

namespace on_cpu {

struct Product {
    float* d;
    const unsigned* a;
    const unsigned* b;
};

static inline float half_of(unsigned pair, int upper) {
    unsigned bits = upper ? pair & 0xffff0000u : pair << 16;
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static void multiply_together(Fiber** lanes, unsigned there) {
    if (there != 0xffffffffu) {
        snprintf(block.error, sizeof block.error, "a matrix product needs all 32 lanes, here are %08x", there);
        return;
    }
    float a[16][16], b[16][8];
    for (int lane = 0; lane < warpSize; lane++) {
        auto* part = static_cast<Product*>(lanes[lane]->data);
        int g = lane / 4, t = lane % 4;
        for (int i = 0; i < 2; i++)
            for (int r = 0; r < 4; r++) a[g + r % 2 * 8][2 * t + r / 2 * 8 + i] = half_of(part->a[r], i);
        for (int i = 0; i < 2; i++)
            for (int r = 0; r < 2; r++) b[2 * t + r * 8 + i][g] = half_of(part->b[r], i);
    }
    for (int lane = 0; lane < warpSize; lane++) {
        auto* part = static_cast<Product*>(lanes[lane]->data);
        for (int r = 0; r < 4; r++) {
            int row = lane / 4 + r / 2 * 8, column = lane % 4 * 2 + r % 2;
            float sum = part->d[r];
            for (int k = 0; k < 16; k++) sum += a[row][k] * b[k][column];
            part->d[r] = sum;
        }
    }
}

struct MatrixRows {
    unsigned* r;
    const unsigned char* row;
};

template <bool TRANSPOSED>
static void load_together(Fiber** lanes, unsigned there) {
    if (there != 0xffffffffu) {
        snprintf(block.error, sizeof block.error, "a matrix load needs all 32 lanes, here are %08x", there);
        return;
    }
    for (int lane = 0; lane < warpSize; lane++) {
        auto* mine = static_cast<MatrixRows*>(lanes[lane]->data);
        int g = lane / 4, t = lane % 4;
        for (int m = 0; m < 4; m++) {
            unsigned short pair[2];
            for (int i = 0; i < 2; i++) {
                int row = TRANSPOSED ? 2 * t + i : g, column = TRANSPOSED ? g : 2 * t + i;
                memcpy(&pair[i], static_cast<MatrixRows*>(lanes[m * 8 + row]->data)->row + column * 2, 2);
            }
            mine->r[m] = pair[0] | static_cast<unsigned>(pair[1]) << 16;
        }
    }
}

template <bool TRANSPOSED>
static void load_matrix(unsigned (&r)[4], const void* row) {
    if (reinterpret_cast<uintptr_t>(row) % 16) fail("a row for a matrix load is not aligned to 16 bytes");
    MatrixRows mine = {r, static_cast<const unsigned char*>(row)};
    collective(0xffffffffu, load_together<TRANSPOSED>, &mine);
}

}  // namespace on_cpu

static inline void mma_bf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    on_cpu::Product part = {d, a, b};
    on_cpu::collective(0xffffffffu, on_cpu::multiply_together, &part);
}
static inline void load_matrix_x4(unsigned (&r)[4], const void* shared_row) { on_cpu::load_matrix<false>(r, shared_row); }
static inline void load_matrix_x4_transposed(unsigned (&r)[4], const void* shared_row) {
    on_cpu::load_matrix<true>(r, shared_row);
}
