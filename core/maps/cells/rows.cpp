#include "maps/cells/rows.hpp"

#include "engine/random.hpp"
#include "maps/grid.hpp"

// Sanitizers cannot start programs that choose between two versions of a function.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define METTA_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define METTA_WIDE
#endif

namespace metta::maps {
namespace {

constexpr int kCellsOfWord = 4;

// The state and the output lie in memory of other types, anywhere.
typedef uint64_t Lanes __attribute__((vector_size(8 * kLanes), aligned(8), may_alias));

METTA_WIDE void draw_words(uint64_t (&state)[4][kLanes], uint64_t* out, size_t count) {
  Lanes* kept = reinterpret_cast<Lanes*>(state);
  Lanes a = kept[0], b = kept[1], c = kept[2], d = kept[3];
  for (; count > 0; count -= kLanes, out += kLanes) {
    const Lanes sum = a + d, shifted = b << 17;
    *reinterpret_cast<Lanes*>(out) = (sum << 23 | sum >> 41) + a;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = d << 45 | d >> 19;
  }
  kept[0] = a, kept[1] = b, kept[2] = c, kept[3] = d;
}

}  // namespace

METTA_WIDE int count_row(const int32_t* cells, int count, int32_t low, int32_t high) {
  const uint32_t span = static_cast<uint32_t>(high - low);
  int found = 0;
  if (span == 0) {
    for (int i = 0; i < count; ++i) found += (cells[i] & (kKinds - 1)) == low;
    return found;
  }
  for (int i = 0; i < count; ++i) found += static_cast<uint32_t>((cells[i] & (kKinds - 1)) - low) <= span;
  return found;
}

METTA_WIDE void mark_kinds(const int32_t* __restrict cells, uint8_t* __restrict marks, int count, int32_t high) {
  for (int i = 0; i < count; ++i) marks[i] = (cells[i] & (kKinds - 1)) <= high;
}

METTA_WIDE void put_row(int32_t* __restrict cells, const uint8_t* __restrict marks, int count, int32_t value) {
  const int32_t keep = value < kKinds ? ~(kKinds - 1) : kKinds - 1;
  for (int i = 0; i < count; ++i) cells[i] = marks[i] ? ((cells[i] & keep) | value) : cells[i];
}

METTA_WIDE void sum_rows(const uint8_t* __restrict above, const uint8_t* __restrict here, const uint8_t* __restrict below,
                         uint8_t* __restrict down, int count) {
  for (int i = 0; i < count; ++i) down[i] = static_cast<uint8_t>(above[i] + here[i] + below[i]);
}

METTA_WIDE void sum_beside(const uint8_t* __restrict down, uint8_t* __restrict sums, int count) {
  for (int i = 0; i < count; ++i) sums[i] = static_cast<uint8_t>(down[i] + down[i + 1] + down[i + 2]);
}

METTA_WIDE void grow_row(const uint8_t* __restrict now, const uint8_t* __restrict sums, const uint16_t* __restrict bits,
                         uint8_t* __restrict next, int count, const Growth& growth) {
  const uint16_t full = growth.full, each = growth.each;
  const uint8_t enough = growth.enough;
  for (int i = 0; i < count; ++i) {
    const uint16_t limit = sums[i] >= enough ? full : static_cast<uint16_t>(sums[i] * each);
    const uint16_t drawn = bits[i] < 65534 ? bits[i] : uint16_t{65534};
    next[i] = static_cast<uint8_t>(now[i] | (drawn < limit));
  }
}

METTA_WIDE void mark_row(const uint16_t* __restrict bits, uint8_t* __restrict marks, int count, uint16_t limit) {
  for (int i = 0; i < count; ++i) marks[i] = (bits[i] < 65534 ? bits[i] : uint16_t{65534}) < limit;
}

RowBits::RowBits(uint64_t key, int count) {
  const int words = (count + kCellsOfWord - 1) / kCellsOfWord;
  words_.resize(static_cast<size_t>((words + kLanes - 1) / kLanes * kLanes));
  for (auto& lanes : state_)
    for (uint64_t& lane : lanes) lane = key = mix64(key);
}

const uint16_t* RowBits::next() {
  draw_words(state_, words_.data(), words_.size());
  return reinterpret_cast<const uint16_t*>(words_.data());
}

}  // namespace metta::maps
