// What the lanes of a warp do together: the last to arrive does it for all.
#pragma once

namespace on_cpu {

// Releases every warp whose named and living lanes have all arrived at the same operation.
static bool release_warps() {
    bool released = false;
    for (int first = 0; first < block.threads; first += warpSize) {
        for (int lane = 0; lane < warpSize && first + lane < block.threads; lane++) {
            Fiber& leader = block.fibers[first + lane];
            if (leader.state != State::AT_WARP) continue;
            Fiber* lanes[warpSize] = {};
            unsigned there = 0;
            bool complete = true;
            for (int other = 0; other < warpSize && first + other < block.threads; other++) {
                Fiber& fiber = block.fibers[first + other];
                if (!(leader.mask >> other & 1) || fiber.state == State::DONE) continue;
                if (fiber.state != State::AT_WARP || fiber.mask != leader.mask || fiber.together != leader.together) {
                    complete = false;
                    break;
                }
                lanes[other] = &fiber;
                there |= 1u << other;
            }
            if (!complete) continue;
            if (leader.together) leader.together(lanes, there);
            for (Fiber* fiber : lanes)
                if (fiber) fiber->state = State::READY;
            released = true;
        }
    }
    return released;
}

static inline int lane_of(int thread) { return thread % warpSize; }

// Waits for the lanes of the mask; then one does the work for all of them.
static void collective(unsigned mask, void (*together)(Fiber**, unsigned), void* data) {
    Fiber& fiber = block.fibers[block.current];
    if (!(mask >> lane_of(block.current) & 1)) fail("calls a warp operation whose mask %08x leaves it out", mask);
    fiber.mask = mask;
    fiber.together = together;
    fiber.data = data;
    fiber.state = State::AT_WARP;
    to_scheduler();
}

template <typename T>
struct Shuffle {
    T value;
    int source;  // lane to read
    T result;
};

// A lane that is not there, or has exited, gives poison.
template <typename T>
static void shuffle_together(Fiber** lanes, unsigned) {
    for (int lane = 0; lane < warpSize; lane++) {
        if (!lanes[lane]) continue;
        auto* mine = static_cast<Shuffle<T>*>(lanes[lane]->data);
        Fiber* other = lanes[mine->source];
        if (other)
            mine->result = static_cast<Shuffle<T>*>(other->data)->value;
        else
            memset(&mine->result, POISON, sizeof(T));
    }
}

template <typename T>
static T shuffle(unsigned mask, T value, int source) {
    Shuffle<T> mine = {value, source, value};
    collective(mask, shuffle_together<T>, &mine);
    return mine.result;
}

struct Vote {
    bool predicate;
    unsigned result;
};

static void vote_together(Fiber** lanes, unsigned) {
    unsigned ballot = 0;
    for (int lane = 0; lane < warpSize; lane++)
        if (lanes[lane] && static_cast<Vote*>(lanes[lane]->data)->predicate) ballot |= 1u << lane;
    for (int lane = 0; lane < warpSize; lane++)
        if (lanes[lane]) static_cast<Vote*>(lanes[lane]->data)->result = ballot;
}

}  // namespace on_cpu

static inline void __syncwarp(unsigned mask = 0xffffffffu) { on_cpu::collective(mask, nullptr, nullptr); }

template <typename T>
static T __shfl_sync(unsigned mask, T value, int lane, int width = warpSize) {
    int mine = on_cpu::lane_of(on_cpu::block.current);
    return on_cpu::shuffle(mask, value, (mine & ~(width - 1)) + (lane & (width - 1)));
}
template <typename T>
static T __shfl_xor_sync(unsigned mask, T value, int bits, int width = warpSize) {
    int mine = on_cpu::lane_of(on_cpu::block.current);
    int source = mine ^ bits;
    return on_cpu::shuffle(mask, value, source / width > mine / width ? mine : source);
}
template <typename T>
static T __shfl_down_sync(unsigned mask, T value, unsigned distance, int width = warpSize) {
    int mine = on_cpu::lane_of(on_cpu::block.current);
    int within = (mine & (width - 1)) + static_cast<int>(distance);
    return on_cpu::shuffle(mask, value, within < width ? mine + static_cast<int>(distance) : mine);
}
template <typename T>
static T __shfl_up_sync(unsigned mask, T value, unsigned distance, int width = warpSize) {
    int mine = on_cpu::lane_of(on_cpu::block.current);
    int within = (mine & (width - 1)) - static_cast<int>(distance);
    return on_cpu::shuffle(mask, value, within >= 0 ? mine - static_cast<int>(distance) : mine);
}
static inline unsigned __ballot_sync(unsigned mask, int predicate) {
    on_cpu::Vote vote = {predicate != 0, 0};
    on_cpu::collective(mask, on_cpu::vote_together, &vote);
    return vote.result;
}
static inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
static inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, !predicate) == 0; }
static inline unsigned __activemask() {
    int first = on_cpu::block.current / warpSize * warpSize;
    unsigned mask = 0;
    for (int lane = 0; lane < warpSize && first + lane < on_cpu::block.threads; lane++)
        if (on_cpu::block.fibers[first + lane].state != on_cpu::State::DONE) mask |= 1u << lane;
    return mask;
}

template <typename T>
static int reduce_add(unsigned mask, T value) {
    T sum = 0;
    for (int lane = 0; lane < warpSize; lane++)
        if (mask >> lane & 1) sum += __shfl_sync(mask, value, lane);
    return sum;
}
static inline int __reduce_add_sync(unsigned mask, int value) { return reduce_add(mask, value); }
