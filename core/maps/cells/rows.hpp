// Loops over the cells of a row, and random bits for all of them. Where the compiler can, they exist twice, for processors with
// wide vectors and for all others; the results are the same.
#pragma once

#include <cstdint>
#include <vector>

namespace metta::maps {

// Cells whose kind is from `low` to `high`.
int count_row(const int32_t* cells, int count, int32_t low, int32_t high);

// Marks cells whose kind is at most `high`.
void mark_kinds(const int32_t* cells, uint8_t* marks, int count, int32_t high);

// Puts a thing (or a ground) on marked cells.
void put_row(int32_t* cells, const uint8_t* marks, int count, int32_t value);

// Sums of three rows, cell by cell, and sums of three cells side by side: sums[i] of down[i], down[i + 1], down[i + 2].
void sum_rows(const uint8_t* above, const uint8_t* here, const uint8_t* below, uint8_t* down, int count);
void sum_beside(const uint8_t* down, uint8_t* sums, int count);

struct Growth {
  uint16_t full, each;  // chance with enough trees around, and with fewer for each of them: 65535 is always
  uint8_t enough;
};
// Trees of the next step: those that are there, and those that grow by their bits.
void grow_row(const uint8_t* now, const uint8_t* sums, const uint16_t* bits, uint8_t* next, int count, const Growth& growth);

// Marks each cell whose bits are below the limit; 65535 marks all.
void mark_row(const uint16_t* bits, uint8_t* marks, int count, uint16_t limit);

// Sixteen random bits for each cell of a row, of four generators xoshiro256++ side by side
// (D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021).
constexpr int kLanes = 4;
class RowBits {
 public:
  RowBits(uint64_t key, int count);

  // Bits of the next row.
  const uint16_t* next();

 private:
  uint64_t state_[4][kLanes];
  std::vector<uint64_t> words_;
};

}  // namespace metta::maps
