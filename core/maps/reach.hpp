// Which cells of a map agents can walk to from each other.
#pragma once

#include <cstdint>
#include <vector>

#include "maps/grid.hpp"

namespace metta::maps {

// Cells by the region they lie in. Walking goes to the four sides, over cells that are open.
struct Regions {
  std::vector<int32_t> label;  // [height * width]: number of the region, -1 for cells that are not open
  std::vector<int32_t> sizes;  // cells of each region

  // The region with the most cells; -1 if no cell is open.
  int largest() const;
};

Regions find_regions(const Grid& grid);

// Whether the cells of one region touch every agent and every thing whose kind is marked. No agents: the largest region.
bool all_reached(const Grid& grid, const std::vector<uint8_t>& is_station);

// Steps from the marked cells to every cell, -1 where there is no way.
std::vector<int32_t> walk_lengths(const Grid& grid, const std::vector<int32_t>& starts);

// Whether the cells around an open cell stay connected with each other when something is put on it.
bool leaves_ways(const Grid& grid, int row, int column);

}  // namespace metta::maps
