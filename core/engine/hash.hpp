// 64-bit hash of a block of bytes, equal on every machine: what golden traces and replays compare.
#pragma once

#include "engine/portable.hpp"
#include "engine/random.hpp"

namespace metta {

inline uint64_t hash_bytes(const std::byte* bytes, size_t size) {
  uint64_t hash = mix64(size);
  size_t at = 0;
  for (; at + 8 <= size; at += 8) hash = mix64(hash ^ load_unaligned<uint64_t>(bytes + at));
  for (; at < size; ++at) hash = mix64(hash ^ static_cast<uint64_t>(bytes[at]));
  return hash;
}

}  // namespace metta
