// What must hold in every world after every step.
#pragma once

#include "runner.hpp"
#include "slow_view.hpp"

namespace metta {

class Invariants {
 public:
  Invariants(const RandomGame& game, ColonyBatch& batch) : raw_(game.tables), batch_(batch) {}

  void check(int world) {
    const colony::World w(batch_.game().t, batch_.block(world));
    check_places(w);
    check_variables(w);
    check_ground(w);
    check_relations(w);
    check_numbers(w);
    check_tokens(w);
    check_rows(w, batch_.arrays().rows_of(batch_.shape(), static_cast<size_t>(world)));
  }

  // The core's own check of snapshots must agree that the world is possible.
  void check_accepted(int world) {
    const auto bytes = batch_.snapshot(world);
    const std::vector<std::byte> copy(bytes.begin(), bytes.end());
    const uint64_t hash = batch_.hash(world);
    batch_.restore(world, copy);
    CHECK_EQ(batch_.hash(world), hash);
  }

  // Tokens that did not fit into the rows as they are now.
  int64_t tokens_dropped() const { return tokens_dropped_; }

 private:
  int size(Size column) const { return raw_.at("sizes")[column]; }

  // The world itself and its groups: between agents and things, always there, nowhere.
  bool is_placeless(int object) const {
    return object >= size(kNumAgents) && object < size(kNumAgents) + (size(kWorldKind) >= 0) + size(kNumGroups);
  }
  bool is_world(int object) const { return size(kWorldKind) >= 0 && object == size(kNumAgents); }

  // One blocker a cell; grid, places and occupancy agree.
  void check_places(const colony::World& w) {
    const int area = w.t.height * w.t.width;
    std::vector<int> object_at(static_cast<size_t>(area), -1);
    int num_alive = 0;
    for (int object = 0; object < w.t.max_objects; ++object) {
      const colony::Place place = w.places[object];
      CHECK_EQ(w.is_alive(object) && !is_placeless(object), place.is_on_map());
      if (is_placeless(object)) CHECK_EQ(w.kinds[object], is_world(object) ? size(kWorldKind) : size(kGroupKind));
      if (!place.is_on_map()) continue;
      CHECK_EQ(w.is_agent(object), w.kinds[object] == colony::kAgentKind);
      CHECK(w.is_inside(place.row, place.col));
      int& found = object_at[static_cast<size_t>(place.row * w.t.width + place.col)];
      CHECK_EQ(found, -1);
      found = object;
      num_alive += w.is_agent(object);
    }
    for (int cell = 0; cell < area; ++cell) {
      const int object = object_at[static_cast<size_t>(cell)];
      CHECK_EQ(w.grid[cell], object + 1);
      CHECK_EQ(is_marked(w, w.occupancy, cell), object >= 0);
    }
    CHECK_EQ(w.header.num_alive, num_alive);
    CHECK(num_alive > 0);
    CHECK(w.header.tick < w.header.last_tick && w.header.last_tick <= static_cast<uint32_t>(w.t.max_steps));
  }

  static bool is_marked(const colony::World& w, const OccupancyRows& rows, int cell) {
    return (rows.window(cell / w.t.width, cell % w.t.width) & 1u) != 0;
  }

  // Within 0..cap; a countdown that runs is known to run; whoever has step rules is known to have them.
  void check_variables(const colony::World& w) {
    const colony::RawTables patched = patched_tables(raw_, w);
    const auto& caps = patched.at("profile_cap");
    for (int object = 0; object < w.t.max_objects; ++object) {
      bool is_running = false;
      for (int v = 0; v < w.t.num_variables; ++v) {
        const int value = w.get(object, v), cap = caps[static_cast<size_t>(w.profiles[object] * w.t.num_variables + v)];
        CHECK(value >= 0 && value <= (w.is_alive(object) ? cap : 0));
        is_running |= value > 0 && raw_.at("var_countdown")[static_cast<size_t>(v)] != 0;
      }
      if (is_running) CHECK(has(w.ticking, object));
      const bool has_rules = !w.is_agent(object) && raw_.at("step_rules")[static_cast<size_t>(w.kinds[object]) * 2 + 1] > 0;
      if (w.is_alive(object)) CHECK_EQ(has(w.stepping, object), has_rules);
    }
  }

  static bool has(const BitSet& set, int object) { return (set.words[object >> 6] >> (object & 63) & 1) != 0; }

  // Cells with ground or a trace are known; there is nothing outside of the map.
  void check_ground(const colony::World& w) {
    check_layer(w, num_rows("grounds", 3), w.ground, w.ground_rows);
    check_layer(w, num_rows("trace_features", 1), w.traces, w.trace_rows);
    for (int cell = 0; num_rows("trace_features", 1) > 1 && cell < w.t.height * w.t.width; ++cell) {
      CHECK_EQ(w.trace_ends[cell] != 0, w.traces[cell] != 0);
    }
  }

  int num_rows(const char* name, int columns) const { return static_cast<int>(raw_.at(name).size()) / columns; }

