// A map's cells as bytes, 0 or 1, with a rim around them, so that neighbours need no checks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "maps/cells/rows.hpp"
#include "maps/grid.hpp"

namespace metta::maps {

class Mask {
 public:
  Mask(int height, int width, uint8_t rim = 0)
      : height_(height), width_(width), stride_(width + 2), cells_(static_cast<size_t>(stride_) * (height + 2), rim) {
    for (int row = 0; row < height; ++row) std::fill_n(this->row(row), width, uint8_t{0});
  }

  int height() const { return height_; }
  int width() const { return width_; }
  // The cells of a row; one more on either side can be read.
  uint8_t* row(int index) { return cells_.data() + static_cast<size_t>(index + 1) * stride_ + 1; }
  const uint8_t* row(int index) const { return cells_.data() + static_cast<size_t>(index + 1) * stride_ + 1; }
  uint8_t& at(int row_index, int column) { return row(row_index)[column]; }

  // Marks each cell with this probability (to 1 / 65536).
  void fill_randomly(double probability, Random& random) {
    const auto limit = static_cast<uint32_t>(probability * 65536.0);
    for (int r = 0; r < height_; ++r) {
      uint8_t* cells = row(r);
      for (int c = 0; c < width_; c += 4) {
        uint64_t bits = random.bits();
        for (int i = c; i < c + 4 && i < width_; ++i, bits >>= 16) cells[i] = (bits & 0xffff) < limit;
      }
    }
  }

  // Sums over the 3 x 3 cells around each cell of a row, itself included. `down` is space for as many cells and two more.
  void sum_around(int index, uint8_t* down, uint8_t* sums) const {
    sum_rows(row(index - 1) - 1, row(index) - 1, row(index + 1) - 1, down, stride_);
    sum_beside(down, sums, width_);
  }

  // Puts the thing on marked cells of the grid; the others stay.
  void put_on(const Grid& grid, int32_t value) const {
    for (int r = 0; r < height_; ++r) {
      if (int32_t* cells = grid.flat_row(r)) {
        put_row(cells, row(r), width_, value);
        continue;
      }
      for (int c = 0; c < width_; ++c)
        if (row(r)[c]) grid.put(r, c, value);
    }
  }

 private:
  int height_, width_, stride_;
  std::vector<uint8_t> cells_;
};

}  // namespace metta::maps
