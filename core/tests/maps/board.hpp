// A map's cells for tests: laid in memory in one of eight ways, in a block of exactly its size, inside of a rim that must stay.
#pragma once

#include <algorithm>
#include <vector>

#include "dice.hpp"
#include "maps/grid.hpp"

namespace metta::maps {

constexpr int32_t kRim = 0x7badcafe;

class Board {
 public:
  // `layout`: bit 0 the rows are upside down, bit 1 the columns, bit 2 rows and columns are swapped.
  Board(int height, int width, int layout = 0, int rim = 0)
      : height_(height), width_(width), cells_(static_cast<size_t>(height + 2 * rim) * (width + 2 * rim), kRim) {
    const bool is_swapped = layout & 4;
    const int64_t length = (is_swapped ? height : width) + 2 * rim;
    row_step_ = is_swapped ? 1 : length;
    column_step_ = is_swapped ? length : 1;
    begin_ = rim * (length + 1);
    if (layout & 1) begin_ += (height - 1) * row_step_, row_step_ = -row_step_;
    if (layout & 2) begin_ += (width - 1) * column_step_, column_step_ = -column_step_;
    const Grid grid = this->grid();
    for (int row = 0; row < height; ++row)
      for (int column = 0; column < width; ++column) grid.at(row, column) = kEmpty;
  }

  Grid grid() { return {cells_.data() + begin_, height_, width_, row_step_, column_step_}; }

  // The cells row by row, however they are laid.
  std::vector<int32_t> contents() {
    std::vector<int32_t> out;
    for (int row = 0; row < height_; ++row)
      for (int column = 0; column < width_; ++column) out.push_back(grid().at(row, column));
    return out;
  }
  void set(const std::vector<int32_t>& contents) {
    for (int row = 0; row < height_; ++row)
      for (int column = 0; column < width_; ++column) grid().at(row, column) = contents[row * width_ + column];
  }
  bool is_rim_whole() const {
    const auto count = std::count(cells_.begin(), cells_.end(), kRim);
    return count == static_cast<std::ptrdiff_t>(cells_.size()) - static_cast<std::ptrdiff_t>(height_) * width_;
  }

 private:
  int height_, width_;
  int64_t begin_, row_step_, column_step_;
  std::vector<int32_t> cells_;
};

// Cells with things of the kinds 0 to 4, agents among them, and with three grounds; more or less crowded.
inline std::vector<int32_t> random_contents(int count, Dice& dice) {
  std::vector<int32_t> cells(static_cast<size_t>(count));
  const int crowd = dice.between(0, 100), agents = dice.between(0, 10), grounds = dice.one_in(2) ? dice.between(0, 100) : 0;
  for (int32_t& cell : cells) {
    cell = dice.between(1, 100) <= crowd ? dice.between(2, 4) : dice.between(1, 100) <= agents ? kAgent : kEmpty;
    if (dice.between(1, 100) <= grounds) cell += kKinds * dice.between(1, 3);
  }
  return cells;
}

}  // namespace metta::maps
