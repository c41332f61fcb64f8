// Which cells of a map hold an object, one bit a cell, so that a view finds them without looking at empty cells.
#pragma once

#include "engine/portable.hpp"

namespace metta {

// Rows of bits with a margin on both sides: a view may hang over the map's edge and reads zeros there.
struct OccupancyRows {
  static constexpr int kMargin = 16;  // bits; at least the widest view's radius

  uint8_t* bits;
  int row_bytes;

  static int row_bytes_for(int width) { return (width + 2 * kMargin + 7) / 8 + 8; }

  METTA_FN void set(int row, int col) { byte_of(row, col) |= mask_of(col); }
  METTA_FN void clear(int row, int col) { byte_of(row, col) &= static_cast<uint8_t>(~mask_of(col)); }

  // Sixteen cells of a row from column `left` on (left >= -kMargin), lowest bit first.
  METTA_FN uint32_t window(int row, int left) const {
    const int bit = left + kMargin;
    return load_unaligned<uint32_t>(bits + row * row_bytes + (bit >> 3)) >> (bit & 7) & 0xffffu;
  }

 private:
  METTA_FN uint8_t& byte_of(int row, int col) const { return bits[row * row_bytes + ((col + kMargin) >> 3)]; }
  METTA_FN static uint8_t mask_of(int col) { return static_cast<uint8_t>(1u << ((col + kMargin) & 7)); }
};

// A set of small integers as bits, for "which objects need this phase".
struct BitSet {
  uint64_t* words;

  METTA_FN void insert(int index) { words[index >> 6] |= 1ull << (index & 63); }
  METTA_FN void erase(int index) { words[index >> 6] &= ~(1ull << (index & 63)); }

  template <class Visit>
  METTA_FN void for_each(int num_words, Visit&& visit) const {
    for (int w = 0; w < num_words; ++w) {
      for (uint64_t rest = words[w]; rest != 0; rest &= rest - 1) visit(w * 64 + lowest_bit(rest));
    }
  }
};

}  // namespace metta
