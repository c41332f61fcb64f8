// What the step functions may assume of a compiler, so that the same headers build for CPUs, WebAssembly and CUDA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__CUDACC__)
#define METTA_FN __host__ __device__
#else
#define METTA_FN
#endif

// What few games do is kept out of the way of what all games do: inlined, it would cost those registers and cache.
#define METTA_SELDOM METTA_FN __attribute__((noinline))

// Large parts of a step stay functions of their own: what the compiler inlines elsewhere then does not depend on them.
#define METTA_APART METTA_FN __attribute__((noinline))

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bit rows and snapshots assume little-endian words");

namespace metta {

// Unaligned loads, spelled so that every compiler turns them into one instruction.
template <class T>
METTA_FN inline T load_unaligned(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

METTA_FN inline int lowest_bit(uint64_t word) { return __builtin_ctzll(word); }

// Sums of a game's numbers end here, far from where an int overflows.
METTA_FN inline int saturated(int64_t value) {
  constexpr int64_t kLimit = 1000000000;
  return static_cast<int>(value < -kLimit ? -kLimit : value > kLimit ? kLimit : value);
}

METTA_FN inline int clamp(int value, int low, int high) { return value < low ? low : value > high ? high : value; }

}  // namespace metta
