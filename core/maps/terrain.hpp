// Terrain of many shapes strewn over a field, and mazes of arms.
#pragma once

#include <cstdint>
#include <vector>

#include "maps/grid.hpp"

namespace metta::maps {

// How many of each shape: a range for each.
struct Amount {
  int least, most;
};
struct TerrainShape {
  Amount large, small, crosses, labyrinths, scattered, blocks;
  double clumpiness;  // share of the scattered walls that stand beside others
  double most_share;  // share of the cells that is never exceeded
};

// Strews shapes over empty cells; at most `most_share` of all cells get the thing.
void draw_terrain(const Grid& grid, const TerrainShape& shape, int32_t value, uint64_t key);

struct RadialShape {
  int arms, arm_width, arm_length;
  bool background, outline;
};
// Arms from the centre outwards. Returns row and column of the centre and of the end of each arm.
std::vector<int32_t> draw_radial(const Grid& grid, const RadialShape& shape, int32_t value);

}  // namespace metta::maps
