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
  // One blocker a cell; grid, places and occupancy agree.
  void check_places(const colony::World& w) {
    const int area = w.t.height * w.t.width;
    std::vector<int> object_at(static_cast<size_t>(area), -1);
    int num_alive = 0;
    for (int object = 0; object < w.t.max_objects; ++object) {
      const colony::Place place = w.places[object];
      CHECK_EQ(w.is_alive(object), place.is_on_map());
      if (!w.is_alive(object)) continue;
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
      CHECK_EQ(w.occupancy.window(cell / w.t.width, cell % w.t.width) & 1u, object >= 0 ? 1u : 0u);
    }
    CHECK_EQ(w.header.num_alive, num_alive);
    CHECK(num_alive > 0);
    CHECK(w.header.tick < w.header.last_tick && w.header.last_tick <= static_cast<uint32_t>(w.t.max_steps));
  }

  // Within 0..cap; a countdown that runs is known to run; whoever has step rules is known to have them.
  void check_variables(const colony::World& w) {
    for (int object = 0; object < w.t.max_objects; ++object) {
      bool is_running = false;
      for (int v = 0; v < w.t.num_variables; ++v) {
        const int value = w.get(object, v);
        CHECK(value >= 0 && value <= (w.is_alive(object) ? w.cap(object, v) : 0));
        is_running |= value > 0 && raw_.at("var_countdown")[static_cast<size_t>(v)] != 0;
      }
      if (is_running) CHECK(has(w.ticking, object));
      const bool has_rules = !w.is_agent(object) && raw_.at("step_rules")[static_cast<size_t>(w.kinds[object]) * 2 + 1] > 0;
      if (w.is_alive(object)) CHECK_EQ(has(w.stepping, object), has_rules);
    }
  }

  static bool has(const BitSet& set, int object) { return (set.words[object >> 6] >> (object & 63) & 1) != 0; }

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
