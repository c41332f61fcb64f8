// Everything that draws maps, with random numbers in all its fields, on random cells: what tools/sanitize runs.
//   fuzz_maps NUM_DRAWINGS [FIRST_SEED]
// Each drawing is made twice, on cells that lie differently in memory: both must be the same, and nothing else may change.
#include <cstdlib>
#include <functional>
#include <iostream>

#include "board.hpp"
#include "check.hpp"
#include "maps/biomes.hpp"
#include "maps/connect.hpp"
#include "maps/maze.hpp"
#include "maps/pattern/convchain.hpp"
#include "maps/pattern/wfc.hpp"
#include "maps/place.hpp"
#include "maps/reach.hpp"
#include "maps/rooms.hpp"
#include "maps/scatter.hpp"
#include "maps/stream.hpp"
#include "maps/terrain.hpp"

namespace metta::maps {
namespace {

// Draws with one set of numbers, which the dice decide before it is called.
using Draw = std::function<void(const Grid&)>;
struct Kind {
  const char* name;
  std::function<Draw(Dice&, int height, int width)> make;
};

double share(Dice& dice) {
  if (dice.one_in(6)) return dice.one_in(2) ? 0.0 : 1.0;
  return dice.between(0, 1 << 20) / static_cast<double>(1 << 20);
}
double real(Dice& dice, double low, double high) { return low + (high - low) * share(dice); }
// Mostly small, sometimes the largest that may be.
int size(Dice& dice, int low, int high) { return dice.one_in(8) ? high : dice.between(low, std::min(high, low + 12)); }
int32_t thing(Dice& dice) { return dice.one_in(5) ? kKinds * dice.between(1, 3) : dice.between(2, 4); }

std::vector<int32_t> values_of(Dice& dice, int count) {
  std::vector<int32_t> values;
  for (int i = 0; i < count; ++i) values.push_back(dice.one_in(4) ? kAgent : thing(dice));
  return values;
}
std::vector<int32_t> counts_of(Dice& dice, int count) {
  std::vector<int32_t> counts;
  for (int i = 0; i < count; ++i) counts.push_back(dice.one_in(6) ? 60000 : dice.between(0, 40));
  return counts;
}
std::vector<uint8_t> marks_of(Dice& dice) {
  std::vector<uint8_t> marks(kKinds, 0);
  for (int kind = 2; kind < 5; ++kind) marks[kind] = dice.one_in(2);
  return marks;
}
Sample sample_of(Dice& dice, int most_size) {
  Sample sample{{}, dice.between(5, 9), dice.between(5, 9), dice.between(2, most_size), dice.one_in(2), 1 << dice.between(0, 3)};
  for (int i = 0; i < sample.height * sample.width; ++i) sample.cells.push_back(dice.between(0, 1));
  return sample;
}

Draw landscape(Dice& dice) {
  const uint64_t key = dice.bits();
  const int32_t value = thing(dice);
  switch (dice.between(0, 5)) {
    case 0: {
      const CaveShape shape{share(dice), dice.between(0, 6), dice.between(0, 9), dice.between(0, 9)};
      return [=](const Grid& grid) { draw_caves(grid, shape, value, key); };
    }
    case 1: {
      const ForestShape shape{share(dice), share(dice), dice.between(1, 8), dice.between(0, 6)};
      return [=](const Grid& grid) { draw_forest(grid, shape, value, key); };
    }
    case 2: {
      const DuneShape shape{real(dice, 1, 512), real(dice, 1e-6, 512), real(dice, -3.15, 3.15), share(dice)};
      return [=](const Grid& grid) { draw_desert(grid, shape, value, key); };
    }
    case 3: {
      const int pitch = size(dice, 2, 256);
      const CityShape shape{pitch, dice.between(1, pitch - 1), size(dice, 0, 16), share(dice), real(dice, 1e-6, 1)};
      return [=](const Grid& grid) { draw_city(grid, shape, value, key); };
    }
    case 4: {
      const int most = size(dice, 0, 64);
      const PlainsShape shape{size(dice, 1, 256), dice.between(0, most), most, size(dice, 0, 64), share(dice), share(dice)};
      return [=](const Grid& grid) { draw_plains(grid, shape, value, key); };
    }
    default: {
      const int deep = size(dice, 1, 256), wide = size(dice, 1, 256);
      const AsteroidShape shape{size(dice, 1, 256), dice.between(1, deep), deep, dice.between(1, wide), wide, share(dice)};
      return [=](const Grid& grid) { draw_asteroid(grid, shape, value, key); };
    }
  }
}

Draw maze(Dice& dice) {
  const MazeShape shape{static_cast<MazeKind>(dice.between(0, 2)), size(dice, 1, 64), size(dice, 1, 64), share(dice)};
  return [shape, value = thing(dice), key = dice.bits()](const Grid& grid) { draw_maze(grid, shape, value, key); };
}

Draw terrain(Dice& dice) {
  auto amount = [&] {
    const int most = dice.between(0, 40);
    return Amount{dice.between(0, most), most};
  };
  const TerrainShape shape{amount(), amount(), amount(), amount(), amount(), amount(), share(dice), share(dice)};
  return [shape, value = thing(dice), key = dice.bits()](const Grid& grid) { draw_terrain(grid, shape, value, key); };
}

Draw radial(Dice& dice) {
  const RadialShape shape{dice.between(2, 12), size(dice, 1, 64), size(dice, 1, 1024), dice.one_in(2), dice.one_in(2)};
  return [shape, value = thing(dice)](const Grid& grid) {
    const std::vector<int32_t> ends = draw_radial(grid, shape, value);
    CHECK_EQ(ends.size(), static_cast<size_t>(2 * shape.arms + 2));
    for (size_t i = 0; i < ends.size(); i += 2) CHECK(grid.contains(ends[i], ends[i + 1]));
  };
}

Draw rooms(Dice& dice, int height, int width) {
  const int least = dice.between(1, std::min(height, width)), corridor = dice.between(0, std::min(least, 16));
  const double low = real(dice, 1e-6, 1), high = real(dice, low, 1);
  const RoomShape shape{size(dice, 1, 4096), least, corridor, low, high};
  return [shape, value = dice.between(2, 4), key = dice.bits()](const Grid& grid) {
    for (const Rect& room : draw_rooms(grid, shape, value, key))
      CHECK(room.height > 0 && room.width > 0 && grid.contains(room.row, room.column) &&
            grid.contains(room.row + room.height - 1, room.column + room.width - 1));
  };
}

Draw places(Dice& dice, int height, int width) {
  const int count = dice.between(0, 4);
  const std::vector<int32_t> values = values_of(dice, count), counts = counts_of(dice, count);
  const uint64_t key = dice.bits();
  switch (dice.between(0, 4)) {
    case 0: {
      const double mean = real(dice, 0, 512);
      return [=](const Grid& grid) { place_at_mean_distance(grid, {values, counts}, mean, key); };
    }
    case 1: {
      const SpiralShape shape{real(dice, 1, 1024), real(dice, 0, 1024), real(dice, 0.5, 64), real(dice, 0.001, 1), size(dice, 0, 64)};
      return [=](const Grid& grid) { place_on_spiral(grid, {values, counts}, shape, key); };
    }
    case 2: {
      const LatticeShape shape{size(dice, 1, 256), size(dice, 1, 256), dice.between(0, (std::min(height, width) - 1) / 2),
                               size(dice, 0, 64)};
      return [=](const Grid& grid) { place_on_lattice(grid, {values, counts}, shape, key); };
    }
    case 3: {
      const Spread spread{static_cast<Law>(dice.between(0, 4)), share(dice), real(dice, 1e-6, 1), dice.between(0, 16)};
      return [=](const Grid& grid) { place_by_law(grid, {values, counts}, spread, key); };
    }
    default: {
      const bool keeps_ways = dice.one_in(2);
      return [=](const Grid& grid) { scatter(grid, values, counts, keeps_ways, key); };
    }
  }
}

Draw checks(Dice& dice) {
  const int num_agents = dice.between(0, 20), most_objects = dice.between(0, 2000);
  const bool has_marks = dice.one_in(2);
  return [=, marks = marks_of(dice), key = dice.bits()](const Grid& grid) {
    settle(grid, grid, {num_agents, most_objects, has_marks ? &marks : nullptr}, key);
  };
}

Draw tunnels(Dice& dice) {
  const Balance balance{real(dice, 1, 4), dice.between(0, 6)};
  return [=, marks = marks_of(dice)](const Grid& grid) {
    join_regions(grid, marks);
    balance_corners(grid, balance, marks);
  };
}

Draw imitation(Dice& dice) {
  const uint64_t key = dice.bits();
  const int32_t value = thing(dice);
  if (dice.one_in(2)) {
    const Sample sample = sample_of(dice, 4);
    const ChainShape shape{dice.between(1, 3), real(dice, 1e-3, 100)};
    return [=](const Grid& grid) { draw_chain(grid, sample, shape, value, key); };
  }
  const Sample sample = sample_of(dice, 5);
  const WaveShape shape{static_cast<NextNode>(dice.between(0, 2)), dice.between(0, 60)};
  return [=](const Grid& grid) { draw_wave(grid, sample, shape, {0, value}, key); };
}

Draw rectangles(Dice& dice) {
  const int row = dice.between(-50, 50), column = dice.between(-50, 50), height = dice.between(-3, 1 << 16),
            width = dice.between(-3, 1 << 16);
  const bool is_there = dice.one_in(2);
  return [=, value = thing(dice)](const Grid& grid) { grid.fill(row, column, height, width, value, is_there); };
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"landscape", [](Dice& dice, int, int) { return landscape(dice); }},
      {"maze", [](Dice& dice, int, int) { return maze(dice); }},
      {"terrain", [](Dice& dice, int, int) { return terrain(dice); }},
      {"radial", [](Dice& dice, int, int) { return radial(dice); }},
      {"rooms", rooms},
      {"places", places},
      {"checks", [](Dice& dice, int, int) { return checks(dice); }},
      {"tunnels", [](Dice& dice, int, int) { return tunnels(dice); }},
      {"imitation", [](Dice& dice, int, int) { return imitation(dice); }},
      {"rectangles", [](Dice& dice, int, int) { return rectangles(dice); }},
  };
  return all;
}

