#include "maps.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>
#include <tuple>

#include "maps/biomes.hpp"
#include "maps/cells/rows.hpp"
#include "maps/connect.hpp"
#include "maps/maze.hpp"
#include "maps/pattern/convchain.hpp"
#include "maps/pattern/wfc.hpp"
#include "maps/place.hpp"
#include "maps/reach.hpp"
#include "maps/rooms.hpp"
#include "maps/scatter.hpp"
#include "maps/stream.hpp"
#include "maps/terrain.hpp"

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

using Ints = std::vector<int32_t>;
using Marks = nb::ndarray<const uint8_t, nb::shape<maps::kKinds>, nb::c_contig, nb::device::cpu>;

std::vector<uint8_t> vector_of(const Marks& marks) { return {marks.data(), marks.data() + maps::kKinds}; }

using Maps = nb::ndarray<int32_t, nb::ndim<3>, nb::c_contig, nb::device::cpu>;

// A map without the outer `border` rows and columns.
maps::Grid inside_of(const Maps& cells, int map, int border) {
  const int height = static_cast<int>(cells.shape(1)), width = static_cast<int>(cells.shape(2));
  int32_t* data = cells.data() + static_cast<int64_t>(map) * height * width;
  return {data + border * (width + 1), height - 2 * border, width - 2 * border, width, 1};
}

using Faults = std::vector<std::pair<int, int>>;

std::pair<std::vector<uint64_t>, std::vector<uint64_t>> map_keys(uint64_t seed, int first, int count, int attempt) {
  std::pair<std::vector<uint64_t>, std::vector<uint64_t>> keys;
  for (int map = first; map < first + count; ++map) {
    const uint64_t key = maps::child_key(maps::child_key(seed, static_cast<uint64_t>(map)), static_cast<uint64_t>(attempt));
    keys.first.push_back(maps::child_key(key, 0));
    keys.second.push_back(maps::mixed_key(key, 1));
  }
  return keys;
}

Faults settle(const Maps& cells, int border, int num_agents, int most_objects, const std::optional<Marks>& is_station,
              const std::vector<uint64_t>& keys) {
  const int count = static_cast<int>(cells.shape(0));
  if (keys.size() != cells.shape(0)) throw std::invalid_argument("settle needs a key for each map");
  std::vector<uint8_t> marks;
  if (is_station) marks = vector_of(*is_station);
  const maps::Demand demand{num_agents, most_objects, is_station ? &marks : nullptr};
  Faults faults;
  for (int map = 0; map < count; ++map) {
    const maps::Fault fault = maps::settle(inside_of(cells, map, 0), inside_of(cells, map, border), demand, keys[map]);
    if (fault != maps::Fault::kNone) faults.emplace_back(map, static_cast<int>(fault));
  }
  return faults;
}

// Values and counts of things, from counts by name and values by name.
struct NamedThings {
  NamedThings(const nb::dict& named, const nb::object& values_by_name) {
    for (const auto [name, count] : named) {
      values.push_back(nb::cast<int32_t>(values_by_name[name]));
      counts.push_back(nb::cast<int32_t>(count));
      total += counts.back();
    }
  }
  maps::Things things() const { return {values, counts}; }

  Ints values, counts;
  int total = 0;
};

using Numbers = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

// Draws those maps that `which` names by the ranks of their numbers; returns the ones where not everything is reached.
Ints scatter_by_rank(const Maps& cells, int border, const Ints& things, const Numbers& numbers, const Ints& which,
                     const Marks& is_station) {
  const std::vector<uint8_t> marks = vector_of(is_station);
  maps::Ranks ranks;
  Ints closed;
  for (const int map : which) {
    const maps::Grid field = inside_of(cells, map, border);
    if (map < 0 || static_cast<size_t>(map) >= numbers.shape(0) || numbers.shape(1) != static_cast<size_t>(field.size()))
      throw std::invalid_argument("there must be a number for each cell of each map");
    field.fill(0, 0, field.height(), field.width(), 0, false);
    ranks.scatter(field, things, numbers.data() + static_cast<size_t>(map) * numbers.shape(1));
    if (!maps::all_reached(field, marks)) closed.push_back(map);
  }
  return closed;
}

using Rects = std::vector<std::tuple<int, int, int, int>>;

Rects as_tuples(const std::vector<maps::Rect>& rects) {
  Rects out;
  for (const maps::Rect& rect : rects) out.emplace_back(rect.row, rect.column, rect.height, rect.width);
  return out;
}

