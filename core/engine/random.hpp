// Random numbers as a function of (key, counter): no state to save, no order to depend on.
// The generator is "squares" (B. Widynski, "Squares: A Fast Counter-Based RNG", arXiv:2004.06278), five rounds for 64 bits.
#pragma once

#include <cstdint>

#include "engine/portable.hpp"

namespace metta {

// Finalizer of splitmix64: turns related inputs (0, 1, 2, ...) into unrelated keys.
METTA_FN constexpr uint64_t mix64(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

// Key of one stream of one run; odd, because an even key would lose the counter's lowest bits.
METTA_FN constexpr uint64_t stream_key(uint64_t seed, uint64_t stream) { return mix64(mix64(seed) ^ mix64(~stream)) | 1; }

METTA_FN constexpr uint64_t squares64(uint64_t counter, uint64_t key) {
  uint64_t x = counter * key;
  const uint64_t y = x;
  const uint64_t z = y + key;
  auto swap_halves = [](uint64_t v) { return (v >> 32) | (v << 32); };
  x = swap_halves(x * x + y);
  x = swap_halves(x * x + z);
  x = swap_halves(x * x + y);
  const uint64_t t = x * x + z;
  x = swap_halves(t);
  return t ^ ((x * x + y) >> 32);
}

// Uniform in [0, bound) from 32 random bits (multiply-shift; the bias is below bound / 2^32).
METTA_FN constexpr uint32_t bounded(uint32_t bits, uint32_t bound) {
  return static_cast<uint32_t>((static_cast<uint64_t>(bits) * bound) >> 32);
}

// What a draw is for. One number each, so that adding a draw somewhere never moves the draws elsewhere.
enum class Purpose : uint32_t {
  kMap = 1,
  kSpawn = 2,
  kOrder = 3,
  kChance = 4,
  kDesync = 5,
  kPlace = 6,
  kBirth = 7,
  kParam = 8,
  kBody = 9,
  kKinship = 10,
  kKinshipOrder = 11,
  kKinshipNoise = 12
};

METTA_FN constexpr uint64_t counter_of(uint32_t tick, Purpose purpose, uint32_t index) {
  return (static_cast<uint64_t>(tick) << 32) | (static_cast<uint64_t>(purpose) << 26) | (index & 0x3ffffffu);
}

}  // namespace metta
