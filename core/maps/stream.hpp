// Keys of random numbers: a scene's stream gives keys one after the other, and its children have streams of their own.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/random.hpp"

namespace metta::maps {

// A key that belongs to `key` and `index`.
constexpr uint64_t mixed_key(uint64_t key, uint64_t index) { return mix64(mix64(key) ^ mix64(~index)); }
// The stream of the child of that number; what a stream gives itself has the indices 1, 2, ...
constexpr uint64_t child_key(uint64_t key, uint64_t number) { return mixed_key(key, (uint64_t{1} << 32) + number); }

// The numbers 0 to count - 1 in an order that the stream decides, of whose keys `taken` are used up.
inline std::vector<int> shuffled(uint64_t key, uint64_t taken, int count) {
  std::vector<int> order(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) order[i] = i;
  for (int last = count - 1; last > 0; --last) {
    const uint64_t bits = mixed_key(key, ++taken) >> 32;
    std::swap(order[last], order[(bits * static_cast<uint64_t>(last + 1)) >> 32]);
  }
  return order;
}

}  // namespace metta::maps
