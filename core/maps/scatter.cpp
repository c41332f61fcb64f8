#include "maps/scatter.hpp"

#include "maps/cells/rows.hpp"
#include "maps/reach.hpp"

namespace metta::maps {
namespace {

// Hands out each fitting cell at most once, in random order.
class Places {
 public:
  Places(const Grid& grid, const std::vector<int32_t>& values, bool keep_ways, uint64_t key)
      : grid_(grid), random_(key), keep_ways_(keep_ways) {
    bool has_ground = false;
    for (const int32_t value : values) has_ground |= value >= kKinds;
    for (const int32_t value : values) is_thing_[value & (kKinds - 1)] = value < kKinds && value > kAgent;
    if (keep_ways || has_ground) list_cells();
  }

  bool put(int32_t value) {
    if (!is_listed_) {
      // On a field that is not full a few random cells find an empty one sooner than a list of all does.
      for (int i = 0; i < kGuesses; ++i) {
        const int row = random_.below(grid_.height()), column = random_.below(grid_.width());
        if (!grid_.is_empty(row, column)) continue;
        grid_.put(row, column, value);
        return true;
      }
      list_cells();
    }
    std::vector<int32_t>& pool = value == kAgent ? cells_ : candidates();
    while (!pool.empty()) {
      const int pick = random_.below(static_cast<int>(pool.size()));
      const int row = pool[pick] >> 16, column = pool[pick] & 0xffff;
      pool[pick] = pool.back();
      pool.pop_back();
      if (!grid_.is_empty(row, column)) continue;
      if (keep_ways_ && value != kAgent && !is_free(row, column)) continue;
      grid_.put(row, column, value);
      return true;
    }
    return false;
  }

 private:
  static constexpr int kGuesses = 24;

  void list_cells() {
    is_listed_ = true;
    Regions regions;
    if (keep_ways_) regions = find_regions(grid_);
    const int home = keep_ways_ ? regions.largest() : 0;
    cells_.resize(static_cast<size_t>(grid_.size()));
    size_t count = 0;
    for (int row = 0, index = 0; row < grid_.height(); ++row) {
      for (int column = 0; column < grid_.width(); ++column, ++index) {
        cells_[count] = (row << 16) | column;
        count += grid_.is_empty(row, column) && (!keep_ways_ || regions.label[index] == home);
      }
    }
    cells_.resize(count);
  }

  // Whether a thing here cuts no way, and takes no thing beside it the last cell from which it can be reached.
  bool is_free(int row, int column) const {
    if (!leaves_ways(grid_, row, column)) return false;
    for (const Cell side : kSides) {
      const int r = row + side.row, c = column + side.column;
      if (grid_.contains(r, c) && is_thing_[grid_.at(r, c) & (kKinds - 1)] && open_sides(r, c) < 2) return false;
    }
    return true;
  }
  int open_sides(int row, int column) const {
    int count = 0;
    for (const Cell side : kSides)
      count += grid_.contains(row + side.row, column + side.column) && grid_.is_open(row + side.row, column + side.column);
    return count;
  }

  // Cells that do not fit a thing may still fit an agent, so things draw from a list of their own.
  std::vector<int32_t>& candidates() {
    if (!keep_ways_) return cells_;
    if (!has_candidates_) candidates_ = cells_;
    has_candidates_ = true;
    return candidates_;
  }

  const Grid& grid_;
  Random random_;
  bool keep_ways_;
  bool is_listed_ = false;
  bool has_candidates_ = false;
  bool is_thing_[kKinds] = {};
  std::vector<int32_t> cells_, candidates_;
};

}  // namespace

int scatter(const Grid& grid, const std::vector<int32_t>& values, const std::vector<int32_t>& counts, bool keep_ways, uint64_t key) {
  Places places(grid, values, keep_ways, key);
  int placed = 0;
  for (size_t kind = 0; kind < values.size(); ++kind) {
    for (int i = 0; i < counts[kind]; ++i, ++placed)
      if (!places.put(values[kind])) return placed;
  }
  return placed;
}

// Numbers are counted in as many buckets as there are cells: the rank of a number is that of its bucket, plus how many in the same
// bucket are smaller. Sorting all of them would take longer.
void Ranks::scatter(const Grid& grid, const std::vector<int32_t>& things, const double* numbers) {
  const int count = grid.size(), num_things = static_cast<int>(things.size());
  const double scale = count;
  buckets_.resize(static_cast<size_t>(count));
  ranks_.assign(static_cast<size_t>(count) + 1, 0);
  first_.assign(static_cast<size_t>(count), -1);
  next_.resize(things.size());
  rank_of_.resize(things.size());
  int32_t* const buckets = buckets_.data();
  for (int i = 0; i < count; ++i) buckets[i] = static_cast<int32_t>(numbers[i] * scale);
  for (int i = 0; i < count; ++i) ++ranks_[buckets[i] + 1];
  for (int i = 0; i < count; ++i) ranks_[i + 1] += ranks_[i];
  for (int thing = 0; thing < num_things; ++thing) {
    rank_of_[thing] = ranks_[buckets[thing]];
    next_[thing] = first_[buckets[thing]];
    first_[buckets[thing]] = thing;
  }
  for (int i = 0; i < count; ++i)
    for (int thing = first_[buckets[i]]; thing >= 0; thing = next_[thing]) rank_of_[thing] += numbers[i] < numbers[thing];
  for (int thing = 0; thing < num_things; ++thing) grid.put(rank_of_[thing] / grid.width(), rank_of_[thing] % grid.width(), things[thing]);
}

int count_things(const Grid& grid, int32_t low, int32_t high) {
  int count = 0;
  for (int row = 0; row < grid.height(); ++row) {
    if (const int32_t* cells = grid.flat_row(row)) {
      count += count_row(cells, grid.width(), low, high);
      continue;
    }
    for (int column = 0; column < grid.width(); ++column) {
      const int32_t kind = grid.at(row, column) & (kKinds - 1);
      count += low <= kind && kind <= high;
    }
  }
  return count;
}

int count_empty(const Grid& grid) { return count_things(grid, kEmpty, kEmpty); }

Fault settle(const Grid& grid, const Grid& field, const Demand& demand, uint64_t key) {
  const int placed = count_things(field, kAgent, kAgent);
  if (placed > demand.num_agents) return Fault::kTooManyAgents;
  const int missing = demand.num_agents - placed;
  if (missing > 0 && scatter(field, {kAgent}, {missing}, demand.is_station != nullptr, key) < missing) return Fault::kNoRoom;
  if (demand.is_station && !all_reached(grid, *demand.is_station)) return Fault::kNotReached;
  const bool is_bounded = demand.most_objects < grid.size();
  if (is_bounded && count_things(grid, kAgent + 1, kKinds - 1) > demand.most_objects) return Fault::kTooManyObjects;
  return Fault::kNone;
}

}  // namespace metta::maps
