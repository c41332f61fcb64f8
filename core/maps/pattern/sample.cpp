#include <algorithm>
#include <map>

#include "maps/pattern/wfc.hpp"

namespace metta::maps {
namespace {

using Piece = std::vector<int32_t>;

Piece turned(const Piece& piece, int size) {
  Piece out(piece.size());
  for (int r = 0; r < size; ++r)
    for (int c = 0; c < size; ++c) out[r * size + c] = piece[(size - 1 - c) * size + r];
  return out;
}

Piece mirrored(const Piece& piece, int size) {
  Piece out(piece.size());
  for (int r = 0; r < size; ++r)
    for (int c = 0; c < size; ++c) out[r * size + c] = piece[r * size + size - 1 - c];
  return out;
}

}  // namespace

Pieces find_pieces(const Sample& sample) {
  const int size = sample.size;
  const int rows = sample.height - (sample.periodic ? 0 : size - 1), columns = sample.width - (sample.periodic ? 0 : size - 1);
  std::map<Piece, int32_t> counts;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      Piece piece;
      for (int r = 0; r < size; ++r)
        for (int c = 0; c < size; ++c)
          piece.push_back(sample.cells[(row + r) % sample.height * sample.width + (column + c) % sample.width]);
      // 1: as it is; 2: and mirrored; 4: turned by quarters; 8: both.
      const int turns = sample.symmetries >= 4 ? 4 : 1;
      for (int turn = 0; turn < turns; ++turn) {
        ++counts[piece];
        if (sample.symmetries == 2 || sample.symmetries == 8) ++counts[mirrored(piece, size)];
        if (turn + 1 < turns) piece = turned(piece, size);
      }
    }
  }
  Pieces found{size, {}, {}};
  for (const auto& [piece, count] : counts) {
    found.cells.push_back(piece);
    found.weights.push_back(count);
  }
  return found;
}

}  // namespace metta::maps
