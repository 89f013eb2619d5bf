// Threads of a block as fibers, each with a stack of its own, and the barrier.
#pragma once

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <vector>
#ifndef __x86_64__
#include <ucontext.h>
#endif

#define __global__
#define __device__
#define __host__
#define __constant__ static const
// One instance a block: blocks run one after the other, and all thread-local memory of the library is poisoned before each.
#define __shared__ static thread_local
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __restrict__ __restrict
#define __align__(n) __attribute__((aligned(n)))

struct uint3 {
    unsigned x, y, z;
};
struct dim3 {
    unsigned x, y, z;
};
static uint3 threadIdx, blockIdx;
static dim3 blockDim, gridDim;
static constexpr int warpSize = 32;

namespace on_cpu {

constexpr int MOST_THREADS = 1024;
constexpr size_t STACK_BYTES = 128 << 10;
// NaN in every floating-point type and an index far out of bounds in every integer one.
constexpr int POISON = 0xff;
constexpr uint64_t CANARY = 0x5afe5afe5afe5afeull;

enum class State { READY, AT_BARRIER, AT_WARP, DONE };

struct PendingCopy {
    void* to;
    const void* from;  // null: zeros
    int group;
};

struct Fiber {
    State state;
    int vote;                            // what it brought to __syncthreads_count and its like
    unsigned mask;                       // AT_WARP: whom it waits for
    void (*together)(Fiber**, unsigned); // AT_WARP: what they do when all are there
    void* data;                          // AT_WARP: its own part
    std::vector<PendingCopy> copies;
    int copy_group;
#ifdef __x86_64__
    void* stack_pointer;
#else
    ucontext_t context;
#endif
};

struct Block {
    Fiber fibers[MOST_THREADS];
    int threads;
    int current;
    int barrier_sum;
    void (*body)(void*);
    void* arguments;
    char error[400];
    char* stacks;
    unsigned char* dynamic_shared;
#ifdef __x86_64__
    void* scheduler;
#else
    ucontext_t scheduler;
#endif
};

static Block block;

#ifdef __x86_64__
// Saves what the calling convention says a callee keeps, and goes on where the other stack stopped.
extern "C" void sinq4j_switch(void** from, void* to);
asm(R"(
.text
.local sinq4j_switch
.type sinq4j_switch, @function
sinq4j_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");
#endif

static void to_scheduler() {
    Fiber& fiber = block.fibers[block.current];
#ifdef __x86_64__
    sinq4j_switch(&fiber.stack_pointer, block.scheduler);
#else
    swapcontext(&fiber.context, &block.scheduler);
#endif
}

// Gives the launch up: the message reaches the test. Does not return.
__attribute__((format(printf, 1, 2))) static void fail(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = snprintf(block.error, sizeof block.error, "block (%u, %u, %u), thread %d: ", blockIdx.x, blockIdx.y,
                          blockIdx.z, block.current);
    vsnprintf(block.error + length, sizeof block.error - length, format, arguments);
    va_end(arguments);
    to_scheduler();
}

static void fiber_main() {
    block.body(block.arguments);
    block.fibers[block.current].state = State::DONE;
    to_scheduler();
}

static char* stack_of(int thread) { return block.stacks + thread * STACK_BYTES; }

static void prepare(int thread) {
    Fiber& fiber = block.fibers[thread];
    fiber.state = State::READY;
    fiber.copies.clear();
    fiber.copy_group = 0;
    char* stack = stack_of(thread);
    *reinterpret_cast<uint64_t*>(stack) = CANARY;
#ifdef __x86_64__
    // six saved registers, the address to go to, and one word so that the stack is aligned as after a call
    void** top = reinterpret_cast<void**>(stack + STACK_BYTES) - 8;
    memset(top, 0, 8 * sizeof *top);
    top[6] = reinterpret_cast<void*>(fiber_main);
    fiber.stack_pointer = top;
#else
    getcontext(&fiber.context);
    fiber.context.uc_stack = {stack, 0, STACK_BYTES};
    fiber.context.uc_link = nullptr;
    makecontext(&fiber.context, fiber_main, 0);
#endif
}

static void run(int thread) {
    block.current = thread;
    threadIdx = {static_cast<unsigned>(thread), 0, 0};
    Fiber& fiber = block.fibers[thread];
#ifdef __x86_64__
    sinq4j_switch(&block.scheduler, fiber.stack_pointer);
#else
    swapcontext(&block.scheduler, &fiber.context);
#endif
    if (*reinterpret_cast<uint64_t*>(stack_of(thread)) != CANARY && block.error[0] == 0)
        snprintf(block.error, sizeof block.error, "thread %d: the fiber's stack of %zu bytes overflowed", thread,
                 STACK_BYTES);
}

// Lets everybody pass if all who live are at the barrier.
static bool release_barrier() {
    int sum = 0;
    bool any = false;
    for (int t = 0; t < block.threads; t++) {
        Fiber& fiber = block.fibers[t];
        if (fiber.state == State::DONE) continue;
        if (fiber.state != State::AT_BARRIER) return false;
        any = true;
        sum += fiber.vote;
    }
    if (!any) return false;
    block.barrier_sum = sum;
    for (int t = 0; t < block.threads; t++)
        if (block.fibers[t].state == State::AT_BARRIER) block.fibers[t].state = State::READY;
    return true;
}

static void describe_deadlock() {
    int barrier = -1, warp = -1;
    for (int t = 0; t < block.threads; t++) {
        if (block.fibers[t].state == State::AT_BARRIER && barrier < 0) barrier = t;
        if (block.fibers[t].state == State::AT_WARP && warp < 0) warp = t;
    }
    snprintf(block.error, sizeof block.error,
             "block (%u, %u, %u) is stuck: thread %d waits at __syncthreads (-1: none), thread %d for its warp, mask %08x",
             blockIdx.x, blockIdx.y, blockIdx.z, barrier, warp, warp < 0 ? 0 : block.fibers[warp].mask);
}

static bool release_warps();

// Runs the threads of one block to their ends.
static void run_block() {
    for (int t = 0; t < block.threads; t++) prepare(t);
    while (true) {
        bool ran = false, living = false;
        for (int t = 0; t < block.threads; t++) {
            if (block.fibers[t].state == State::READY) {
                run(t);
                ran = true;
                if (block.error[0]) return;
            }
            living |= block.fibers[t].state != State::DONE;
        }
        if (!living) return;
        if (!release_barrier() && !release_warps() && !ran) return describe_deadlock();
        if (block.error[0]) return;
    }
}

static int barrier(int vote) {
    Fiber& fiber = block.fibers[block.current];
    fiber.vote = vote;
    fiber.state = State::AT_BARRIER;
    to_scheduler();
    return block.barrier_sum;
}

}  // namespace on_cpu

static inline void __syncthreads() { on_cpu::barrier(0); }
static inline int __syncthreads_count(int predicate) { return on_cpu::barrier(predicate != 0); }
static inline int __syncthreads_or(int predicate) { return on_cpu::barrier(predicate != 0) != 0; }
static inline int __syncthreads_and(int predicate) { return on_cpu::barrier(predicate == 0) == 0; }
