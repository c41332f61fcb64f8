// Landscapes: each puts one thing on cells of the grid and leaves the others as they are.
#pragma once

#include <cstdint>

#include "maps/grid.hpp"

namespace metta::maps {

struct CaveShape {
  double fill;
  int steps, birth, death;
};
// A cellular automaton: random cells, then a cell becomes solid with at least `birth` solid neighbours of eight, and stays
// solid with at least `death`. What lies outside counts as solid.
void draw_caves(const Grid& grid, const CaveShape& shape, int32_t value, uint64_t key);

struct ForestShape {
  double seeds, growth;
  int neighbors, steps;
};
// Clumps: seeds, around which in every step more grow; where at least `neighbors` stand, with the whole probability.
void draw_forest(const Grid& grid, const ForestShape& shape, int32_t value, uint64_t key);

struct DuneShape {
  double period, ridge, angle, noise;
};
// Parallel ridges, one every `period` cells, their edges blurred by noise.
void draw_desert(const Grid& grid, const DuneShape& shape, int32_t value, uint64_t key);

struct CityShape {
  int pitch, road, jitter;
  double place, least_share;
};
// Blocks between roads.
void draw_city(const Grid& grid, const CityShape& shape, int32_t value, uint64_t key);

struct PlainsShape {
  int period, least_radius, most_radius, jitter;
  double fill, place;
};
// Small heaps, far from each other.
void draw_plains(const Grid& grid, const PlainsShape& shape, int32_t value, uint64_t key);

struct AsteroidShape {
  int step, least_depth, most_depth, least_width, most_width;
  double chunk;
};
// A ragged rim: every `step` cells along the sides a chunk may reach inwards.
void draw_asteroid(const Grid& grid, const AsteroidShape& shape, int32_t value, uint64_t key);

}  // namespace metta::maps
