// How fast one thread can fill memory: the physical floor of writing observations.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>

#include "engine/memory.hpp"

namespace metta {

inline double fill_speed(size_t num_bytes, double seconds) {
  using Clock = std::chrono::steady_clock;
  const LargeArray<uint8_t> buffer(num_bytes);
  const auto begin = Clock::now();
  double elapsed = 0;
  uint64_t written = 0;
  for (int value = 0; elapsed < seconds; ++value) {
    std::memset(buffer.data(), value, num_bytes);
    asm volatile("" : : "r"(buffer.data()) : "memory");  // keep every fill
    written += num_bytes;
    elapsed = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  return static_cast<double>(written) / elapsed;
}

}  // namespace metta
