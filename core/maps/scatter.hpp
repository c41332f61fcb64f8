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

// What is wrong with a map that scenes have drawn.
enum class Fault : int { kNone = 0, kTooManyAgents = 1, kNoRoom = 2, kNotReached = 3 };

// Puts the agents that are missing on random empty cells of `field`. With marks of the kinds that must be reached: on cells of
// its largest open region, and then checks that in the whole grid everything is reached.
Fault settle(const Grid& grid, const Grid& field, int num_agents, const std::vector<uint8_t>* is_station, uint64_t key);

}  // namespace metta::maps
