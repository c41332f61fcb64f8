#include "slow_view.hpp"

#include <algorithm>
#include <cmath>

namespace metta {

namespace {
// Columns of the table `sizes`.
enum Size { kNumAgents, kHeight, kWidth, kMaxObjects, kMaxSteps, kNumTokens, kViewHeight, kViewWidth, kHeadingUp };

void append_token(std::vector<uint8_t>& row, int where, int feature, int value) {
  if (value > 0)
    row.insert(row.end(), {static_cast<uint8_t>(where), static_cast<uint8_t>(feature), static_cast<uint8_t>(std::min(value, 255))});
}
}  // namespace

SlowView::SlowView(const colony::RawTables& raw_tables, const colony::World& world) : raw_(raw_tables), w_(world) {
  object_at_.assign(static_cast<size_t>(raw("sizes", kHeight) * raw("sizes", kWidth)), -1);
  for (int object = 0; object < raw("sizes", kMaxObjects); ++object) {
    const colony::Place place = w_.places[object];
    if (w_.kinds[object] != 0) object_at_[static_cast<size_t>(place.row * raw("sizes", kWidth) + place.col)] = object;
  }
}

int SlowView::shown(const char* table, int row, int object) const {
  const int variable = raw(table, row * 4), scale = raw(table, row * 4 + 2), offset = raw(table, row * 4 + 3);
  const int value = variable < 0 ? 0 : w_.get(object, variable);
  const double exact = std::ceil((static_cast<double>(value) + offset) / scale);
  return static_cast<int>(std::clamp(exact, 0.0, 255.0));
}

std::vector<uint8_t> SlowView::tokens_of(int object) const {
  std::vector<uint8_t> tokens;
  const int kind = w_.kinds[object];
  const int begin = raw("kind_tokens_begin", kind), end = raw("kind_tokens_begin", kind + 1);
  for (const bool is_heading : {true, false}) {  // headings come first
    for (int row = begin; row < end; ++row) {
      if ((raw("kind_tokens", row * 4) == colony::kHeading) == is_heading)
        append_token(tokens, 0, raw("kind_tokens", row * 4 + 1), shown("kind_tokens", row, object));
    }
  }
  return tokens;
}

std::vector<uint8_t> SlowView::globals(int agent) const {
  std::vector<uint8_t> row;
  const auto append = [&](int feature, int value) {
    if (feature >= 0) append_token(row, 254, feature, value);
  };
  const int reward = w_.rewards[agent] / 10;
  append(raw("global_features", 0), 1 + static_cast<int>(static_cast<double>(w_.header.tick) / raw("sizes", kMaxSteps) * 254 + 1e-9));
  append(raw("global_features", 1), std::max(reward, 0));
  append(raw("global_features", 2), std::max(-reward, 0));
  append(raw("last_action_features", w_.last_actions[agent]), 1);
  for (int i = 0; i < static_cast<int>(raw_.at("self_tokens").size()) / 4; ++i)
    append(raw("self_tokens", i * 4 + 1), shown("self_tokens", i, agent));
  return row;
}

std::vector<SlowView::Cell> SlowView::cells_in_sight(int agent) const {
  std::vector<Cell> cells;
  const int height = raw("sizes", kViewHeight), width = raw("sizes", kViewWidth), radius = raw("profile_radius", w_.profiles[agent]);
  for (int row = 0; row < height; ++row) {
    for (int col = 0; col < width; ++col) {
      const int down = row - height / 2, right = col - width / 2;
      const int map_row = w_.places[agent].row + down, map_col = w_.places[agent].col + right;
      if (std::max(std::abs(down), std::abs(right)) > radius || !w_.is_inside(map_row, map_col)) continue;
      const int object = object_at_[static_cast<size_t>(map_row * raw("sizes", kWidth) + map_col)];
      if (object >= 0) cells.push_back({row << 4 | col, std::abs(down) + std::abs(right), object});
    }
  }
  return cells;
}

std::vector<uint8_t> SlowView::cell_tokens(const Cell& cell, int observer) const {
  std::vector<uint8_t> tokens = tokens_of(cell.object);
  int where = cell.where;
  if (raw("sizes", kHeadingUp) != 0) {
    const int heading = w_.get(observer, colony::kHeading), center = raw("sizes", kViewHeight) / 2;
    int row = (where >> 4) - center, col = (where & 15) - center;
    for (int turn = 0; turn < heading; ++turn) {  // a quarter to the left for every quarter that the observer turned right
      const int old_row = row;
      row = -col;
      col = old_row;
    }
    where = (row + center) << 4 | (col + center);
    const int kind = w_.kinds[cell.object];
    for (int i = raw("kind_tokens_begin", kind); i < raw("kind_tokens_begin", kind + 1); ++i) {
      if (raw("kind_tokens", i * 4) == colony::kHeading)
        tokens[2] = static_cast<uint8_t>(1 + (w_.get(cell.object, colony::kHeading) - heading + 4) % 4);
    }
  }
  for (size_t at = 0; at < tokens.size(); at += 3) tokens[at] = static_cast<uint8_t>(where);
  return tokens;
}

std::vector<uint8_t> SlowView::observation(int agent, int& dropped) const {
  const auto room = static_cast<size_t>(raw("sizes", kNumTokens)) * 3;
  std::vector<uint8_t> row;
  dropped = 0;
  if (w_.kinds[agent] != 0) {
    row = globals(agent);
    std::vector<Cell> cells = cells_in_sight(agent);
    // Where the row gets within one wide store (32 bytes) of its end before the last object, objects come nearest first.
    size_t size = row.size();
    bool is_tight = size > room;
    for (const Cell& cell : cells) {
      is_tight |= size + 32 > room;
      size += tokens_of(cell.object).size();
    }
    if (is_tight) std::stable_sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.distance < b.distance; });
    for (const Cell& cell : cells) {
      const auto tokens = cell_tokens(cell, agent);
      row.insert(row.end(), tokens.begin(), tokens.end());
    }
    dropped = row.size() > room ? static_cast<int>((row.size() - room) / 3) : 0;
  }
  row.resize(room, 255);
  return row;
}