maps::Sample sample_of(Ints cells, int height, int size, bool periodic, int symmetries) {
  const int width = static_cast<int>(cells.size()) / height;
  return {std::move(cells), height, width, size, periodic, symmetries};
}

void bind_landscapes(nb::module_& m) {
  m.def(
      "caves",
      [](const Cells& cells, double fill, int steps, int birth, int death, int32_t value, uint64_t key) {
        maps::draw_caves(grid_of(cells), {fill, steps, birth, death}, value, key);
      },
      "cells"_a.noconvert(), "fill"_a, "steps"_a, "birth"_a, "death"_a, "value"_a, "key"_a);
  m.def(
      "forest",
      [](const Cells& cells, double seeds, double growth, int neighbors, int steps, int32_t value, uint64_t key) {
        maps::draw_forest(grid_of(cells), {seeds, growth, neighbors, steps}, value, key);
      },
      "cells"_a.noconvert(), "seeds"_a, "growth"_a, "neighbors"_a, "steps"_a, "value"_a, "key"_a);
  m.def(
      "desert",
      [](const Cells& cells, double period, double ridge, double angle, double noise, int32_t value, uint64_t key) {
        maps::draw_desert(grid_of(cells), {period, ridge, angle, noise}, value, key);
      },
      "cells"_a.noconvert(), "period"_a, "ridge"_a, "angle"_a, "noise"_a, "value"_a, "key"_a);
  m.def(
      "city",
      [](const Cells& cells, int pitch, int road, int jitter, double place, double least_share, int32_t value, uint64_t key) {
        maps::draw_city(grid_of(cells), {pitch, road, jitter, place, least_share}, value, key);
      },
      "cells"_a.noconvert(), "pitch"_a, "road"_a, "jitter"_a, "place"_a, "least_share"_a, "value"_a, "key"_a);
  m.def(
      "plains",
      [](const Cells& cells, int period, std::pair<int, int> radius, int jitter, double fill, double place, int32_t value, uint64_t key) {
        maps::draw_plains(grid_of(cells), {period, radius.first, radius.second, jitter, fill, place}, value, key);
      },
      "cells"_a.noconvert(), "period"_a, "radius"_a, "jitter"_a, "fill"_a, "place"_a, "value"_a, "key"_a);
  m.def(
      "asteroid",
      [](const Cells& cells, int step, std::pair<int, int> depth, std::pair<int, int> width, double chunk, int32_t value, uint64_t key) {
        maps::draw_asteroid(grid_of(cells), {step, depth.first, depth.second, width.first, width.second, chunk}, value, key);
      },
      "cells"_a.noconvert(), "step"_a, "depth"_a, "width"_a, "chunk"_a, "value"_a, "key"_a);
  m.def(
      "terrain",
      [](const Cells& cells, const std::vector<std::pair<int, int>>& amounts, double clumpiness, double most_share, int32_t value,
         uint64_t key) {
        if (amounts.size() != 6) throw std::invalid_argument("terrain needs six amounts");
        auto amount = [&](int i) { return maps::Amount{amounts[i].first, amounts[i].second}; };
        maps::draw_terrain(grid_of(cells), {amount(0), amount(1), amount(2), amount(3), amount(4), amount(5), clumpiness, most_share},
                           value, key);
      },
      "cells"_a.noconvert(), "amounts"_a, "clumpiness"_a, "most_share"_a, "value"_a, "key"_a,
      "Ranges of large and small clumps, crosses, labyrinths, scattered walls and blocks.");
  m.def(
      "radial",
      [](const Cells& cells, int arms, int arm_width, int arm_length, bool background, bool outline, int32_t value) {
        return maps::draw_radial(grid_of(cells), {arms, arm_width, arm_length, background, outline}, value);
      },
      "cells"_a.noconvert(), "arms"_a, "arm_width"_a, "arm_length"_a, "background"_a, "outline"_a, "value"_a,
      "Returns row and column of the centre and of each arm's end.");
}

