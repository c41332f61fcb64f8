#include "maps/reach.hpp"

#include <algorithm>

#include "maps/cells/rows.hpp"
#include "maps/scatter.hpp"

namespace metta::maps {

int Regions::largest() const { return sizes.empty() ? -1 : static_cast<int>(std::max_element(sizes.begin(), sizes.end()) - sizes.begin()); }

// Runs of open cells in a row get a number; runs that touch from row to row are joined (union by the smaller number).
Regions find_regions(const Grid& grid) {
  const int height = grid.height(), width = grid.width();
  Regions found{std::vector<int32_t>(static_cast<size_t>(grid.size()), -1), {}};
  std::vector<int32_t> parent;
  auto root = [&](int32_t run) {
    while (parent[run] != run) run = parent[run] = parent[parent[run]];
    return run;
  };
  int32_t* row_labels = found.label.data();
  std::vector<uint8_t> is_open(static_cast<size_t>(width));
  for (int row = 0; row < height; ++row, row_labels += width) {
    if (const int32_t* cells = grid.flat_row(row)) {
      mark_kinds(cells, is_open.data(), width, kAgent);
    } else {
      for (int column = 0; column < width; ++column) is_open[column] = grid.is_open(row, column);
    }
    const int32_t* above = row_labels - width;
    int32_t current = -1;
    for (int column = 0; column < width; ++column) {
      if (!is_open[column]) {
        current = -1;
        continue;
      }
      if (current < 0) {
        current = static_cast<int32_t>(parent.size());
        parent.push_back(current);
      }
      row_labels[column] = current;
      if (row > 0 && above[column] >= 0 && (column == 0 || row_labels[column - 1] < 0 || above[column - 1] < 0)) {
        const int32_t a = root(above[column]), b = root(current);
        if (a != b) parent[std::max(a, b)] = std::min(a, b);
      }
    }
  }
  std::vector<int32_t> number(parent.size(), -1);
  for (int32_t run = 0; run < static_cast<int32_t>(parent.size()); ++run) {
    const int32_t top = root(run);
    if (number[top] < 0) {
      number[top] = static_cast<int32_t>(found.sizes.size());
      found.sizes.push_back(0);
    }
    number[run] = number[top];
  }
  for (int32_t& label : found.label) {
    if (label < 0) continue;
    label = number[label];
    ++found.sizes[label];
  }
  return found;
}

bool all_reached(const Grid& grid, const std::vector<uint8_t>& is_station) {
  const bool has_stations = std::any_of(is_station.begin(), is_station.end(), [](uint8_t mark) { return mark != 0; });
  if (!has_stations && count_things(grid, kAgent, kAgent) == 0) return true;
  const Regions regions = find_regions(grid);
  const int width = grid.width();
  int home = -1;
  for (int index = 0; index < grid.size() && home < 0; ++index)
    if ((grid.at(index) & (kKinds - 1)) == kAgent) home = regions.label[index];
  if (home < 0) home = regions.largest();
  for (int row = 0; row < grid.height(); ++row) {
    for (int column = 0; column < width; ++column) {
      const int kind = grid.at(row, column) & (kKinds - 1);
      if (kind == kAgent && regions.label[row * width + column] != home) return false;
      if (kind <= kAgent || !is_station[kind]) continue;
      const bool is_touched = std::any_of(std::begin(kSides), std::end(kSides), [&](Cell side) {
        const int r = row + side.row, c = column + side.column;
        return grid.contains(r, c) && home >= 0 && regions.label[r * width + c] == home;
      });
      if (!is_touched) return false;
    }
  }
  return true;
}

std::vector<int32_t> walk_lengths(const Grid& grid, const std::vector<int32_t>& starts) {
  const int width = grid.width();
  std::vector<int32_t> steps(static_cast<size_t>(grid.size()), -1), queue;
  queue.reserve(steps.size());
  for (const int32_t start : starts) {
    if (steps[start] == 0) continue;
    steps[start] = 0;
    queue.push_back(start);
  }
  for (size_t next = 0; next < queue.size(); ++next) {
    const int32_t index = queue[next];
    for (const Cell side : kSides) {
      const int r = index / width + side.row, c = index % width + side.column;
      if (!grid.contains(r, c) || !grid.is_open(r, c) || steps[r * width + c] >= 0) continue;
      steps[r * width + c] = steps[index] + 1;
      queue.push_back(r * width + c);
    }
  }
  return steps;
}

bool leaves_ways(const Grid& grid, int row, int column) {
  // The ring around the cell, clockwise from the north; corners count only between two open sides.
  constexpr Cell kRing[8] = {{-1, 0}, {-1, 1}, {0, 1}, {1, 1}, {1, 0}, {1, -1}, {0, -1}, {-1, -1}};
  bool open[8];
  int sides = 0, links = 0;
  for (int i = 0; i < 8; ++i) {
    const int r = row + kRing[i].row, c = column + kRing[i].column;
    open[i] = grid.contains(r, c) && grid.is_open(r, c);
  }
  for (int i = 0; i < 8; i += 2) {
    sides += open[i];
    links += open[i] && open[i + 1] && open[(i + 2) % 8];
  }
  return sides > 0 && (sides - links <= 1);
}

}  // namespace metta::maps
