// Perfect mazes on a lattice of rooms: between any two rooms there is exactly one way, before `branching` opens more.
#pragma once

#include <cstdint>

#include "maps/grid.hpp"

namespace metta::maps {

enum class MazeKind : int { kKruskal = 0, kPrim = 1, kDfs = 2 };

struct MazeShape {
  MazeKind kind;
  int corridor;      // width of rooms and corridors
  int wall;          // thickness of walls
  double branching;  // share of the walls between neighbouring rooms that are opened in addition
};

// Fills the grid with `value` and carves the maze, from its upper left corner on.
// Returns whether there is room for at least one room.
bool draw_maze(const Grid& grid, const MazeShape& shape, int32_t value, uint64_t key);

}  // namespace metta::maps