void bind_structures(nb::module_& m) {
  m.def(
      "partition",
      [](int height, int width, int count, int least, uint64_t key) {
        return as_tuples(maps::partition(height, width, count, least, key));
      },
      "height"_a, "width"_a, "count"_a, "least"_a, "key"_a, "Parts as (row, column, height, width).");
  m.def(
      "rooms",
      [](const Cells& cells, int rooms, int least_size, int corridor, double least_ratio, double most_ratio, int32_t value, uint64_t key) {
        return as_tuples(maps::draw_rooms(grid_of(cells), {rooms, least_size, corridor, least_ratio, most_ratio}, value, key));
      },
      "cells"_a.noconvert(), "rooms"_a, "least_size"_a, "corridor"_a, "least_ratio"_a, "most_ratio"_a, "value"_a, "key"_a,
      "Rooms as (row, column, height, width).");
  m.def(
      "join_regions", [](const Cells& cells, const Marks& can_dig) { return maps::join_regions(grid_of(cells), vector_of(can_dig)); },
      "cells"_a.noconvert(), "can_dig"_a.noconvert(), "Returns how many regions are left.");
  m.def(
      "balance_corners",
      [](const Cells& cells, double tolerance, int most_shortcuts, const Marks& can_dig) {
        return maps::balance_corners(grid_of(cells), {tolerance, most_shortcuts}, vector_of(can_dig));
      },
      "cells"_a.noconvert(), "tolerance"_a, "most_shortcuts"_a, "can_dig"_a.noconvert(),
      "Returns the ratio of the longest to the shortest way.");
  m.def(
      "wave",
      [](const Cells& cells, std::tuple<Ints, int, int, bool, int> sample, int next, int attempts, const Ints& values, uint64_t key) {
        auto [numbers, height, size, periodic, symmetries] = std::move(sample);
        return maps::draw_wave(grid_of(cells), sample_of(std::move(numbers), height, size, periodic, symmetries),
                               {static_cast<maps::NextNode>(next), attempts}, values, key);
      },
      "cells"_a.noconvert(), "sample"_a, "next"_a, "attempts"_a, "values"_a, "key"_a,
      "Sample: (numbers, height, size of pieces, periodic, symmetries). Returns whether a map was found.");
  m.def(
      "chain",
      [](const Cells& cells, std::tuple<Ints, int, int, bool, int> sample, int iterations, double temperature, int32_t value,
         uint64_t key) {
        auto [numbers, height, size, periodic, symmetries] = std::move(sample);
        maps::draw_chain(grid_of(cells), sample_of(std::move(numbers), height, size, periodic, symmetries), {iterations, temperature},
                         value, key);
      },
      "cells"_a.noconvert(), "sample"_a, "iterations"_a, "temperature"_a, "value"_a, "key"_a);
  m.def(
      "num_pieces",
      [](std::tuple<Ints, int, int, bool, int> sample) {
        auto [numbers, height, size, periodic, symmetries] = std::move(sample);
        return maps::find_pieces(sample_of(std::move(numbers), height, size, periodic, symmetries)).cells.size();
      },
      "sample"_a);
}

// They take counts by name and values by name, and return how many things found no place.
void bind_places(nb::module_& m) {
  m.def(
      "scatter",
      [](const Cells& cells, const nb::dict& counts, const nb::object& values, bool keep_ways, uint64_t key) {
        const NamedThings named(counts, values);
        return named.total - maps::scatter(grid_of(cells), named.values, named.counts, keep_ways, key);
      },
      "cells"_a.noconvert(), "counts"_a, "values"_a, "keep_ways"_a, "key"_a, "Puts things on random empty cells.");
  m.def(
      "at_mean_distance",
      [](const Cells& cells, const nb::dict& counts, const nb::object& values, double mean, uint64_t key) {
        const NamedThings named(counts, values);
        return named.total - maps::place_at_mean_distance(grid_of(cells), named.things(), mean, key);
      },
      "cells"_a.noconvert(), "counts"_a, "values"_a, "mean"_a, "key"_a);
  m.def(
      "on_spiral",
      [](const Cells& cells, const nb::dict& counts, const nb::object& values, std::tuple<double, double, double, double> shape, int jitter,
         uint64_t key) {
        const auto [spacing, start, radius_step, angle_step] = shape;
        const NamedThings named(counts, values);
        return named.total - maps::place_on_spiral(grid_of(cells), named.things(), {spacing, start, radius_step, angle_step, jitter}, key);
      },
      "cells"_a.noconvert(), "counts"_a, "values"_a, "shape"_a, "jitter"_a, "key"_a,
      "Shape: (spacing, start radius, radius step, angle step).");
  m.def(
      "on_lattice",
      [](const Cells& cells, const nb::dict& counts, const nb::object& values, int rows, int columns, int margin, int jitter,
         uint64_t key) {
        const NamedThings named(counts, values);
        return named.total - maps::place_on_lattice(grid_of(cells), named.things(), {rows, columns, margin, jitter}, key);
      },
      "cells"_a.noconvert(), "counts"_a, "values"_a, "rows"_a, "columns"_a, "margin"_a, "jitter"_a, "key"_a);
  m.def(
      "by_law",
      [](const Cells& cells, const nb::dict& counts, const nb::object& values, int law, double mean, double deviation, int padding,
         uint64_t key) {
        const NamedThings named(counts, values);
        return named.total -
               maps::place_by_law(grid_of(cells), named.things(), {static_cast<maps::Law>(law), mean, deviation, padding}, key);
      },
      "cells"_a.noconvert(), "counts"_a, "values"_a, "law"_a, "mean"_a, "deviation"_a, "padding"_a, "key"_a);
}

}  // namespace

