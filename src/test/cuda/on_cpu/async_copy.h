// Copies that arrive as late as they may: when their thread waits for them. Until then the target holds poison.
#pragma once

namespace on_cpu {

static void start_copy(void* to, const void* from) {
    if (reinterpret_cast<uintptr_t>(to) % 16 || reinterpret_cast<uintptr_t>(from) % 16)
        fail("an asynchronous copy is not aligned to 16 bytes");
    Fiber& fiber = block.fibers[block.current];
    memset(to, POISON, 16);
    fiber.copies.push_back({to, from, fiber.copy_group});
}

static void finish_copies(int newest_left) {
    Fiber& fiber = block.fibers[block.current];
    size_t left = 0;
    for (PendingCopy& copy : fiber.copies) {
        if (copy.group >= fiber.copy_group - newest_left)
            fiber.copies[left++] = copy;
        else if (copy.from)
            memcpy(copy.to, copy.from, 16);
        else
            memset(copy.to, 0, 16);
    }
    fiber.copies.resize(left);
}

}  // namespace on_cpu

static inline void copy_async16(void* shared, const void* global) { on_cpu::start_copy(shared, global); }
static inline void copy_async16_or_zero(void* shared, const void* global, bool there) {
    on_cpu::start_copy(shared, there ? global : nullptr);
}
static inline void copy_async_commit() { on_cpu::block.fibers[on_cpu::block.current].copy_group++; }
template <int N>
static void copy_async_wait() {
    on_cpu::finish_copies(N);
}
