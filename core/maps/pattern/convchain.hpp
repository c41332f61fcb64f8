// ConvChain (M. Gumin, github.com/mxgmn/ConvChain, 2016): a map whose N x N pieces are about as frequent as in an example.
#pragma once

#include <cstdint>
#include <vector>

#include "maps/grid.hpp"
#include "maps/pattern/wfc.hpp"

namespace metta::maps {

struct ChainShape {
  int iterations;      // how often each cell is tried, on average
  double temperature;  // above 0; the higher, the more freely
};

// A Markov chain: cells are flipped with the probability min(1, (product of the weights after / before)^(1 / temperature)).
// `sample` holds 0 and 1; marked cells get the thing, and the map begins again beyond its edges.
void draw_chain(const Grid& grid, const Sample& sample, const ChainShape& shape, int32_t value, uint64_t key);

}  // namespace metta::maps
