#include "maps/terrain.hpp"

#include <algorithm>
#include <cmath>

#include "maps/maze.hpp"

namespace metta::maps {
namespace {

constexpr int kLabyrinth = 11;  // rows and columns of a small labyrinth

class Terrain {
 public:
  Terrain(const Grid& grid, double most_share, int32_t value, uint64_t key)
      : grid_(grid), value_(value), left_(static_cast<int>(grid.size() * most_share)), random_(key) {}

  void draw_all(const TerrainShape& shape) {
    for (int i = amount(shape.labyrinths); i > 0; --i) labyrinth();
    for (int i = amount(shape.blocks); i > 0; --i) block();
    for (int i = amount(shape.large); i > 0; --i) clump(random_.between(10, 25));
    for (int i = amount(shape.small); i > 0; --i) clump(random_.between(3, 6));
    for (int i = amount(shape.crosses); i > 0; --i) cross();
    for (int i = amount(shape.scattered); i > 0 && left_ > 0; --i) scattered(shape.clumpiness);
  }

 private:
  int amount(Amount range) { return random_.between(range.least, range.most); }
  Cell anywhere() { return {random_.below(grid_.height()), random_.below(grid_.width())}; }
  void put(int row, int column) {
    if (left_ <= 0 || !grid_.contains(row, column) || !grid_.is_empty(row, column)) return;
    const int32_t before = grid_.at(row, column);
    grid_.put(row, column, value_);
    left_ -= grid_.at(row, column) != before;
    last_ = {row, column};
  }

  // A walk that leaves a wall on each cell it has not been on.
  void clump(int cells) {
    Cell at = anywhere();
    const int end = left_ - cells;
    for (int i = 0; i < 4 * cells && left_ > end && left_ > 0; ++i) {
      put(at.row, at.column);
      const Cell side = kSides[random_.below(4)];
      if (grid_.contains(at.row + side.row, at.column + side.column)) at = {at.row + side.row, at.column + side.column};
    }
  }

  void cross() {
    const Cell middle = anywhere();
    const int height = random_.between(1, 4), width = random_.between(1, 4);
    for (int r = -height; r <= height; ++r) put(middle.row + r, middle.column);
    for (int c = -width; c <= width; ++c) put(middle.row, middle.column + c);
  }

  void block() {
    const int height = random_.between(2, 14), width = random_.between(2, 14);
    if (height * width > left_) return;
    const Cell corner = anywhere();
    for (int r = 0; r < height; ++r)
      for (int c = 0; c < width; ++c) put(corner.row + r, corner.column + c);
  }

  // A maze with openings in its outer wall and some more inside.
  void labyrinth() {
    const uint64_t key = random_.bits();
    if (grid_.height() < kLabyrinth || grid_.width() < kLabyrinth) return;
    int32_t cells[kLabyrinth * kLabyrinth] = {};
    const Grid whole(cells, kLabyrinth, kLabyrinth, kLabyrinth, 1);
    whole.fill(0, 0, kLabyrinth, kLabyrinth, 2);
    const Grid inner(cells + kLabyrinth + 1, kLabyrinth - 2, kLabyrinth - 2, kLabyrinth, 1);
    draw_maze(inner, {MazeKind::kDfs, 1, 1, 0.15}, 2, key);
    for (int i = 0; i < 4; ++i) {
      const int along = 1 + 2 * random_.below(kLabyrinth / 2);
      const int edge = i < 2 ? 0 : kLabyrinth - 1;
      (i % 2 ? whole.at(along, edge) : whole.at(edge, along)) = 0;
    }
    const int top = random_.below(grid_.height() - kLabyrinth + 1), left = random_.below(grid_.width() - kLabyrinth + 1);
    for (int r = 0; r < kLabyrinth; ++r)
      for (int c = 0; c < kLabyrinth; ++c)
        if (whole.at(r, c)) put(top + r, left + c);
  }

  void scattered(double clumpiness) {
    const bool is_beside = random_.chance(clumpiness);
    const Cell any = anywhere();
    const Cell side = kSides[random_.below(4)];
    is_beside ? put(last_.row + side.row, last_.column + side.column) : put(any.row, any.column);
  }

  const Grid& grid_;
  int32_t value_;
  int left_;
  Random random_;
  Cell last_{0, 0};
};

}  // namespace

void draw_terrain(const Grid& grid, const TerrainShape& shape, int32_t value, uint64_t key) {
  Terrain(grid, shape.most_share, value, key).draw_all(shape);
}

std::vector<int32_t> draw_radial(const Grid& grid, const RadialShape& shape, int32_t value) {
  const int row = grid.height() / 2, column = grid.width() / 2;
  std::vector<int32_t> ends{row, column};
  if (shape.background) grid.fill(0, 0, grid.height(), grid.width(), value);
  auto walk = [&](int arm, int width, bool is_there, bool notes_end) {
    const double angle = 2 * 3.14159265358979323846 * arm / shape.arms;
    const double down = std::sin(angle), right = std::cos(angle);
    int r = row, c = column;
    for (int step = 0; step <= shape.arm_length; ++step) {
      const int next_row = row + static_cast<int>(std::lround(down * step)),
                next_column = column + static_cast<int>(std::lround(right * step));
      if (!grid.contains(next_row, next_column)) break;
      r = next_row, c = next_column;
      grid.fill(r - width / 2, c - width / 2, width, width, value, is_there);
      // Where an arm of one cell goes diagonally it would be cut for those who walk to the four sides only.
      if (c > 0) grid.fill(r - width / 2, c - 1 - width / 2, width, width, value, is_there);
    }
    if (notes_end) ends.insert(ends.end(), {r, c});
  };
  if (shape.outline && !shape.background)
    for (int arm = 0; arm < shape.arms; ++arm) walk(arm, shape.arm_width + 2, true, false);
  for (int arm = 0; arm < shape.arms; ++arm) walk(arm, shape.arm_width, false, true);
  return ends;
}

}  // namespace metta::maps
