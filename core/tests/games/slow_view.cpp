#include "slow_view.hpp"

#include <algorithm>
#include <cmath>

namespace metta {

namespace {

constexpr size_t kWideStore = 32;  // bytes that the core writes at once

void append_token(std::vector<uint8_t>& row, int where, int feature, int value) {
  if (feature >= 0 && value > 0)
    row.insert(row.end(), {static_cast<uint8_t>(where), static_cast<uint8_t>(feature), static_cast<uint8_t>(std::min(value, 255))});
}

void append(std::vector<uint8_t>& row, const std::vector<uint8_t>& tokens) { row.insert(row.end(), tokens.begin(), tokens.end()); }

}  // namespace

colony::RawTables patched_tables(const colony::RawTables& raw, const colony::World& world) {
  constexpr const char* kNames[] = {"profile_cap", "profile_initial", "profile_trait", "filters", "effects", "agent_initial"};
  colony::RawTables patched = raw;
  const auto& patches = raw.at("patches");
  for (size_t at = 0; at < patches.size(); at += 4) {
    const int value = raw.at("patch_values")[static_cast<size_t>(patches[at + 3] + world.param_choices[patches[at]])];
    const auto table = static_cast<size_t>(patches[at + 1]), cell = static_cast<size_t>(patches[at + 2]);
    if (table < std::size(kNames)) patched[kNames[table]].at(cell) = value;
    else patched["max_steps"] = {value};
  }
  return patched;
}

SlowView::SlowView(const colony::RawTables& raw_tables, const colony::World& world) : raw_(patched_tables(raw_tables, world)), w_(world) {
  object_at_.assign(static_cast<size_t>(raw("sizes", kHeight) * raw("sizes", kWidth)), -1);
  for (int object = 0; object < raw("sizes", kMaxObjects); ++object) {
    const colony::Place place = w_.places[object];
    if (place.row >= 0) object_at_[static_cast<size_t>(place.row * raw("sizes", kWidth) + place.col)] = object;
  }
}

bool SlowView::is_inside(int row, int col) const {
  return row >= 0 && col >= 0 && row < raw("sizes", kHeight) && col < raw("sizes", kWidth);
}

int SlowView::object_at(int row, int col) const {
  return is_inside(row, col) ? object_at_[static_cast<size_t>(row * raw("sizes", kWidth) + col)] : -1;
}

int SlowView::value(const char* table, int row, int object) const {
  const int variable = raw(table, row * 4), scale = raw(table, row * 4 + 2), offset = raw(table, row * 4 + 3);
  const int own = variable < 0 ? 0 : w_.get(object, variable);
  const double exact = std::ceil((static_cast<double>(own) + offset) / scale);
  return static_cast<int>(std::clamp(exact, 0.0, 255.0));
}

std::vector<uint8_t> SlowView::tokens_of(int object) const {
  Tokens tokens;
  const int kind = w_.kinds[object];
  const int begin = raw("kind_tokens_begin", kind), end = raw("kind_tokens_begin", kind + 1);
  for (const bool is_heading : {true, false}) {  // headings come first
    for (int row = begin; row < end; ++row) {
      if ((raw("kind_tokens", row * 4) == colony::kHeading) == is_heading)
        append_token(tokens, 0, raw("kind_tokens", row * 4 + 1), value("kind_tokens", row, object));
    }
  }
  return tokens;
}

void SlowView::append_values(Tokens& tokens, const char* table, int object) const {
  for (int i = 0; object >= 0 && i < num_rows(table, 4); ++i) append_token(tokens, 254, raw(table, i * 4 + 1), value(table, i, object));
}

SlowView::Tokens SlowView::globals(int agent) const {
  Tokens row;
  const int reward = w_.rewards[agent] / 10;
  const double progress = static_cast<double>(w_.header.tick) / raw("sizes", kMaxSteps);
  append_token(row, 254, raw("global_features", 0), 1 + static_cast<int>(progress * 254 + 1e-9));
  append_token(row, 254, raw("global_features", 1), std::max(reward, 0));
  append_token(row, 254, raw("global_features", 2), std::max(-reward, 0));
  append_token(row, 254, raw("last_action_features", w_.last_actions[agent]), 1);
  append_values(row, "self_tokens", agent);
  append_values(row, "world_tokens", object_of(2, agent));
  append_values(row, "group_tokens", object_of(3, agent));
  for (int param = 0; param < num_rows("params", 4); ++param) {
    const int feature = raw("params", param * 4 + 1);
    if (feature >= 0) append_token(row, 254, feature, raw("param_tokens", raw("params", param * 4 + 2) + w_.param_choices[param]));
  }
  return row;
}

// The least of what the body, an own variable and one of the world allow; a variable that cannot be above 0 says nothing.
int SlowView::sight(int agent) const {
  int radius = raw("profile_radius", w_.profiles[agent]);
  const int variable = raw("sizes", kSightVariable), num_variables = num_rows("var_countdown", 1);
  for (const int object : {agent, object_of(2, agent)}) {
    if (variable < 0 || object < 0) continue;
    const int cap = raw("profile_cap", w_.profiles[object] * num_variables + variable);
    if (cap > 0) radius = std::min(radius, w_.get(object, variable));
  }
  return radius;
}

bool SlowView::is_rich() const {
  return raw("global_features", 3) >= 0 || raw("global_features", 4) >= 0 || num_rows("grounds", 3) > 1 ||
         num_rows("trace_features", 1) > 1 || raw("sizes", kSightVariable) >= 0;
}

std::vector<SlowView::Cell> SlowView::cells_in_sight(int agent) const {
  std::vector<Cell> cells;
  const int radius = sight(agent), up = raw("sizes", kViewHeight) / 2, left = raw("sizes", kViewWidth) / 2;
  for (int down = -up; down <= up; ++down) {
    for (int right = -left; right <= left; ++right) {
      const bool is_seen = std::max(std::abs(down), std::abs(right)) <= radius;
      if (is_seen && is_inside(w_.places[agent].row + down, w_.places[agent].col + right)) cells.push_back(cell_at(agent, down, right));
    }
  }
  return cells;
}

SlowView::Cell SlowView::cell_at(int agent, int down, int right) const {
  const int row = w_.places[agent].row + down, col = w_.places[agent].col + right, at = row * raw("sizes", kWidth) + col;
  const int where = (raw("sizes", kViewHeight) / 2 + down) << 4 | (raw("sizes", kViewWidth) / 2 + right);
  const int seen = raw("sizes", kHeadingUp) != 0 ? turned(where, w_.get(agent, colony::kHeading)) : where;
  Cell cell{where, std::abs(down) + std::abs(right), object_at(row, col), {}, {}, {}};
  if (cell.object >= 0 && !is_hidden(agent, cell, down, right)) cell.things = thing_tokens(agent, cell.object, seen);
  if (num_rows("grounds", 3) > 1 && w_.ground[at] != 0)
    append_token(cell.ground, seen, raw("grounds", w_.ground[at] * 3), raw("grounds", w_.ground[at] * 3 + 1));
  if (num_rows("trace_features", 1) > 1 && w_.traces[at] != 0) {
    const int left = static_cast<int>(int64_t{w_.trace_ends[at]} - w_.header.tick);
    append_token(cell.trace, seen, raw("trace_features", w_.traces[at]), left);
  }
  return cell;
}

// On ground that hides, only those beside see one; everybody sees itself.
bool SlowView::is_hidden(int agent, const Cell& cell, int down, int right) const {
  if (num_rows("grounds", 3) == 1 || cell.object == agent) return false;
  const int at = (w_.places[agent].row + down) * raw("sizes", kWidth) + w_.places[agent].col + right;
  return raw("grounds", w_.ground[at] * 3 + 2) != 0 && std::max(std::abs(down), std::abs(right)) > 1;
}

int SlowView::turned(int where, int heading) const {
  const int center = raw("sizes", kViewHeight) / 2;
  int row = (where >> 4) - center, col = (where & 15) - center;
  for (int turn = 0; turn < heading; ++turn) {  // a quarter to the left for every quarter that the observer turned right
    const int old_row = row;
    row = -col;
    col = old_row;
  }
  return (row + center) << 4 | (col + center);
}

SlowView::Tokens SlowView::thing_tokens(int agent, int object, int where) const {
  Tokens tokens = tokens_of(object);
  const int kind = w_.kinds[object], heading = w_.get(agent, colony::kHeading);
  for (int i = raw("kind_tokens_begin", kind); raw("sizes", kHeadingUp) != 0 && i < raw("kind_tokens_begin", kind + 1); ++i) {
    if (raw("kind_tokens", i * 4) == colony::kHeading)
      tokens[2] = static_cast<uint8_t>(1 + (w_.get(object, colony::kHeading) - heading + 4) % 4);
  }
  for (size_t at = 0; at < tokens.size(); at += 3) tokens[at] = static_cast<uint8_t>(where);
  if (kind != colony::kAgentKind || object == agent) return tokens;
  if (raw("global_features", 3) >= 0) append_token(tokens, where, raw("global_features", 3), shown_kinship(agent, object));
  append_token(tokens, where, raw("global_features", 4), w_.partners[agent] == object + 1 ? 1 : 0);
  return tokens;
}

// With an error drawn for the pair: in every tick, or as if it were always tick 0.
int SlowView::shown_kinship(int agent, int other) const {
  const int num_agents = raw("sizes", kNumAgents), noise_mode = raw("kinship", 4);
  const int score = w_.kinship[agent * num_agents + other];
  if (noise_mode == 0) return score;
  const uint64_t tick = noise_mode == 1 ? w_.header.tick : 0;
  const auto index = static_cast<uint64_t>(agent * num_agents + other);
  const uint64_t bits = squares64(tick << 32 | uint64_t{12} << 26 | index, w_.header.episode_key);
  const auto which = static_cast<int>(((bits >> 32) * raw_.at("kinship_noise").size()) >> 32);
  return std::clamp(score + raw("kinship_noise", which), 0, colony::kFullKinship);
}

// Where the row gets within one wide store of its end before the last object, or layers do not fit, all comes again, nearest first.
bool SlowView::is_tight(const Tokens& told, const std::vector<Cell>& cells) const {
  const auto room = static_cast<size_t>(raw("sizes", kNumTokens)) * 3;
  const size_t needed = kWideStore + (is_rich() ? 6 : 0);
  size_t size = told.size();
  bool is_tight = size > room;
  for (const Cell& cell : cells) {
    is_tight |= cell.object >= 0 && size + needed > room;
    size += cell.things.size();
  }
  for (const Cell& cell : cells) size += cell.ground.size() + cell.trace.size();
  return is_tight || size > room;
}

std::vector<uint8_t> SlowView::observation(int agent, int& dropped) const {
  const auto room = static_cast<size_t>(raw("sizes", kNumTokens)) * 3;
  Tokens row;
  if (w_.kinds[agent] != 0) {
    row = globals(agent);
    std::vector<Cell> cells = cells_in_sight(agent);
    if (is_tight(row, cells)) {
      std::stable_sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.distance < b.distance; });
      for (const Cell& cell : cells) {
        for (const Tokens* tokens : {&cell.things, &cell.ground, &cell.trace}) append(row, *tokens);
      }
    } else {
      for (const Cell& cell : cells) append(row, cell.things);
      for (const Cell& cell : cells) append(row, cell.ground);
      for (const Cell& cell : cells) append(row, cell.trace);
    }
  }
  dropped = row.size() > room ? static_cast<int>((row.size() - room) / 3) : 0;
  row.resize(room, 255);
  return row;
}

}  // namespace metta
