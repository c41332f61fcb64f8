// Bit rows against one byte a cell.
#include "check.hpp"
#include "dice.hpp"
#include "engine/occupancy.hpp"

namespace metta {
namespace {

uint32_t slow_window(const std::vector<uint8_t>& cells, int width, int row, int left) {
  uint32_t bits = 0;
  for (int k = 0; k < 16; ++k) {
    const int col = left + k;
    if (col >= 0 && col < width && cells[static_cast<size_t>(row * width + col)] != 0) bits |= 1u << k;
  }
  return bits;
}

TEST(window_equals_a_slow_version) {
  Dice dice(1);
  for (const int width : {1, 2, 5, 7, 8, 9, 15, 16, 17, 31, 40, 63, 64, 65, 200}) {
    const int height = 5, row_bytes = OccupancyRows::row_bytes_for(width);
    std::vector<uint8_t> bits(static_cast<size_t>(height * row_bytes), 0), cells(static_cast<size_t>(height * width), 0);
    const OccupancyRows rows{bits.data(), row_bytes};
    for (int change = 0; change < 200; ++change) {
      const int row = dice.between(0, height - 1), col = dice.one_in(4) ? (dice.one_in(2) ? 0 : width - 1) : dice.between(0, width - 1);
      const bool is_set = !dice.one_in(3);
      cells[static_cast<size_t>(row * width + col)] = is_set;
      OccupancyRows writable = rows;
      is_set ? writable.set(row, col) : writable.clear(row, col);
      for (int left = -OccupancyRows::kMargin; left < width; ++left) CHECK_EQ(rows.window(row, left), slow_window(cells, width, row, left));
    }
  }
}

TEST(bit_set_visits_its_members_in_order) {
  Dice dice(2);
  for (int round = 0; round < 50; ++round) {
    uint64_t words[3] = {0, 0, 0};
    std::vector<bool> members(192, false);
    BitSet set{words};
    for (int change = 0; change < 100; ++change) {
      const int index = dice.between(0, 191);
      members[static_cast<size_t>(index)] = dice.one_in(2);
      members[static_cast<size_t>(index)] ? set.insert(index) : set.erase(index);
    }
    std::vector<int> visited, expected;
    set.for_each(3, [&](int index) { visited.push_back(index); });
    for (int i = 0; i < 192; ++i) {
      if (members[static_cast<size_t>(i)]) expected.push_back(i);
    }
    CHECK(visited == expected);
  }
}

}  // namespace
}  // namespace metta
