#include "maps/place.hpp"

#include <algorithm>
#include <cmath>

namespace metta::maps {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr int kTries = 64;
constexpr int kMostInVain = 16;  // things in a row that found no place: no more are tried, so that a full map is not slow

// Knuth's product of uniform numbers, in parts small enough for a double.
int poisson(double mean, Random& random) {
  int count = 0;
  for (; mean > 0; mean -= 30) {
    const double limit = std::exp(-std::min(mean, 30.0));
    for (double product = random.unit(); product > limit; product *= random.unit()) ++count;
  }
  return count;
}

// Box and Muller.
double normal(Random& random) { return std::sqrt(-2 * std::log(1 - random.unit())) * std::cos(2 * kPi * random.unit()); }

bool put_if_empty(const Grid& grid, int row, int column, int32_t value) {
  if (!grid.contains(row, column) || !grid.is_empty(row, column)) return false;
  grid.put(row, column, value);
  return true;
}

bool has_room(const Grid& grid, int row, int column, int padding) {
  for (int r = row - padding; r <= row + padding; ++r)
    for (int c = column - padding; c <= column + padding; ++c)
      if (!grid.contains(r, c) || !grid.is_empty(r, c)) return false;
  return true;
}

// A share of a side, 0..1, that follows the law; what falls outside is drawn again by the caller.
double share(const Spread& spread, Random& random) {
  switch (spread.law) {
    case Law::kNormal: return spread.mean + spread.deviation * normal(random);
    case Law::kExponential: return -spread.deviation * std::log(1 - random.unit());
    case Law::kPoisson: return poisson(spread.mean * 100, random) / 100.0;
    case Law::kBimodal: return (random.below(2) ? spread.mean : 1 - spread.mean) + spread.deviation * normal(random);
    default: return random.unit();
  }
}

template <class Put>
int place_all(const Things& things, Put put) {
  int placed = 0, in_vain = 0;
  for (size_t kind = 0; kind < things.values.size(); ++kind) {
    for (int i = 0; i < things.counts[kind] && in_vain < kMostInVain; ++i) {
      const int is_put = put(things.values[kind]);
      placed += is_put;
      in_vain = is_put ? 0 : in_vain + 1;
    }
  }
  return placed;
}

}  // namespace

int place_at_mean_distance(const Grid& grid, const Things& things, double mean, uint64_t key) {
  Random random(key);
  const int row = grid.height() / 2, column = grid.width() / 2;
  return place_all(things, [&](int32_t value) {
    for (int i = 0; i < kTries; ++i) {
      const double distance = poisson(mean, random), angle = 2 * kPi * random.unit();
      const int r = row + static_cast<int>(std::lround(distance * std::sin(angle)));
      if (put_if_empty(grid, r, column + static_cast<int>(std::lround(distance * std::cos(angle))), value)) return 1;
    }
    return 0;
  });
}

int place_on_spiral(const Grid& grid, const Things& things, const SpiralShape& shape, uint64_t key) {
  Random random(key);
  const int row = grid.height() / 2, column = grid.width() / 2, longest = std::max(grid.height(), grid.width());
  double radius = shape.start_radius, angle = 0, last_row = -1e9, last_column = -1e9;
  return place_all(things, [&](int32_t value) {
    for (; radius <= longest; angle += shape.angle_step, radius += shape.radius_step * shape.angle_step / (2 * kPi)) {
      const double down = radius * std::sin(angle), right = radius * std::cos(angle);
      if (std::hypot(down - last_row, right - last_column) < shape.spacing) continue;
      const int r = row + static_cast<int>(std::lround(down)) + random.between(-shape.jitter, shape.jitter);
      const int c = column + static_cast<int>(std::lround(right)) + random.between(-shape.jitter, shape.jitter);
      if (!put_if_empty(grid, r, c, value)) continue;
      last_row = down;
      last_column = right;
      return 1;
    }
    return 0;
  });
}

int place_on_lattice(const Grid& grid, const Things& things, const LatticeShape& shape, uint64_t key) {
  Random random(key);
  const int height = grid.height() - 2 * shape.margin, width = grid.width() - 2 * shape.margin;
  int field = 0;
  return place_all(things, [&](int32_t value) {
    for (; field < shape.rows * shape.columns; ++field) {
      const int row = shape.margin + (2 * (field / shape.columns) + 1) * height / (2 * shape.rows);
      const int column = shape.margin + (2 * (field % shape.columns) + 1) * width / (2 * shape.columns);
      const int r = row + random.between(-shape.jitter, shape.jitter), c = column + random.between(-shape.jitter, shape.jitter);
      if (!put_if_empty(grid, r, c, value) && !put_if_empty(grid, row, column, value)) continue;
      ++field;
      return 1;
    }
    return 0;
  });
}

int place_by_law(const Grid& grid, const Things& things, const Spread& spread, uint64_t key) {
  Random random(key);
  return place_all(things, [&](int32_t value) {
    for (int i = 0; i < kTries; ++i) {
      const double down = share(spread, random), right = share(spread, random);
      if (down < 0 || down >= 1 || right < 0 || right >= 1) continue;
      const int r = static_cast<int>(down * grid.height()), c = static_cast<int>(right * grid.width());
      if (!has_room(grid, r, c, spread.padding)) continue;
      grid.put(r, c, value);
      return 1;
    }
    return 0;
  });
}

}  // namespace metta::maps
