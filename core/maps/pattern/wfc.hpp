// Wave function collapse, the overlapping model (M. Gumin, github.com/mxgmn/WaveFunctionCollapse, 2016): a map of which every
// N x N cells are N x N cells of an example.
#pragma once

#include <cstdint>
#include <vector>

#include "maps/grid.hpp"

namespace metta::maps {

enum class NextNode : int { kEntropy = 0, kFewest = 1, kScanline = 2 };

struct Sample {
  std::vector<int32_t> cells;  // [height * width] of any small numbers
  int height, width;
  int size;        // N
  bool periodic;   // whether the example begins again beyond its edges
  int symmetries;  // how many of the eight ways to lay it count: 1, 2 (mirrored), 4 (turned) or 8
};

// The N x N pieces of a sample, each once, with the number of times it is there.
struct Pieces {
  int size;
  std::vector<std::vector<int32_t>> cells;
  std::vector<int32_t> weights;
};
Pieces find_pieces(const Sample& sample);

struct WaveShape {
  NextNode next;
  int attempts;  // contradictions that are repaired before it gives up
};

// Writes values[n] for every cell of the sample's number n. Returns whether a map was found within the attempts.
//
// A contradiction is repaired, not begun anew: the cells around it are forgotten, and collapse again; more of them each time.
bool draw_wave(const Grid& grid, const Sample& sample, const WaveShape& shape, const std::vector<int32_t>& values, uint64_t key);

}  // namespace metta::maps
