// The entry points: what EXPORT makes of a kernel.
#pragma once

#include <link.h>
#include <tuple>
#include <utility>

namespace on_cpu {

struct Launch {
    int x, y, z, threads, shared_bytes;
};

constexpr int SHARED_GUARD = 256;
constexpr int MOST_SHARED = 227 << 10;

// Pointer, int, long long, float, double: the letters that the host compares its arguments with.
template <typename T>
constexpr char letter() {
    if (std::is_pointer<T>::value) return 'p';
    if (std::is_same<T, float>::value) return 'f';
    if (std::is_same<T, double>::value) return 'd';
    static_assert(std::is_pointer<T>::value || std::is_floating_point<T>::value || std::is_integral<T>::value,
                  "a parameter is a pointer, an int, a long long, a float or a double");
    return sizeof(T) == 4 ? 'i' : sizeof(T) == 8 ? 'l' : '?';
}

template <typename... A>
const char* signature_of(void (*)(A...)) {
    static const char letters[] = {letter<A>()..., 0};
    return letters;
}

struct Region {
    void* start;
    size_t bytes;
};

// This library's thread-local memory: all of its static __shared__ variables, for this one.
static Region static_shared() {
    Region found = {nullptr, 0};
    dl_iterate_phdr(
        [](dl_phdr_info* info, size_t, void* data) {
            bool ours = false;
            const ElfW(Phdr)* tls = nullptr;
            for (int i = 0; i < info->dlpi_phnum; i++) {
                const ElfW(Phdr)& part = info->dlpi_phdr[i];
                uintptr_t start = info->dlpi_addr + part.p_vaddr, here = reinterpret_cast<uintptr_t>(&block);
                if (part.p_type == PT_LOAD && here >= start && here < start + part.p_memsz) ours = true;
                if (part.p_type == PT_TLS) tls = &part;
            }
            if (!ours) return 0;
            if (tls) *static_cast<Region*>(data) = {info->dlpi_tls_data, tls->p_memsz};
            return 1;
        },
        &found);
    return found;
}

static thread_local volatile char touched;  // so that the thread's memory exists when it is looked for

template <typename... A>
struct Call {
    void (*kernel)(A...);
    std::tuple<A...> arguments;
    static void run(void* call) {
        Call& it = *static_cast<Call*>(call);
        std::apply(it.kernel, it.arguments);
    }
};

static const char* run_blocks(const Launch& grid) {
    if (grid.threads < 1 || grid.threads > MOST_THREADS) return "a block has 1 to 1024 threads";
    if (grid.x < 1 || grid.y < 1 || grid.z < 1 || grid.y > 65535 || grid.z > 65535)
        return "a grid has 1 block or more, and at most 65535 in y and z";
    if (grid.shared_bytes < 0 || grid.shared_bytes > MOST_SHARED) return "a block has at most 227 KiB of shared memory";
    if (!block.stacks) {
        void* stacks = mmap(nullptr, MOST_THREADS * STACK_BYTES, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (stacks == MAP_FAILED) return "no memory for the stacks of the threads";
        block.stacks = static_cast<char*>(stacks);
        block.dynamic_shared = static_cast<unsigned char*>(aligned_alloc(128, MOST_SHARED + SHARED_GUARD));
    }
    touched = 1;
    Region fixed = static_shared();
    block.threads = grid.threads;
    block.error[0] = 0;
    gridDim = {static_cast<unsigned>(grid.x), static_cast<unsigned>(grid.y), static_cast<unsigned>(grid.z)};
    blockDim = {static_cast<unsigned>(grid.threads), 1, 1};
    for (unsigned z = 0; z < gridDim.z; z++)
        for (unsigned y = 0; y < gridDim.y; y++)
            for (unsigned x = 0; x < gridDim.x; x++) {
                blockIdx = {x, y, z};
                memset(fixed.start, POISON, fixed.bytes);
                memset(block.dynamic_shared, POISON, grid.shared_bytes + SHARED_GUARD);
                run_block();
                if (block.error[0]) return block.error;
                for (int i = 0; i < SHARED_GUARD; i++)
                    if (block.dynamic_shared[grid.shared_bytes + i] != POISON) {
                        snprintf(block.error, sizeof block.error,
                                 "block (%u, %u, %u) wrote %d bytes behind its %d bytes of dynamic shared memory", x, y, z,
                                 i, grid.shared_bytes);
                        return block.error;
                    }
            }
    return nullptr;
}

template <typename... A, size_t... I>
const char* launch(void (*kernel)(A...), const Launch* grid, void** parameters, std::index_sequence<I...>) {
    Call<A...> call = {kernel, std::tuple<A...>(*static_cast<A*>(parameters[I])...)};
    block.body = Call<A...>::run;
    block.arguments = &call;
    return run_blocks(*grid);
}

template <typename... A>
const char* launch(void (*kernel)(A...), const Launch* grid, void** parameters) {
    return launch(kernel, grid, parameters, std::index_sequence_for<A...>());
}

}  // namespace on_cpu

#define EXPORT(name)                                                                                      \
    extern "C" __attribute__((visibility("default"))) const char* launch_##name(const on_cpu::Launch* grid, \
                                                                                void** sinq4j_parameters) { \
        return on_cpu::launch(&name, grid, sinq4j_parameters);                                              \
    }                                                                                                       \
    extern "C" __attribute__((visibility("default"))) const char* signature_##name() {                      \
        return on_cpu::signature_of(&name);                                                                 \
    }

#define DYNAMIC_SHARED(type, name) type* const name = reinterpret_cast<type*>(on_cpu::block.dynamic_shared)
