// Joins what is apart: tunnels through walls, as few cells as possible.
#pragma once

#include <cstdint>
#include <vector>

#include "maps/grid.hpp"

namespace metta::maps {

// Digs until all open cells form one region: between regions the tunnels of fewest walls, as a spanning tree.
// Only the marked kinds are dug away. Returns the number of regions that are left: 1, or more where nothing can be dug.
int join_regions(const Grid& grid, const std::vector<uint8_t>& can_dig);

struct Balance {
  double tolerance;  // the longest way may be this many times the shortest
  int most_shortcuts;
};
// Digs shortcuts until the ways from the centre to the four corners are about equally long, or nothing shortens them.
// Returns the ratio of the longest to the shortest way; 0 if there is no open cell.
double balance_corners(const Grid& grid, const Balance& balance, const std::vector<uint8_t>& can_dig);

}  // namespace metta::maps
