// Things at random empty cells.
#pragma once

#include <cstdint>
#include <vector>

#include "maps/grid.hpp"

namespace metta::maps {

// Puts counts[i] times values[i] on random empty cells, in this order, while there is room.
// With `keep_ways` only cells of the largest open region are used, and nothing is put where it would cut a way.
// Returns how many there was room for.
int scatter(const Grid& grid, const std::vector<int32_t>& values, const std::vector<int32_t>& counts, bool keep_ways, uint64_t key);

int count_empty(const Grid& grid);

}  // namespace metta::maps
