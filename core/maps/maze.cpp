#include "maps/maze.hpp"

#include <numeric>
#include <vector>

namespace metta::maps {
namespace {

// Rooms in rows and columns; a passage leads to the east (bit 1) or to the south (bit 2) of its room.
class Maze {
 public:
  Maze(int rows, int columns, uint64_t key)
      : rows_(rows), columns_(columns), passages_(static_cast<size_t>(rows) * columns, 0), random_(key) {}

  void carve_kruskal();
  void carve_prim();
  void carve_dfs();
  void branch(double share);
  bool is_open(int room, int bit) const { return passages_[room] & bit; }

 private:
  static constexpr uint8_t kEast = 1, kSouth = 2;

  bool has(int room, int side) const {
    const int row = room / columns_ + kSides[side].row, column = room % columns_ + kSides[side].column;
    return row >= 0 && column >= 0 && row < rows_ && column < columns_;
  }
  int beside(int room, int side) const { return room + kSides[side].row * columns_ + kSides[side].column; }
  void open(int room, int side) {
    const int other = beside(room, side);
    if (side == 1) passages_[room] |= kEast;
    if (side == 2) passages_[room] |= kSouth;
    if (side == 3) passages_[other] |= kEast;
    if (side == 0) passages_[other] |= kSouth;
  }

  int rows_, columns_;
  std::vector<uint8_t> passages_;
  Random random_;
};

// J. B. Kruskal, "On the shortest spanning subtree of a graph" (1956), with walls in random order.
void Maze::carve_kruskal() {
  std::vector<int32_t> walls, parent(passages_.size());
  walls.reserve(2 * passages_.size());
  std::iota(parent.begin(), parent.end(), 0);
  for (int room = 0; room < rows_ * columns_; ++room) {
    if (room % columns_ + 1 < columns_) walls.push_back(room * 4 + 1);
    if (room / columns_ + 1 < rows_) walls.push_back(room * 4 + 2);
  }
  auto root = [&](int32_t room) {
    while (parent[room] != room) room = parent[room] = parent[parent[room]];
    return room;
  };
  size_t left = passages_.size() - 1;
  // The shuffle stops when everything is joined: the rest of the walls stays.
  for (size_t next = 0; next < walls.size() && left > 0; ++next) {
    std::swap(walls[next], walls[next + random_.below(static_cast<int>(walls.size() - next))]);
    const int room = walls[next] / 4, side = walls[next] % 4;
    const int32_t a = root(room), b = root(beside(room, side));
    if (a == b) continue;
    parent[a] = b;
    open(room, side);
    --left;
  }
}

// R. C. Prim, "Shortest connection networks and some generalizations" (1957), with a random wall of the border each time.
void Maze::carve_prim() {
  std::vector<int32_t> border;
  std::vector<uint8_t> is_in(passages_.size(), 0);
  auto enter = [&](int room) {
    is_in[room] = 1;
    for (int side = 0; side < 4; ++side)
      if (has(room, side) && !is_in[beside(room, side)]) border.push_back(room * 4 + side);
  };
  enter(random_.below(rows_ * columns_));
  while (!border.empty()) {
    const int pick = random_.below(static_cast<int>(border.size()));
    const int room = border[pick] / 4, side = border[pick] % 4;
    border[pick] = border.back();
    border.pop_back();
    const int other = beside(room, side);
    if (is_in[other]) continue;
    open(room, side);
    enter(other);
  }
}

// Depth first with a stack: long corridors, few branches.
void Maze::carve_dfs() {
  std::vector<uint8_t> is_in(passages_.size(), 0);
  std::vector<int32_t> stack{random_.below(rows_ * columns_)};
  is_in[stack[0]] = 1;
  while (!stack.empty()) {
    const int room = stack.back();
    int sides[4], count = 0;
    for (int side = 0; side < 4; ++side)
      if (has(room, side) && !is_in[beside(room, side)]) sides[count++] = side;
    if (count == 0) {
      stack.pop_back();
      continue;
    }
    const int side = sides[count == 1 ? 0 : random_.below(count)];
    open(room, side);
    is_in[beside(room, side)] = 1;
    stack.push_back(beside(room, side));
  }
}

void Maze::branch(double share) {
  if (share <= 0) return;
  for (int room = 0; room < rows_ * columns_; ++room)
    for (const int side : {1, 2})
      if (has(room, side) && !is_open(room, side == 1 ? kEast : kSouth) && random_.chance(share)) open(room, side);
}

}  // namespace

bool draw_maze(const Grid& grid, const MazeShape& shape, int32_t value, uint64_t key) {
  const int pitch = shape.corridor + shape.wall;
  const int rows = (grid.height() + shape.wall) / pitch, columns = (grid.width() + shape.wall) / pitch;
  grid.fill(0, 0, grid.height(), grid.width(), value);
  if (rows < 1 || columns < 1) return false;
  Maze maze(rows, columns, key);
  if (shape.kind == MazeKind::kKruskal) maze.carve_kruskal();
  if (shape.kind == MazeKind::kPrim) maze.carve_prim();
  if (shape.kind == MazeKind::kDfs) maze.carve_dfs();
  maze.branch(shape.branching);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const int room = row * columns + column, top = row * pitch, left = column * pitch;
      const int width = maze.is_open(room, 1) ? pitch : shape.corridor;
      grid.fill(top, left, shape.corridor, width, value, false);
      if (maze.is_open(room, 2)) grid.fill(top + shape.corridor, left, shape.wall, shape.corridor, value, false);
    }
  }
  return true;
}

}  // namespace metta::maps