  static void check_layer(const colony::World& w, int num_values, const uint8_t* layer, const OccupancyRows& rows) {
    if (num_values == 1) return;
    int num_bits = 0, num_set = 0;
    for (int cell = 0; cell < w.t.height * w.t.width; ++cell) {
      CHECK(layer[cell] < num_values);
      CHECK_EQ(is_marked(w, rows, cell), layer[cell] != 0);
      num_set += layer[cell] != 0;
    }
    for (int i = 0; i < w.t.height * rows.row_bytes; ++i) num_bits += __builtin_popcount(rows.bits[i]);
    CHECK_EQ(num_bits, num_set);
  }

  // Bonds are mutual and between the living; nobody is nearer than oneself.
  void check_relations(const colony::World& w) {
    const bool has_kinship = raw_.at("kinship")[0] != 0;
    for (int agent = 0; agent < w.t.num_agents; ++agent) {
      if (const int mate = w.partners[agent] - 1; mate >= 0) {
        CHECK(mate < w.t.num_agents && mate != agent);
        CHECK_EQ(w.partners[mate], agent + 1);
        CHECK(w.is_alive(agent));
      }
      CHECK(w.courted[agent] <= w.t.num_agents && w.courted[agent] != agent + 1);
      CHECK(w.court_ticks[agent] <= w.header.tick);
      CHECK(w.left_ticks[agent] <= w.header.tick);
      for (int other = 0; has_kinship && other < w.t.num_agents; ++other) {
        const int score = w.kinship[agent * w.t.num_agents + other];
        CHECK(agent == other && w.is_alive(agent) ? score == colony::kFullKinship : score <= colony::kFullKinship);
      }
    }
  }

  // The numbers of a world are those of the game, but for what its episode drew.
  void check_numbers(const colony::World& w) {
    const colony::RawTables patched = patched_tables(raw_, w);
    const auto same = [&](const char* name, const int32_t* own) {
      const auto& values = patched.at(name);
      return std::equal(values.begin(), values.end(), own);
    };
    CHECK(same("profile_cap", w.caps));
    CHECK(same("profile_initial", w.initials));
    CHECK(same("profile_trait", w.traits));
    CHECK(same("agent_initial", w.agent_initial));
    for (int i = 0; i < num_rows("filters", 8); ++i) {
      const colony::Filter& f = w.filters[i];
      const int32_t row[8] = {static_cast<int>(f.op),
                              static_cast<int>(f.who),
                              f.variable,
                              static_cast<int>(f.operand.mode),
                              f.operand.value,
                              f.extra1,
                              f.extra2,
                              f.negate};
      CHECK(std::equal(row, row + 8, &patched.at("filters")[static_cast<size_t>(i) * 8]));
    }
    for (int i = 0; i < num_rows("effects", 8); ++i) {
      const colony::Effect& e = w.effects[i];
      const int32_t row[8] = {static_cast<int>(e.op),
                              static_cast<int>(e.who),
                              e.variable,
                              static_cast<int>(e.operand.mode),
                              e.operand.value,
                              e.extra1,
                              e.extra2,
                              e.reach};
      CHECK(std::equal(row, row + 8, &patched.at("effects")[static_cast<size_t>(i) * 8]));
    }
    if (patched.count("max_steps") > 0) CHECK(w.header.last_tick <= static_cast<uint32_t>(patched.at("max_steps")[0]));
  }

  void check_tokens(const colony::World& w) {
    const SlowView view(raw_, w);
    for (int object = 0; object < w.t.max_objects; ++object) {
      if (!w.is_alive(object)) continue;
      const auto bytes = w.tokens[object].bytes;
      CHECK(std::vector<uint8_t>(bytes, bytes + w.token_bytes[object]) == view.tokens_of(object));
    }
  }

  void check_rows(const colony::World& w, const WorldRows& rows) {
    const SlowView view(raw_, w);
    const auto row_bytes = static_cast<size_t>(w.t.num_tokens) * kTokenBytes;
    const auto num_actions = static_cast<size_t>(w.t.num_actions);
    tokens_dropped_ = 0;
    for (int agent = 0; agent < w.t.num_agents; ++agent) {
      const auto at = static_cast<size_t>(agent);
      int dropped = 0;
      const uint8_t* observation = rows.observations + at * row_bytes;
      CHECK(std::vector<uint8_t>(observation, observation + row_bytes) == view.observation(agent, dropped));
      tokens_dropped_ += dropped;
      const uint8_t* mask = rows.action_mask + at * num_actions;
      CHECK(std::vector<uint8_t>(mask, mask + num_actions) == view.action_mask(agent));
      CHECK_EQ(mask[colony::kNoop], 1);
      CHECK_EQ(rows.alive[at], w.is_alive(agent) ? 1 : 0);
      CHECK(rows.terminated[at] + rows.truncated[at] <= 1);
      if (*rows.episode_ended == 0) CHECK_EQ(rows.rewards[at], static_cast<float>(w.rewards[agent]) * 1e-3f);
    }
  }

  const colony::RawTables& raw_;
  ColonyBatch& batch_;
  int64_t tokens_dropped_ = 0;
};

}  // namespace metta
