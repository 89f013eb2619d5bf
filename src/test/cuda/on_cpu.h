// The device language on the CPU, for tests. Blocks run one after the other; the threads of a block are fibers that run one at
// a time in a fixed order and change over where the device's would wait. So indexing, masks and arithmetic are what they are on
// a device; races between threads, speed and the memory model are not.
#pragma once

#include "on_cpu/block.h"
#include "on_cpu/warp.h"
#include "on_cpu/numbers.h"
#include "on_cpu/intrinsics.h"
#include "on_cpu/matrix.h"
#include "on_cpu/async_copy.h"
#include "on_cpu/launch.h"