void bind_maps(nb::module_& module) {
  nb::module_ m = module.def_submodule("maps", "Functions that draw into a rectangle of a map's cells, int32 [height, width].");
  m.def("mix", &maps::mixed_key, "key"_a, "index"_a, "A key that belongs to `key` and `index`.");
  m.def("shuffled", &maps::shuffled, "key"_a, "taken"_a, "count"_a,
        "The numbers 0 to count - 1 in the order that a stream gives which has given `taken` keys before.");
  m.def("regions", &regions_of, "cells"_a.noconvert(), "Number of the region of open cells that each cell lies in, -1 elsewhere.");
  m.def("walk_lengths", &walk_lengths, "cells"_a.noconvert(), "starts"_a, "Steps to each cell from the nearest start, -1 without a way.");
  m.def(
      "all_reached", [](const Cells& cells, const Marks& is_station) { return maps::all_reached(grid_of(cells), vector_of(is_station)); },
      "cells"_a.noconvert(), "is_station"_a.noconvert(), "Whether one region touches all agents and all things of the marked kinds.");
  m.def("scatter_by_rank", &scatter_by_rank, "maps"_a.noconvert(), "border"_a, "things"_a, "numbers"_a.noconvert(), "which"_a,
        "is_station"_a.noconvert(),
        "Draws each of these maps anew: things stand on the cells whose numbers are the ranks of their numbers. Returns the maps where "
        "not everything is reached.");
  m.def("map_keys", &map_keys, "seed"_a, "first"_a, "count"_a, "attempt"_a,
        "Keys of the maps from number `first` on, in that attempt: of their scenes, and of what is placed on them afterwards.");
  m.def("settle", &settle, "maps"_a.noconvert(), "border"_a, "num_agents"_a, "most_objects"_a, "is_station"_a.none(), "keys"_a,
        "Places the agents that are missing and checks the maps; returns (number of the map, number of the fault) for each with one.");
  m.def(
      "fill",
      [](const Cells& cells, int row, int column, int height, int width, int32_t value, bool is_there) {
        grid_of(cells).fill(row, column, height, width, value, is_there);
      },
      "cells"_a.noconvert(), "row"_a, "column"_a, "height"_a, "width"_a, "value"_a, "is_there"_a = true,
      "Puts a thing (or a ground) on a rectangle, or takes it away; what lies outside of the cells is left out.");
  m.def(
      "put_marked",
      [](const Cells& cells, const nb::ndarray<const bool, nb::ndim<2>, nb::c_contig, nb::device::cpu>& marks, int32_t value) {
        const maps::Grid grid = grid_of(cells);
        if (marks.shape(0) != cells.shape(0) || marks.shape(1) != cells.shape(1)) throw std::invalid_argument("marks have another shape");
        for (int row = 0; row < grid.height(); ++row) {
          const auto* marked = reinterpret_cast<const uint8_t*>(marks.data()) + static_cast<size_t>(row) * grid.width();
          if (int32_t* flat = grid.flat_row(row)) {
            maps::put_row(flat, marked, grid.width(), value);
            continue;
          }
          for (int column = 0; column < grid.width(); ++column)
            if (marked[column]) grid.put(row, column, value);
        }
      },
      "cells"_a.noconvert(), "marks"_a, "value"_a, "Puts a thing (or a ground) on all marked cells.");
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
  bind_landscapes(m);
  bind_structures(m);
  bind_places(m);
}

}  // namespace metta
