#include "maps.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/vector.h>

#include "maps/maze.hpp"
#include "maps/reach.hpp"
#include "maps/scatter.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace metta {
namespace {

using Cells = nb::ndarray<int32_t, nb::ndim<2>, nb::device::cpu>;

maps::Grid grid_of(const Cells& cells) {
  return {cells.data(), static_cast<int>(cells.shape(0)), static_cast<int>(cells.shape(1)), cells.stride(0), cells.stride(1)};
}

template <class T>
nb::object array_of(std::vector<T> values, std::initializer_list<size_t> shape) {
  auto* kept = new std::vector<T>(std::move(values));
  nb::capsule owner(kept, [](void* data) noexcept { delete static_cast<std::vector<T>*>(data); });
  return nb::cast(nb::ndarray<nb::numpy, T>(kept->data(), shape, owner));
}

nb::object regions_of(const Cells& cells) {
  const maps::Grid grid = grid_of(cells);
  return array_of(maps::find_regions(grid).label, {static_cast<size_t>(grid.height()), static_cast<size_t>(grid.width())});
}

nb::object walk_lengths(const Cells& cells, const std::vector<int32_t>& starts) {
  const maps::Grid grid = grid_of(cells);
  return array_of(maps::walk_lengths(grid, starts), {static_cast<size_t>(grid.height()), static_cast<size_t>(grid.width())});
}

}  // namespace

void bind_maps(nb::module_& module) {
  nb::module_ m = module.def_submodule("maps", "Functions that draw into a rectangle of a map's cells, int32 [height, width].");
  m.def(
      "mix", [](uint64_t key, uint64_t index) { return mix64(mix64(key) ^ mix64(~index)); }, "key"_a, "index"_a,
      "A key that belongs to `key` and `index`.");
  m.def("regions", &regions_of, "cells"_a.noconvert(), "Number of the region of open cells that each cell lies in, -1 elsewhere.");
  m.def("walk_lengths", &walk_lengths, "cells"_a.noconvert(), "starts"_a, "Steps to each cell from the nearest start, -1 without a way.");
  m.def(
      "all_reached",
      [](const Cells& cells, const std::vector<uint8_t>& is_station) { return maps::all_reached(grid_of(cells), is_station); },
      "cells"_a.noconvert(), "is_station"_a, "Whether one region touches all agents and all things of the marked kinds.");
  m.def(
      "scatter",
      [](const Cells& cells, const std::vector<int32_t>& values, const std::vector<int32_t>& counts, bool keep_ways, uint64_t key) {
        return maps::scatter(grid_of(cells), values, counts, keep_ways, key);
      },
      "cells"_a.noconvert(), "values"_a, "counts"_a, "keep_ways"_a, "key"_a, "Puts things on random empty cells; returns how many fit.");
  m.def(
      "count_empty", [](const Cells& cells) { return maps::count_empty(grid_of(cells)); }, "cells"_a.noconvert(),
      "Number of cells on which nothing stands.");
  m.def(
      "maze",
      [](const Cells& cells, int kind, int corridor, int wall, double branching, int32_t value, uint64_t key) {
        return maps::draw_maze(grid_of(cells), {static_cast<maps::MazeKind>(kind), corridor, wall, branching}, value, key);
      },
      "cells"_a.noconvert(), "kind"_a, "corridor"_a, "wall"_a, "branching"_a, "value"_a, "key"_a,
      "Draws a maze; returns whether there was room.");
}

}  // namespace metta
