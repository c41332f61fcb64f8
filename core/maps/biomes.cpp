#include "maps/biomes.hpp"

#include <algorithm>
#include <cmath>

#include "maps/cells/mask.hpp"

namespace metta::maps {

namespace {

// One step of the automaton for a row: the sum holds the cell itself, which stays solid with `death` others.
void live_on(uint8_t* __restrict next, const uint8_t* __restrict now, const uint8_t* __restrict sums, int width, uint8_t birth,
             uint8_t death) {
  for (int c = 0; c < width; ++c) next[c] = static_cast<uint8_t>((now[c] & (sums[c] > death)) | ((now[c] ^ 1) & (sums[c] >= birth)));
}

}  // namespace

void draw_caves(const Grid& grid, const CaveShape& shape, int32_t value, uint64_t key) {
  Random random(key);
  Mask now(grid.height(), grid.width(), 1), next = now;
  now.fill_randomly(shape.fill, random);
  std::vector<uint8_t> down(static_cast<size_t>(grid.width()) + 2), sums(down.size());
  for (int step = 0; step < shape.steps; ++step) {
    for (int row = 0; row < grid.height(); ++row) {
      now.sum_around(row, down.data(), sums.data());
      live_on(next.row(row), now.row(row), sums.data(), grid.width(), static_cast<uint8_t>(shape.birth), static_cast<uint8_t>(shape.death));
    }
    std::swap(now, next);
  }
  now.put_on(grid, value);
}

void draw_forest(const Grid& grid, const ForestShape& shape, int32_t value, uint64_t key) {
  auto chance = [](double share) { return static_cast<uint16_t>(share * 65535.0); };
  RowBits bits(key, grid.width());
  Mask now(grid.height(), grid.width()), next = now;
  for (int row = 0; row < grid.height(); ++row) mark_row(bits.next(), now.row(row), grid.width(), chance(shape.seeds));
  const uint16_t full = chance(shape.growth), each = static_cast<uint16_t>(full / (4 * shape.neighbors));
  const Growth growth{full, each, static_cast<uint8_t>(shape.neighbors)};
  std::vector<uint8_t> down(static_cast<size_t>(grid.width()) + 2), sums(down.size());
  for (int step = 0; step < shape.steps; ++step) {
    for (int row = 0; row < grid.height(); ++row) {
      now.sum_around(row, down.data(), sums.data());
      grow_row(now.row(row), sums.data(), bits.next(), next.row(row), grid.width(), growth);
    }
    std::swap(now, next);
  }
  now.put_on(grid, value);
}

void draw_desert(const Grid& grid, const DuneShape& shape, int32_t value, uint64_t key) {
  Random random(key);
  // Phases are fractions of a period in 32 bits, which begin again by themselves.
  constexpr double kTurn = 4294967296.0;
  auto fraction = [](double periods) { return static_cast<uint32_t>(static_cast<int64_t>((periods - std::floor(periods)) * kTurn)); };
  const uint32_t down = fraction(std::sin(shape.angle) / shape.period), right = fraction(std::cos(shape.angle) / shape.period);
  const double share = shape.ridge / shape.period;
  const uint32_t ridge = share >= 1 ? UINT32_MAX : fraction(share), start = static_cast<uint32_t>(random.bits());
  const auto noise = static_cast<uint32_t>(2 * shape.noise * 65535.0);  // of 16 random bits, in 1 / 65536 of a period
  Mask dunes(grid.height(), grid.width());
  for (int row = 0; row < grid.height(); ++row) {
    uint8_t* cells = dunes.row(row);
    uint32_t phase = start + static_cast<uint32_t>(row) * down - (noise << 15);
    for (int column = 0; column < grid.width(); column += 4) {
      uint64_t bits = noise ? random.bits() : 0;
      for (int c = column; c < column + 4 && c < grid.width(); ++c, bits >>= 16, phase += right)
        cells[c] = phase + static_cast<uint32_t>(bits & 0xffff) * noise < ridge;
    }
  }
  dunes.put_on(grid, value);
}

void draw_city(const Grid& grid, const CityShape& shape, int32_t value, uint64_t key) {
  Random random(key);
  const int most = shape.pitch - shape.road, least = std::max(1, static_cast<int>(most * shape.least_share));
  const int margin = shape.road / 2;
  for (int top = margin; top + most <= grid.height(); top += shape.pitch) {
    for (int left = margin; left + most <= grid.width(); left += shape.pitch) {
      if (!random.chance(shape.place)) continue;
      const int height = random.between(least, most), width = random.between(least, most);
      const int row = top + (most - height) / 2 + random.between(-shape.jitter, shape.jitter);
      const int column = left + (most - width) / 2 + random.between(-shape.jitter, shape.jitter);
      grid.fill(row, column, height, width, value);
    }
  }
}

void draw_plains(const Grid& grid, const PlainsShape& shape, int32_t value, uint64_t key) {
  Random random(key);
  for (int top = shape.period / 2; top < grid.height(); top += shape.period) {
    for (int left = shape.period / 2; left < grid.width(); left += shape.period) {
      if (!random.chance(shape.place)) continue;
      const int row = top + random.between(-shape.jitter, shape.jitter);
      const int column = left + random.between(-shape.jitter, shape.jitter);
      const int radius = random.between(shape.least_radius, shape.most_radius);
      for (int r = -radius; r <= radius; ++r)
        for (int c = -radius; c <= radius; ++c)
          if (r * r + c * c <= radius * radius + 1 && grid.contains(row + r, column + c) && (radius == 0 || random.chance(shape.fill)))
            grid.put(row + r, column + c, value);
    }
  }
}

void draw_asteroid(const Grid& grid, const AsteroidShape& shape, int32_t value, uint64_t key) {
  Random random(key);
  const int height = grid.height(), width = grid.width();
  for (int side = 0; side < 4; ++side) {
    const bool is_row = side % 2 == 0;
    const int length = is_row ? width : height;
    for (int at = 0; at < length; at += shape.step) {
      if (!random.chance(shape.chunk)) continue;
      const int depth = random.between(shape.least_depth, shape.most_depth);
      const int wide = random.between(shape.least_width, shape.most_width);
      if (side == 0) grid.fill(0, at, depth, wide, value);
      if (side == 1) grid.fill(at, width - depth, wide, depth, value);
      if (side == 2) grid.fill(height - depth, at, depth, wide, value);
      if (side == 3) grid.fill(at, 0, wide, depth, value);
    }
  }
}

}  // namespace metta::maps
