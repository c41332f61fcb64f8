// Things at places that follow a law: distances from the centre, a spiral, a lattice, a distribution.
#pragma once

#include <cstdint>
#include <vector>

#include "maps/grid.hpp"

namespace metta::maps {

// Things in the order in which they are placed: counts[i] times values[i].
struct Things {
  const std::vector<int32_t>& values;
  const std::vector<int32_t>& counts;
};

// Each thing in a random direction from the centre, its distance Poisson(mean), on an empty cell. Returns how many were placed.
int place_at_mean_distance(const Grid& grid, const Things& things, double mean, uint64_t key);

struct SpiralShape {
  double spacing, start_radius, radius_step, angle_step;
  int jitter;
};
// Along an Archimedean spiral from the centre, `spacing` cells from each other. Returns how many were placed.
int place_on_spiral(const Grid& grid, const Things& things, const SpiralShape& shape, uint64_t key);

struct LatticeShape {
  int rows, columns, margin, jitter;
};
// In the middle of the fields of a lattice, row by row. Returns how many were placed.
int place_on_lattice(const Grid& grid, const Things& things, const LatticeShape& shape, uint64_t key);

enum class Law : int { kUniform = 0, kNormal = 1, kExponential = 2, kPoisson = 3, kBimodal = 4 };

struct Spread {
  Law law;
  double mean, deviation;  // as shares of the side
  int padding;             // empty cells kept around each thing
};
// Row and column of each thing follow a law. Returns how many found an empty place.
int place_by_law(const Grid& grid, const Things& things, const Spread& spread, uint64_t key);

}  // namespace metta::maps
