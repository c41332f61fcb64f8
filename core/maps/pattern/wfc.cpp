#include "maps/pattern/wfc.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <queue>

namespace metta::maps {
namespace {

constexpr int kBlock = 16;       // cells along the side of a block in which contradictions are counted
constexpr int kMostGrowth = 48;  // cells by which what is forgotten grows with their number, before it begins anew

// The cells of a wave are places of pieces; what may still lie there is a set of bits. `Words` 64-bit words hold one set.
template <int Words>
class Wave {
 public:
  struct Set {
    uint64_t words[Words];
  };

  Wave(const Pieces& pieces, int height, int width, NextNode next, uint64_t key)
      : pieces_(pieces), height_(height), width_(width), next_(next), random_(key), count_(static_cast<int>(pieces.cells.size())) {
    for (const int32_t weight : pieces.weights) logs_.push_back(weight * std::log(static_cast<double>(weight)));
    full_ = {};
    for (int piece = 0; piece < count_; ++piece) full_.words[piece / 64] |= 1ull << (piece % 64);
    find_neighbours();
    wave_.assign(static_cast<size_t>(height) * width, full_);
    waits_.assign(wave_.size(), 0);
    faults_.assign(static_cast<size_t>(height / kBlock + 1) * (width / kBlock + 1), 0);
    orders_.assign(wave_.size(), 0);
    marks_.resize(wave_.size());
    for (auto& mark : marks_) mark = static_cast<uint16_t>(random_.below(1 << 16));
  }

  bool collapse(int attempts) {
    for (int32_t cell = 0; cell < static_cast<int32_t>(wave_.size()); ++cell) {
      offer(cell);
      if (has_dead_ends_) push(cell);
    }
    if (propagate() >= 0) return false;
    for (int32_t cell = take(); cell >= 0; cell = take()) {
      choose(cell);
      const int32_t dead = propagate();
      if (dead < 0) continue;
      if (--attempts < 0) return false;
      if (!forget_until_it_fits(dead, attempts)) return false;
    }
    return true;
  }

  int piece_at(int row, int column) const { return first(wave_[row * width_ + column]); }

 private:
  struct Waiting {
    float order;
    int32_t cell;
    bool operator<(const Waiting& other) const { return order > other.order || (order == other.order && cell > other.cell); }
  };

  void find_neighbours() {
    for (Set& set : fits_all_) set = {};
    const int n = pieces_.size;
    for (int side = 0; side < 4; ++side) {
      fits_[side].assign(static_cast<size_t>(count_), Set{});
      const int down = kSides[side].row, right = kSides[side].column;
      for (int a = 0; a < count_; ++a) {
        for (int b = 0; b < count_; ++b) {
          bool fits = true;
          for (int r = std::max(0, down); fits && r < n + std::min(0, down); ++r)
            for (int c = std::max(0, right); fits && c < n + std::min(0, right); ++c)
              fits = pieces_.cells[a][r * n + c] == pieces_.cells[b][(r - down) * n + c - right];
          if (fits) fits_[side][a].words[b / 64] |= 1ull << (b % 64);
        }
        for (int word = 0; word < Words; ++word) fits_all_[side].words[word] |= fits_[side][a].words[word];
      }
      for (int word = 0; word < Words; ++word) has_dead_ends_ |= fits_all_[side].words[word] != full_.words[word];
    }
  }

  static int size_of(const Set& set) {
    int count = 0;
    for (const uint64_t word : set.words) count += std::popcount(word);
    return count;
  }
  static int first(const Set& set) {
    for (int word = 0; word < Words; ++word)
      if (set.words[word]) return word * 64 + std::countr_zero(set.words[word]);
    return -1;
  }
  template <class Visit>
  static void for_each(const Set& set, Visit visit) {
    for (int word = 0; word < Words; ++word)
      for (uint64_t left = set.words[word]; left; left &= left - 1) visit(word * 64 + std::countr_zero(left));
  }

  // Lower is next. A little noise, the same for a cell at all times, decides between equals.
  float order_of(int32_t cell, int size) const {
    const float noise = static_cast<float>(marks_[cell]) / 65536.0f;
    if (next_ == NextNode::kScanline) return static_cast<float>(cell);
    if (next_ == NextNode::kFewest || size == count_) return static_cast<float>(size) + noise;
    double sum = 0, logs = 0;
    for_each(wave_[cell], [&](int piece) {
      sum += pieces_.weights[piece];
      logs += logs_[piece];
    });
    return static_cast<float>(std::log(sum) - logs / sum) + noise * 1e-3f;
  }

  void offer(int32_t cell) {
    const int size = size_of(wave_[cell]);
    if (size <= 1) return;
    orders_[cell] = order_of(cell, size);
    waiting_.push({orders_[cell], cell});
  }

  // The next cell that is not decided; entries that changed since they were made have a newer one.
  int32_t take() {
    while (!waiting_.empty()) {
      const Waiting top = waiting_.top();
      waiting_.pop();
      if (top.order == orders_[top.cell] && size_of(wave_[top.cell]) > 1) return top.cell;
    }
    return -1;
  }

  void choose(int32_t cell) {
    int total = 0, picked = -1;
    for_each(wave_[cell], [&](int piece) { total += pieces_.weights[piece]; });
    int left = random_.below(total);
    for_each(wave_[cell], [&](int piece) {
      if (picked < 0 && (left -= pieces_.weights[piece]) < 0) picked = piece;
    });
    wave_[cell] = Set{};
    wave_[cell].words[picked / 64] = 1ull << (picked % 64);
    push(cell);
  }

