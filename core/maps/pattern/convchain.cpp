#include "maps/pattern/convchain.hpp"

#include <cmath>

namespace metta::maps {
namespace {

constexpr double kUnseen = 0.1;  // weight of a piece that the example lacks

// Logarithms of the weights of all 2^(N*N) pieces, over the temperature. Bit r * N + c is the cell in row r and column c.
std::vector<float> log_weights(const Sample& sample, double temperature) {
  const int bits = sample.size * sample.size;
  std::vector<float> weights(size_t{1} << bits, static_cast<float>(std::log(kUnseen) / temperature));
  const Pieces pieces = find_pieces(sample);
  for (size_t i = 0; i < pieces.cells.size(); ++i) {
    uint32_t code = 0;
    for (int bit = 0; bit < bits; ++bit) code |= static_cast<uint32_t>(pieces.cells[i][bit] != 0) << bit;
    weights[code] = static_cast<float>(std::log(static_cast<double>(pieces.weights[i])) / temperature);
  }
  return weights;
}

}  // namespace

void draw_chain(const Grid& grid, const Sample& sample, const ChainShape& shape, int32_t value, uint64_t key) {
  const int height = grid.height(), width = grid.width(), n = sample.size;
  const std::vector<float> weights = log_weights(sample, shape.temperature);
  Random random(key);
  std::vector<uint8_t> cells(static_cast<size_t>(grid.size()));
  for (auto& cell : cells) cell = static_cast<uint8_t>(random.below(2));
  // The code of the piece at each cell, its upper left corner; over the edge the map begins again.
  std::vector<uint32_t> codes(cells.size(), 0);
  auto flip = [&](int row, int column) {
    for (int r = 0; r < n; ++r) {
      const int top = row - r < 0 ? (row - r) % height + height : row - r;
      for (int c = 0; c < n; ++c) {
        const int left = column - c < 0 ? (column - c) % width + width : column - c;
        codes[static_cast<size_t>(top % height) * width + left % width] ^= 1u << (r * n + c);
      }
    }
  };
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column)
      if (cells[row * width + column]) flip(row, column);
  const int64_t tries = static_cast<int64_t>(shape.iterations) * grid.size();
  for (int64_t i = 0; i < tries; ++i) {
    const int row = random.below(height), column = random.below(width);
    float gain = 0;
    for (int r = 0; r < n; ++r) {
      const int top = row - r < 0 ? (row - r) % height + height : row - r;
      const uint32_t* codes_of_row = codes.data() + static_cast<size_t>(top % height) * width;
      for (int c = 0; c < n; ++c) {
        const int left = column - c < 0 ? (column - c) % width + width : column - c;
        const uint32_t code = codes_of_row[left % width];
        gain += weights[code ^ (1u << (r * n + c))] - weights[code];
      }
    }
    if (gain < 0 && static_cast<float>(random.below(1 << 24)) * 0x1p-24f >= std::exp(gain)) continue;
    cells[row * width + column] ^= 1;
    flip(row, column);
  }
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column)
      if (cells[row * width + column]) grid.put(row, column, value);
}

}  // namespace metta::maps
