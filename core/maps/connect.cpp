#include "maps/connect.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "maps/reach.hpp"

namespace metta::maps {
namespace {

struct Border {
  int32_t walls, cell, other;
};

// Digs from a cell back to the region that reached it, if any did.
void dig_back(const Grid& grid, const std::vector<int32_t>& from, int32_t cell) {
  if (from[cell] < 0) return;
  for (; from[cell] != cell; cell = from[cell]) {
    const int row = cell / grid.width(), column = cell % grid.width();
    if (!grid.is_open(row, column)) grid.clear(row, column, 2);
  }
}

// The cheapest ways from a cell to all others, where an open cell costs 1 and a wall `wall_cost`; -1 where there is none.
std::vector<int32_t> cheapest_ways(const Grid& grid, int32_t start, int wall_cost, const std::vector<uint8_t>& can_dig) {
  const int width = grid.width();
  std::vector<int32_t> from(static_cast<size_t>(grid.size()), -1), cost(from.size(), INT32_MAX);
  std::vector<std::vector<int32_t>> buckets(static_cast<size_t>(wall_cost) + 1);  // Dial's queue
  cost[start] = 0;
  from[start] = start;
  buckets[0].push_back(start);
  size_t waiting = 1;
  for (int32_t now = 0; waiting > 0; ++now) {
    auto& bucket = buckets[now % buckets.size()];
    for (size_t i = 0; i < bucket.size(); ++i, --waiting) {
      const int32_t cell = bucket[i];
      if (cost[cell] != now) continue;
      for (const Cell side : kSides) {
        const int r = cell / width + side.row, c = cell % width + side.column;
        if (!grid.contains(r, c)) continue;
        const bool is_open = grid.is_open(r, c);
        if (!is_open && !can_dig[grid.at(r, c) & (kKinds - 1)]) continue;
        const int32_t next = r * width + c, price = now + (is_open ? 1 : wall_cost);
        if (price >= cost[next]) continue;
        cost[next] = price;
        from[next] = cell;
        buckets[price % buckets.size()].push_back(next);
        ++waiting;
      }
    }
    bucket.clear();
  }
  return from;
}

// The open cell that is nearest to a place.
int32_t nearest_open(const Grid& grid, int row, int column) {
  int32_t best = -1;
  int best_distance = INT32_MAX;
  for (int r = 0; r < grid.height(); ++r) {
    if (std::abs(r - row) > best_distance) continue;
    for (int c = 0; c < grid.width(); ++c) {
      const int distance = std::abs(r - row) + std::abs(c - column);
      if (distance < best_distance && grid.is_open(r, c)) best_distance = distance, best = r * grid.width() + c;
    }
  }
  return best;
}

}  // namespace

int join_regions(const Grid& grid, const std::vector<uint8_t>& can_dig) {
  Regions regions = find_regions(grid);
  const int count = static_cast<int>(regions.sizes.size()), width = grid.width();
  if (count <= 1) return count;
  // All regions grow into the walls at the same speed; where two meet, the walls between them are counted.
  std::vector<int32_t>& owner = regions.label;
  std::vector<int32_t> from(owner.size(), -1), walls(owner.size(), 0), queue;
  queue.reserve(owner.size());
  for (int32_t cell = 0; cell < grid.size(); ++cell) {
    if (owner[cell] < 0) continue;
    from[cell] = cell;
    queue.push_back(cell);
  }
  for (size_t next = 0; next < queue.size(); ++next) {
    const int32_t cell = queue[next];
    for (const Cell side : kSides) {
      const int r = cell / width + side.row, c = cell % width + side.column;
      if (!grid.contains(r, c) || from[r * width + c] >= 0 || !can_dig[grid.at(r, c) & (kKinds - 1)]) continue;
      const int32_t other = r * width + c;
      owner[other] = owner[cell];
      from[other] = cell;
      walls[other] = walls[cell] + 1;
      queue.push_back(other);
    }
  }
  std::vector<Border> borders;
  for (const int32_t cell : queue) {
    const int row = cell / width, column = cell % width;
    auto meet = [&](int r, int c) {
      if (!grid.contains(r, c)) return;
      const int32_t other = r * width + c;
      if (owner[other] >= 0 && owner[other] != owner[cell]) borders.push_back({walls[cell] + walls[other], cell, other});
    };
    meet(row + 1, column);
    meet(row, column + 1);
  }
  std::stable_sort(borders.begin(), borders.end(), [](const Border& a, const Border& b) { return a.walls < b.walls; });
  std::vector<int32_t> parent(static_cast<size_t>(count));
  std::iota(parent.begin(), parent.end(), 0);
  auto root = [&](int32_t region) {
    while (parent[region] != region) region = parent[region] = parent[parent[region]];
    return region;
  };
  int left = count;
  for (const Border& border : borders) {
    const int32_t a = root(owner[border.cell]), b = root(owner[border.other]);
    if (a == b) continue;
    parent[a] = b;
    --left;
    dig_back(grid, from, border.cell);
    dig_back(grid, from, border.other);
  }
  return left;
}

double balance_corners(const Grid& grid, const Balance& balance, const std::vector<uint8_t>& can_dig) {
  const int height = grid.height(), width = grid.width();
  const int32_t centre = nearest_open(grid, height / 2, width / 2);
  if (centre < 0) return 0;
  const int32_t corners[4] = {nearest_open(grid, 0, 0), nearest_open(grid, 0, width - 1), nearest_open(grid, height - 1, 0),
                              nearest_open(grid, height - 1, width - 1)};
  double ratio = 0;
  for (int shortcut = 0;; ++shortcut) {
    const std::vector<int32_t> steps = walk_lengths(grid, {centre});
    auto length = [&](int32_t corner) { return steps[corner] < 0 ? INT32_MAX : steps[corner]; };
    const int32_t worst = *std::max_element(corners, corners + 4, [&](int32_t a, int32_t b) { return length(a) < length(b); });
    const int32_t best = *std::min_element(corners, corners + 4, [&](int32_t a, int32_t b) { return length(a) < length(b); });
    ratio = static_cast<double>(length(worst)) / std::max(1, length(best));
    if (ratio <= balance.tolerance || shortcut >= balance.most_shortcuts) return ratio;
    const int before = length(worst);
    // First a few walls that save much; when that is used up, the straight way.
    for (const int wall_cost : {10, 3, 1}) {
      dig_back(grid, cheapest_ways(grid, centre, wall_cost, can_dig), worst);
      if (walk_lengths(grid, {centre})[worst] < before) break;
    }
    if (walk_lengths(grid, {centre})[worst] >= before) return ratio;
  }
}

}  // namespace metta::maps