  void push(int32_t cell) {
    if (waits_[cell]) return;
    waits_[cell] = 1;
    stack_.push_back(cell);
  }

  // Takes away what no longer fits, from the cells on the stack outwards. Returns a cell where nothing fits, or -1.
  int32_t propagate() {
    while (!stack_.empty()) {
      const int32_t cell = stack_.back();
      stack_.pop_back();
      waits_[cell] = 0;
      const Set own = wave_[cell];
      const int row = cell / width_, column = cell % width_;
      for (int side = 0; side < 4; ++side) {
        const int r = row + kSides[side].row, c = column + kSides[side].column;
        if (r < 0 || c < 0 || r >= height_ || c >= width_) continue;
        if (!narrow(r * width_ + c, own, side)) {
          push(cell);  // it has not told all its neighbours yet; the others on the stack wait, too
          return r * width_ + c;
        }
      }
    }
    return -1;
  }

  // Leaves at a cell what fits beside `own`; false if nothing does.
  bool narrow(int32_t cell, const Set& own, int side) {
    Set& set = wave_[cell];
    const int size = size_of(own), other_size = size_of(set);
    Set fitting{};
    if (size == count_) {
      fitting = fits_all_[side];
    } else if (size <= other_size) {
      for_each(own, [&](int piece) {
        for (int word = 0; word < Words; ++word) fitting.words[word] |= fits_[side][piece].words[word];
      });
    } else {  // what fits is asked from the smaller side
      const auto& back = fits_[(side + 2) % 4];
      for_each(set, [&](int piece) {
        uint64_t common = 0;
        for (int word = 0; word < Words; ++word) common |= back[piece].words[word] & own.words[word];
        if (common) fitting.words[piece / 64] |= 1ull << (piece % 64);
      });
    }
    uint64_t changed = 0, left = 0;
    for (int word = 0; word < Words; ++word) {
      const uint64_t kept = set.words[word] & fitting.words[word];
      changed |= kept ^ set.words[word];
      left |= kept;
      set.words[word] = kept;
    }
    if (!left) return false;
    if (changed) {
      offer(cell);
      push(cell);
    }
    return true;
  }

  // Makes the cells around a contradiction undecided again; more of them where there were others before, up to a limit, and more
  // each time that does not help at once.
  bool forget_until_it_fits(int32_t dead, int& attempts) {
    int& before = faults_[dead / width_ / kBlock * (width_ / kBlock + 1) + dead % width_ / kBlock];
    for (int radius = pieces_.size + 1 + before++ % kMostGrowth;; --attempts, ++radius) {
      if (attempts < 0) return false;
      const int row = dead / width_, column = dead % width_;
      const int top = std::max(0, row - radius), bottom = std::min(height_, row + radius + 1);
      const int left = std::max(0, column - radius), right = std::min(width_, column + radius + 1);
      for (int r = top; r < bottom; ++r)
        for (int c = left; c < right; ++c) wave_[r * width_ + c] = full_;
      // What lies just outside says again what may lie inside.
      for (int r = std::max(0, top - 1); r < std::min(height_, bottom + 1); ++r)
        for (int c = std::max(0, left - 1); c < std::min(width_, right + 1); ++c)
          if (r < top || r >= bottom || c < left || c >= right) push(r * width_ + c);
      for (int r = top; r < bottom; ++r)
        for (int c = left; c < right; ++c) offer(r * width_ + c);
      const int32_t next = propagate();
      if (next < 0) break;
      dead = next;
    }
    return true;
  }

  const Pieces& pieces_;
  int height_, width_;
  NextNode next_;
  Random random_;
  int count_;
  Set full_;
  Set fits_all_[4];             // what fits beside anything
  bool has_dead_ends_ = false;  // whether beside some pieces nothing fits
  std::vector<Set> fits_[4];
  std::vector<double> logs_;
  std::vector<Set> wave_;
  std::vector<int> faults_;  // contradictions in each block of cells
  std::vector<uint8_t> waits_;
  std::vector<float> orders_;  // of the newest entry of each cell among those that wait
  std::vector<uint16_t> marks_;
  std::vector<int32_t> stack_;
  std::priority_queue<Waiting> waiting_;
};

template <int Words>
bool draw(const Grid& grid, const Pieces& pieces, const WaveShape& shape, const std::vector<int32_t>& values, uint64_t key) {
  const int n = pieces.size, rows = grid.height() - n + 1, columns = grid.width() - n + 1;
  Wave<Words> wave(pieces, rows, columns, shape.next, key);
  if (!wave.collapse(shape.attempts)) return false;
  for (int row = 0; row < grid.height(); ++row) {
    for (int column = 0; column < grid.width(); ++column) {
      const int r = std::min(row, rows - 1), c = std::min(column, columns - 1);
      const int32_t value = values[pieces.cells[wave.piece_at(r, c)][(row - r) * n + column - c]];
      if (value != kEmpty) grid.put(row, column, value);
    }
  }
  return true;
}

}  // namespace

bool draw_wave(const Grid& grid, const Sample& sample, const WaveShape& shape, const std::vector<int32_t>& values, uint64_t key) {
  if (grid.height() < sample.size || grid.width() < sample.size) return false;
  const Pieces pieces = find_pieces(sample);
  const size_t count = pieces.cells.size();
  if (count <= 64) return draw<1>(grid, pieces, shape, values, key);
  if (count <= 128) return draw<2>(grid, pieces, shape, values, key);
  if (count <= 256) return draw<4>(grid, pieces, shape, values, key);
  return count <= 1024 && draw<16>(grid, pieces, shape, values, key);
}

}  // namespace metta::maps