// Kinds 0 to 4 and the grounds 0 to 3 are all that there was, and all that is put there.
bool is_known(int32_t cell) { return cell >= 0 && (cell & (kKinds - 1)) <= 4 && cell / kKinds <= 3; }

void draw_twice(uint64_t seed) {
  Dice dice(seed);
  const Kind& kind = dice.pick(kinds());
  const int height = size(dice, 1, 60), width = size(dice, 1, 60);
  check::context() = "drawing " + std::to_string(seed) + ": " + kind.name + " on " + std::to_string(height) + " x " + std::to_string(width);
  const std::vector<int32_t> before = random_contents(height * width, dice);
  const Draw draw = kind.make(dice, height, width);
  Board plain(height, width), other(height, width, dice.between(0, 7), dice.between(0, 3));
  for (Board* board : {&plain, &other}) {
    board->set(before);
    draw(board->grid());
    CHECK(board->is_rim_whole());
  }
  const std::vector<int32_t> after = plain.contents();
  CHECK(after == other.contents());
  CHECK(std::all_of(after.begin(), after.end(), is_known));
}

}  // namespace
}  // namespace metta::maps

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || std::atoll(argv[1]) < 1) {
    std::cerr << "usage: fuzz_maps NUM_DRAWINGS [FIRST_SEED]\n";
    return 2;
  }
  const auto num_drawings = static_cast<uint64_t>(std::atoll(argv[1])),
             first_seed = static_cast<uint64_t>(argc > 2 ? std::atoll(argv[2]) : 1);
  for (uint64_t seed = first_seed; seed < first_seed + num_drawings; ++seed) metta::maps::draw_twice(seed);
  std::cout << num_drawings << " random drawings, " << metta::check::num_failures() << " findings\n";
  return metta::check::num_failures() == 0 ? 0 : 1;
}