int SlowView::operand(int filter, int agent) const {
  const int mode = raw("filters", filter * 8 + 3), value = raw("filters", filter * 8 + 4);
  const auto num_traits = static_cast<int>(raw_.at("profile_trait").size() / raw_.at("profile_radius").size());
  if (mode == 1) return raw("profile_trait", w_.profiles[agent] * num_traits + value);
  if (mode == 3) return w_.get(agent, value);
  return value;
}

bool SlowView::is_nearby(int filter, int row, int col) const {
  const int variable = raw("filters", filter * 8 + 2), kind = raw("filters", filter * 8 + 5);
  if (!w_.is_inside(row, col)) return false;
  const int object = object_at_[static_cast<size_t>(row * raw("sizes", kWidth) + col)];
  return object >= 0 && (kind < 0 || w_.kinds[object] == kind) && (variable < 0 || w_.get(object, variable) >= 1);
}

int SlowView::count_nearby(int filter, int agent) const {
  const int radius = raw("filters", filter * 8 + 6);
  int found = 0;
  for (int down = -radius; down <= radius; ++down) {
    for (int right = -radius; right <= radius; ++right) {
      if (down != 0 || right != 0) found += is_nearby(filter, w_.places[agent].row + down, w_.places[agent].col + right);
    }
  }
  return found;
}

bool SlowView::holds(int filter, int agent) const {
  const int variable = raw("filters", filter * 8 + 2), wanted = operand(filter, agent);
  bool result = false;
  switch (static_cast<colony::FilterOp>(raw("filters", filter * 8))) {
    case colony::FilterOp::kAtLeast: result = w_.get(agent, variable) >= wanted; break;
    case colony::FilterOp::kAtMost: result = w_.get(agent, variable) <= wanted; break;
    case colony::FilterOp::kHasRoom: {
      const auto num_variables = static_cast<int>(raw_.at("var_countdown").size());
      result = raw("profile_cap", w_.profiles[agent] * num_variables + variable) - w_.get(agent, variable) >= wanted;
      break;
    }
    case colony::FilterOp::kEvery:
      result = static_cast<int>((w_.header.tick + 1) % static_cast<uint32_t>(wanted)) == raw("filters", filter * 8 + 5);
      break;
    case colony::FilterOp::kNearby: result = count_nearby(filter, agent) >= wanted; break;
    default: break;
  }
  return result != (raw("filters", filter * 8 + 7) != 0);
}

std::vector<uint8_t> SlowView::action_mask(int agent) const {
  const auto num_actions = static_cast<int>(raw_.at("actions").size() / 3);
  std::vector<uint8_t> mask;
  for (int action = 0; action < num_actions; ++action) {
    bool is_possible = action == 0 || w_.kinds[agent] != 0;
    for (int i = raw("action_conditions_begin", action); is_possible && i < raw("action_conditions_begin", action + 1); ++i) {
      is_possible = holds(raw("conditions", raw("action_conditions", i)), agent);
    }
    mask.push_back(is_possible);
  }
  return mask;
}

}  // namespace metta
