// What every map function works on: a rectangle of a map's cells, and random numbers that are a function of a key.
// A cell is the kind of its thing (lowest 8 bits, 0 = none) plus 256 times its ground.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "engine/random.hpp"

namespace metta::maps {

constexpr int32_t kEmpty = 0;
constexpr int32_t kAgent = 1;
constexpr int32_t kKinds = 256;

struct Cell {
  int row, column;
};

// A rectangle of cells that somebody else owns; the steps may be negative, so that a turned view is one, too.
class Grid {
 public:
  Grid(int32_t* data, int height, int width, int64_t row_step, int64_t column_step)
      : data_(data), row_step_(row_step), column_step_(column_step), height_(height), width_(width) {}

  int height() const { return height_; }
  int width() const { return width_; }
  int size() const { return height_ * width_; }
  int32_t& at(int row, int column) const { return data_[row * row_step_ + column * column_step_]; }
  int32_t& at(int index) const { return at(index / width_, index % width_); }
  // The cells of a row, if they lie side by side in memory; else null.
  int32_t* flat_row(int row) const { return column_step_ == 1 ? data_ + row * row_step_ : nullptr; }
  bool contains(int row, int column) const { return row >= 0 && column >= 0 && row < height_ && column < width_; }
  // Whether agents can walk here: nothing stands on it, or an agent that can go away.
  bool is_open(int row, int column) const { return (at(row, column) & (kKinds - 1)) <= kAgent; }
  bool is_empty(int row, int column) const { return (at(row, column) & (kKinds - 1)) == kEmpty; }

  // Puts a thing on a cell, or a ground under it; values below 256 are kinds.
  void put(int row, int column, int32_t value) const {
    int32_t& cell = at(row, column);
    cell = value < kKinds ? ((cell & ~(kKinds - 1)) | value) : ((cell & (kKinds - 1)) | value);
  }
  // Takes the thing away, or the ground if `value` is one.
  void clear(int row, int column, int32_t value) const {
    int32_t& cell = at(row, column);
    cell = value < kKinds ? (cell & ~(kKinds - 1)) : (cell & (kKinds - 1));
  }
  void set(int row, int column, int32_t value, bool is_there) const { is_there ? put(row, column, value) : clear(row, column, value); }
  // Puts or clears a rectangle; what lies outside of the grid is left out.
  void fill(int row, int column, int height, int width, int32_t value, bool is_there = true) const {
    const int32_t keep = value < kKinds ? ~(kKinds - 1) : kKinds - 1, added = is_there ? value : 0;
    const int first = column < 0 ? 0 : column, end = column + width < width_ ? column + width : width_;
    for (int r = row < 0 ? 0 : row; r < row + height && r < height_; ++r) {
      int32_t* cells = flat_row(r);
      if (cells)
        for (int c = first; c < end; ++c) cells[c] = (cells[c] & keep) | added;
      else
        for (int c = first; c < end; ++c) set(r, c, value, is_there);
    }
  }

 private:
  int32_t* data_;
  int64_t row_step_, column_step_;
  int height_, width_;
};

// The numbers squares64(0), squares64(1), ... of a key, in turn.
class Random {
 public:
  explicit Random(uint64_t key) : key_(mix64(key) | 1) {}

  uint64_t bits() { return squares64(counter_++, key_); }
  // Uniform in [0, bound).
  int below(int bound) {
    if (half_ == 0) {
      word_ = bits();
      half_ = 2;
    }
    --half_;
    const auto part = static_cast<uint32_t>(word_);
    word_ >>= 32;
    return static_cast<int>(bounded(part, static_cast<uint32_t>(bound)));
  }
  // Uniform in [low, high].
  int between(int low, int high) { return high <= low ? low : low + below(high - low + 1); }
  // Uniform in [0, 1).
  double unit() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  bool chance(double probability) { return below(1 << 30) < probability * (1 << 30); }

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (int i = static_cast<int>(items.size()) - 1; i > 0; --i) std::swap(items[i], items[below(i + 1)]);
  }

 private:
  uint64_t key_;
  uint64_t counter_ = 0;
  uint64_t word_ = 0;
  int half_ = 0;
};

constexpr Cell kSides[4] = {{-1, 0}, {0, 1}, {1, 0}, {0, -1}};

}  // namespace metta::maps
