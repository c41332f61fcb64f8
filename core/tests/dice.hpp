// Random numbers for tests: the same on every machine, from the engine's own mixing function.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/random.hpp"

namespace metta {

class Dice {
 public:
  explicit Dice(uint64_t seed) : key_(mix64(seed)) {}

  uint64_t bits() { return mix64(key_ + ++counter_ * 0x9e3779b97f4a7c15ull); }
  int between(int low, int high) {  // both included
    return low + static_cast<int>(bits() % (static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1));
  }
  bool one_in(int n) { return between(1, n) == 1; }
  template <class T>
  const T& pick(const std::vector<T>& items) {
    return items[static_cast<size_t>(between(0, static_cast<int>(items.size()) - 1))];
  }

 private:
  const uint64_t key_;
  uint64_t counter_ = 0;
};

}  // namespace metta
