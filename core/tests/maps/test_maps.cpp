// What draws maps, beside slow and obvious versions: regions, ways, ranks, rows of cells, tunnels, partitions.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "board.hpp"
#include "check.hpp"
#include "maps/biomes.hpp"
#include "maps/cells/rows.hpp"
#include "maps/connect.hpp"
#include "maps/reach.hpp"
#include "maps/rooms.hpp"
#include "maps/scatter.hpp"
#include "maps/stream.hpp"

namespace metta::maps {
namespace {

constexpr int kBoards = 150;

// Calls it with random boards, laid in random ways.
template <class Try>
void on_random_boards(Try attempt) {
  for (uint64_t seed = 0; seed < kBoards; ++seed) {
    check::context() = "board " + std::to_string(seed);
    Dice dice(seed);
    const int height = dice.between(1, 14), width = dice.between(1, 14);
    Board board(height, width, dice.between(0, 7), 1);
    board.set(random_contents(height * width, dice));
    attempt(board, dice);
    CHECK(board.is_rim_whole());
  }
}

// Regions by spreading the smallest number until nothing changes; -1 where nobody can walk.
std::vector<int32_t> slow_regions(const Grid& grid) {
  std::vector<int32_t> label(static_cast<size_t>(grid.size()));
  for (int i = 0; i < grid.size(); ++i) label[i] = grid.is_open(i / grid.width(), i % grid.width()) ? i : -1;
  for (bool changed = true; changed;) {
    changed = false;
    for (int i = 0; i < grid.size(); ++i) {
      for (const Cell side : kSides) {
        const int r = i / grid.width() + side.row, c = i % grid.width() + side.column;
        if (label[i] < 0 || !grid.contains(r, c)) continue;
        const int32_t other = label[r * grid.width() + c];
        if (other < 0 || other >= label[i]) continue;
        label[i] = other;
        changed = true;
      }
    }
  }
  return label;
}

int count_regions(const Grid& grid) {
  const std::vector<int32_t> label = slow_regions(grid);
  int count = 0;
  for (int i = 0; i < grid.size(); ++i) count += label[i] == i;
  return count;
}

TEST(map_regions_equal_a_slow_version) {
  on_random_boards([](Board& board, Dice&) {
    const Grid grid = board.grid();
    const Regions regions = find_regions(grid);
    const std::vector<int32_t> slow = slow_regions(grid);
    CHECK_EQ(static_cast<int>(regions.sizes.size()), count_regions(grid));
    for (int a = 0; a < grid.size(); ++a) {
      CHECK_EQ(regions.label[a] < 0, slow[a] < 0);
      for (int b = 0; b < a; ++b) CHECK_EQ(regions.label[a] == regions.label[b], slow[a] == slow[b]);
    }
    for (size_t region = 0; region < regions.sizes.size(); ++region)
      CHECK_EQ(regions.sizes[region], std::count(regions.label.begin(), regions.label.end(), static_cast<int32_t>(region)));
  });
}

TEST(map_ways_are_as_long_as_in_a_slow_version) {
  on_random_boards([](Board& board, Dice& dice) {
    const Grid grid = board.grid();
    const int start = dice.between(0, grid.size() - 1);
    std::vector<int32_t> slow(static_cast<size_t>(grid.size()), -1);
    slow[start] = 0;
    for (int round = 0; round < grid.size(); ++round)
      for (int i = 0; i < grid.size(); ++i)
        for (const Cell side : kSides) {
          const int r = i / grid.width() + side.row, c = i % grid.width() + side.column, next = r * grid.width() + c;
          if (slow[i] == round && grid.contains(r, c) && grid.is_open(r, c) && slow[next] < 0) slow[next] = round + 1;
        }
    CHECK(walk_lengths(grid, {start}) == slow);
  });
}

TEST(map_is_reached_if_one_region_touches_everything) {
  int num_reached = 0;
  on_random_boards([&](Board& board, Dice&) {
    const Grid grid = board.grid();
    std::vector<uint8_t> marks(kKinds, 0);
    marks[3] = 1;
    const std::vector<int32_t> label = slow_regions(grid);
    std::vector<int32_t> homes;
    for (int i = 0; i < grid.size(); ++i)
      if ((grid.at(i) & (kKinds - 1)) == kAgent) homes.push_back(label[i]);
    // Without agents, what counts is the largest region: the first of those that are as large as any.
    int32_t home = homes.empty() ? -1 : homes[0];
    for (int i = 0; homes.empty() && i < grid.size(); ++i)
      if (label[i] >= 0 && (home < 0 || std::count(label.begin(), label.end(), label[i]) > std::count(label.begin(), label.end(), home)))
        home = label[i];
    bool is_reached = std::all_of(homes.begin(), homes.end(), [&](int32_t other) { return other == home; });
    for (int i = 0; i < grid.size(); ++i) {
      if ((grid.at(i) & (kKinds - 1)) != 3) continue;
      bool is_touched = false;
      for (const Cell side : kSides) {
        const int r = i / grid.width() + side.row, c = i % grid.width() + side.column;
        is_touched |= home >= 0 && grid.contains(r, c) && label[r * grid.width() + c] == home;
      }
      is_reached &= is_touched;
    }
    CHECK_EQ(all_reached(grid, marks), is_reached);
    num_reached += is_reached;
  });
  CHECK(num_reached > 5 && num_reached < kBoards - 5);
}

TEST(map_things_that_leave_ways_never_part_a_region) {
  on_random_boards([](Board& board, Dice& dice) {
    const Grid grid = board.grid();
    const int row = dice.between(0, grid.height() - 1), column = dice.between(0, grid.width() - 1);
    if (!grid.is_empty(row, column) || !leaves_ways(grid, row, column)) return;
    const int before = count_regions(grid);
    grid.put(row, column, 2);
    CHECK_EQ(count_regions(grid), before);
  });
}

TEST(map_tunnels_join_what_can_be_joined) {
  on_random_boards([](Board& board, Dice& dice) {
    const Grid grid = board.grid();
    std::vector<uint8_t> marks(kKinds, 1);
    marks[4] = dice.one_in(2);
    const std::vector<int32_t> before = board.contents();
    const int left = join_regions(grid, marks);
    CHECK_EQ(count_regions(grid), left);
    if (marks[4]) CHECK(count_regions(grid) <= 1);
    for (int i = 0; i < grid.size(); ++i) {
      const int kind = before[i] & (kKinds - 1);
      CHECK(grid.at(i) == before[i] || (kind > kAgent && marks[kind] && grid.at(i) == before[i] - kind));
    }
  });
}

TEST(map_things_are_placed_as_often_as_there_is_room) {
  on_random_boards([](Board& board, Dice& dice) {
    const Grid grid = board.grid();
    const int wanted = dice.between(0, 60), empty = count_things(grid, kEmpty, kEmpty), walls = count_things(grid, 2, 2);
    CHECK_EQ(empty, count_empty(grid));
    const int placed = scatter(grid, {2}, {wanted}, false, dice.bits());
    CHECK_EQ(placed, std::min(wanted, empty));
    CHECK_EQ(count_things(grid, 2, 2), walls + std::min(wanted, empty));
    const int regions = count_regions(grid);
    scatter(grid, {3}, {wanted}, true, dice.bits());
    CHECK_EQ(count_regions(grid), regions);
  });
}

TEST(map_ranks_equal_those_of_a_sort) {
  Ranks ranks;
  for (uint64_t seed = 0; seed < kBoards; ++seed) {
    Dice dice(seed);
    const int height = dice.between(1, 9), width = dice.between(1, 9), count = height * width;
    std::vector<double> numbers(static_cast<size_t>(count));
    for (double& number : numbers) number = static_cast<double>(dice.bits() >> 11) * (dice.one_in(3) ? 0x1p-60 : 0x1p-53);
    std::vector<int32_t> things(static_cast<size_t>(dice.between(0, count)));
    std::iota(things.begin(), things.end(), 2);
    Board board(height, width, dice.between(0, 7), 1);
    ranks.scatter(board.grid(), things, numbers.data());
    std::vector<int32_t> expected(numbers.size(), 0);
    for (size_t i = 0; i < things.size(); ++i)
      expected[std::count_if(numbers.begin(), numbers.end(), [&](double other) { return other < numbers[i]; })] = things[i];
    CHECK(board.contents() == expected);
    CHECK(board.is_rim_whole());
  }
}

TEST(map_rows_equal_slow_versions) {
  for (uint64_t seed = 0; seed < kBoards; ++seed) {
    Dice dice(seed);
    const int count = dice.between(1, 150), low = dice.between(0, 4), high = dice.between(low, 5);
    const std::vector<int32_t> cells = random_contents(count, dice);
    std::vector<uint8_t> marks(cells.size()), sums(cells.size()), next(cells.size());
    std::vector<uint16_t> bits(cells.size());
    for (auto& mark : marks) mark = dice.one_in(3);
    for (auto& sum : sums) sum = static_cast<uint8_t>(dice.between(0, 9));
    for (auto& bit : bits) bit = static_cast<uint16_t>(dice.between(0, 65535));
    int found = 0;
    for (const int32_t cell : cells) found += cell % 256 >= low && cell % 256 <= high;
    CHECK_EQ(count_row(cells.data(), count, low, high), found);

    std::vector<int32_t> put = cells;
    const int32_t value = dice.one_in(2) ? 3 : 512;
    put_row(put.data(), marks.data(), count, value);
    for (int i = 0; i < count; ++i) {
      const int32_t there = value < 256 ? cells[i] / 256 * 256 + value : cells[i] % 256 + value;
      CHECK_EQ(put[i], marks[i] ? there : cells[i]);
    }
    const Growth growth{static_cast<uint16_t>(dice.one_in(3) ? 65535 : dice.between(0, 65535)), 900,
                        static_cast<uint8_t>(dice.between(1, 8))};
    grow_row(marks.data(), sums.data(), bits.data(), next.data(), count, growth);
    for (int i = 0; i < count; ++i) {
      const int limit = sums[i] >= growth.enough ? growth.full : sums[i] * growth.each;
      CHECK_EQ(static_cast<int>(next[i]), static_cast<int>(marks[i] || std::min<int>(bits[i], 65534) < limit));
    }
    mark_kinds(cells.data(), next.data(), count, low);
    for (int i = 0; i < count; ++i) CHECK_EQ(static_cast<int>(next[i]), static_cast<int>(cells[i] % 256 <= low));
  }
}

TEST(map_row_bits_are_those_of_xoshiro) {
  uint64_t key = 7, state[4][kLanes];
  for (auto& lanes : state)
    for (uint64_t& lane : lanes) lane = key = mix64(key);
  RowBits bits(7, 4 * kLanes);
  auto rotated = [](uint64_t x, int by) { return (x << by) | (x >> (64 - by)); };
  for (int draw = 0; draw < 20; ++draw) {
    const uint16_t* row = bits.next();
    for (int lane = 0; lane < kLanes; ++lane) {
      uint64_t &a = state[0][lane], &b = state[1][lane], &c = state[2][lane], &d = state[3][lane];
      const uint64_t drawn = rotated(a + d, 23) + a, shifted = b << 17;
      for (int part = 0; part < 4; ++part) CHECK_EQ(row[4 * lane + part], static_cast<uint16_t>(drawn >> (16 * part)));
      c ^= a, d ^= b, b ^= c, a ^= d, c ^= shifted;
      d = rotated(d, 45);
    }
  }
}

TEST(map_forests_grow_as_often_as_asked) {
  for (const double growth : {0.0, 0.25, 1.0}) {
    Board board(100, 100);
    draw_forest(board.grid(), {1.0, growth, 1, 0}, 2, 5);
    CHECK_EQ(count_things(board.grid(), 2, 2), 10000);
    Board sparse(300, 300), grown(300, 300);
    draw_forest(sparse.grid(), {0.02, growth, 1, 0}, 2, 5);
    draw_forest(grown.grid(), {0.02, growth, 1, 1}, 2, 5);
    const std::vector<int32_t> before = sparse.contents(), after = grown.contents();
    int beside = 0, grew = 0;
    for (int i = 0; i < 90000; ++i) {
      bool has_tree = false;
      for (int r = std::max(0, i / 300 - 1); r <= std::min(299, i / 300 + 1); ++r)
        for (int c = std::max(0, i % 300 - 1); c <= std::min(299, i % 300 + 1); ++c) has_tree |= before[r * 300 + c] == 2;
      if (before[i] != 2 && !has_tree) CHECK_EQ(after[i], 0);
      if (before[i] == 2 || !has_tree) continue;
      ++beside;
      grew += after[i] == 2;
    }
    CHECK(beside > 9000 && std::abs(grew - growth * beside) <= 5 * 0.5 * std::sqrt(beside) * (growth > 0 && growth < 1));
  }
}

TEST(map_partitions_cover_everything_once) {
  for (uint64_t seed = 0; seed < kBoards; ++seed) {
    Dice dice(seed);
    const int height = dice.between(1, 40), width = dice.between(1, 40), least = dice.between(1, 6), count = dice.between(1, 30);
    std::vector<int> covered(static_cast<size_t>(height * width), 0);
    const std::vector<Rect> parts = partition(height, width, count, least, seed);
    CHECK(static_cast<int>(parts.size()) <= count);
    for (const Rect& part : parts) {
      CHECK(parts.size() == 1 || std::min(part.height, part.width) >= std::min({least, height, width}));
      for (int r = part.row; r < part.row + part.height; ++r)
        for (int c = part.column; c < part.column + part.width; ++c) ++covered[static_cast<size_t>(r * width + c)];
    }
    CHECK(std::all_of(covered.begin(), covered.end(), [](int times) { return times == 1; }));
  }
}

TEST(map_orders_hold_every_number_once) {
  for (int count = 0; count < 30; ++count) {
    std::vector<int> order = shuffled(11, static_cast<uint64_t>(count), count);
    std::sort(order.begin(), order.end());
    for (int i = 0; i < count; ++i) CHECK_EQ(order[i], i);
  }
}

}  // namespace
}  // namespace metta::maps
