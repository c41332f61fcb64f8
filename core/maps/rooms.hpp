// Binary space partition: an area is split, its parts are split, and so on.
#pragma once

#include <cstdint>
#include <vector>

#include "maps/grid.hpp"

namespace metta::maps {

struct Rect {
  int row, column, height, width;
};

// Splits height x width cells into at most `count` parts of at least `least` cells along each side.
// The largest part is split first, across its longer side, somewhere in the middle third.
std::vector<Rect> partition(int height, int width, int count, int least, uint64_t key);

struct RoomShape {
  int rooms, least_size, corridor;
  double least_ratio, most_ratio;
};

// Fills the grid and cuts a room into each part of a partition; corridors of `corridor` cells (0 = none) join the two sides of
// every split, each between the two rooms that are nearest.
std::vector<Rect> draw_rooms(const Grid& grid, const RoomShape& shape, int32_t value, uint64_t key);

}  // namespace metta::maps
