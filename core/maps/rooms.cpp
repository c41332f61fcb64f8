#include "maps/rooms.hpp"

#include <algorithm>

namespace metta::maps {
namespace {

// Each split halves a part in place: one side keeps its number, the other is added. `splits` notes (kept, added).
std::vector<Rect> split(int height, int width, int count, int least, Random& random, std::vector<std::pair<int, int>>* splits) {
  std::vector<Rect> parts{{0, 0, height, width}};
  auto can_split = [&](const Rect& part) { return std::max(part.height, part.width) >= std::max(2, 2 * least); };
  while (static_cast<int>(parts.size()) < count) {
    int pick = -1;
    for (int i = 0; i < static_cast<int>(parts.size()); ++i)
      if (can_split(parts[i]) && (pick < 0 || parts[i].height * parts[i].width > parts[pick].height * parts[pick].width)) pick = i;
    if (pick < 0) break;
    Rect &kept = parts[pick], added = kept;
    const bool is_tall = kept.height > kept.width || (kept.height == kept.width && random.below(2) == 0);
    int& length = is_tall ? kept.height : kept.width;
    const int third = std::max(least, length / 3), at = random.between(third, std::max(third, length - third));
    (is_tall ? added.row : added.column) += at;
    (is_tall ? added.height : added.width) = length - at;
    length = at;
    if (splits) splits->push_back({pick, static_cast<int>(parts.size())});
    parts.push_back(added);
  }
  return parts;
}

int gap(int begin, int end, int other_begin, int other_end) { return std::max({0, other_begin - end, begin - other_end}); }

int distance(const Rect& a, const Rect& b) {
  return gap(a.row, a.row + a.height, b.row, b.row + b.height) + gap(a.column, a.column + a.width, b.column, b.column + b.width);
}

// A way from room to room: straight where they face each other, else round a corner.
void dig(const Grid& grid, const Rect& from, const Rect& to, int corridor, int32_t value, Random& random) {
  auto inside = [&](const Rect& room, bool is_row) {
    const int begin = is_row ? room.row : room.column, length = is_row ? room.height : room.width;
    return begin + random.below(std::max(1, length - corridor + 1));
  };
  auto shared = [&](bool is_row, int& low, int& high) {
    low = is_row ? std::max(from.row, to.row) : std::max(from.column, to.column);
    high = is_row ? std::min(from.row + from.height, to.row + to.height) : std::min(from.column + from.width, to.column + to.width);
    return high - low >= corridor;
  };
  int r1 = inside(from, true), c1 = inside(from, false), r2 = inside(to, true), c2 = inside(to, false), low = 0, high = 0;
  if (shared(true, low, high)) {
    r1 = r2 = random.between(low, high - corridor);
  } else if (shared(false, low, high)) {
    c1 = c2 = random.between(low, high - corridor);
  }
  const bool is_row_first = random.below(2) == 0;
  const int corner_row = is_row_first ? r1 : r2, corner_column = is_row_first ? c2 : c1;
  auto bar = [&](int row_a, int column_a, int row_b, int column_b) {
    const int top = std::min(row_a, row_b), left = std::min(column_a, column_b);
    grid.fill(top, left, std::abs(row_a - row_b) + corridor, std::abs(column_a - column_b) + corridor, value, false);
  };
  bar(r1, c1, corner_row, corner_column);
  bar(corner_row, corner_column, r2, c2);
}

}  // namespace

std::vector<Rect> partition(int height, int width, int count, int least, uint64_t key) {
  Random random(key);
  return split(height, width, count, least, random, nullptr);
}

std::vector<Rect> draw_rooms(const Grid& grid, const RoomShape& shape, int32_t value, uint64_t key) {
  Random random(key);
  std::vector<std::pair<int, int>> splits;
  // One cell at the lower and right side of each part stays wall.
  std::vector<Rect> rooms = split(grid.height(), grid.width(), shape.rooms, shape.least_size + 1, random, &splits);
  grid.fill(0, 0, grid.height(), grid.width(), value);
  for (Rect& room : rooms) {
    auto cut = [&](int& begin, int& length) {
      const int most = std::max(1, length - 1),
                low = std::min(most, std::max(shape.least_size, static_cast<int>(length * shape.least_ratio)));
      const int size = random.between(low, std::min(most, std::max(low, static_cast<int>(length * shape.most_ratio))));
      begin += random.below(most - size + 1);
      length = size;
    };
    cut(room.row, room.height);
    cut(room.column, room.width);
    grid.fill(room.row, room.column, room.height, room.width, value, false);
  }
  if (shape.corridor == 0) return rooms;
  // From the last split back: what was split off later already hangs together.
  std::vector<std::vector<int>> group(rooms.size());
  for (int i = 0; i < static_cast<int>(rooms.size()); ++i) group[i] = {i};
  for (auto it = splits.rbegin(); it != splits.rend(); ++it) {
    int from = -1, to = -1;
    for (const int a : group[it->first])
      for (const int b : group[it->second])
        if (from < 0 || distance(rooms[a], rooms[b]) < distance(rooms[from], rooms[to])) from = a, to = b;
    dig(grid, rooms[from], rooms[to], shape.corridor, value, random);
    auto& all = group[it->first];
    all.insert(all.end(), group[it->second].begin(), group[it->second].end());
  }
  return rooms;
}

}  // namespace metta::maps
