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

// Finds the ranks of some numbers among many; keeps its memory from map to map.
class Ranks {
 public:
  // Puts things[i] on the cell whose number is the rank of numbers[i] among as many numbers as the grid has cells, from the
  // smallest on. The numbers are from 0 to 1, 1 excluded, and no two things may have equal ones.
  void scatter(const Grid& grid, const std::vector<int32_t>& things, const double* numbers);

 private:
  std::vector<int32_t> buckets_, ranks_, first_, next_, rank_of_;
};

// How many cells hold a thing of a kind from `low` to `high`; kEmpty counts as one.
int count_things(const Grid& grid, int32_t low, int32_t high);

int count_empty(const Grid& grid);

// What is wrong with a map that scenes have drawn.
enum class Fault : int { kNone = 0, kTooManyAgents = 1, kNoRoom = 2, kNotReached = 3, kTooManyObjects = 4 };

struct Demand {
  int num_agents;
  int most_objects;                        // in the whole grid
  const std::vector<uint8_t>* is_station;  // marks of the kinds that must be reached; null if nothing is promised
};

// Puts the agents that are missing on random empty cells of `field`, and checks the map. If ways are promised they stand in its
// largest open region, and in the whole grid everything must be reached.
Fault settle(const Grid& grid, const Grid& field, const Demand& demand, uint64_t key);

}  // namespace metta::maps
