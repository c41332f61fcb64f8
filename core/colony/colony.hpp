// The colony as a game of the engine: how a world begins, what one step is, what a batch needs to know about it.
#pragma once

#include "colony/events/event_log.hpp"
#include "colony/tables.hpp"
#include "engine/batch_rows.hpp"
#include "engine/phase_clock.hpp"

namespace metta::colony {

class Colony {
 public:
  using Log = EventLog;

  Colony(const RawTables& tables, std::vector<int32_t> maps) : t(tables), maps_(t, std::move(maps)) {}

  BatchShape shape() const { return {t.num_agents, t.num_tokens, t.num_actions, t.num_stats}; }
  size_t world_bytes() const { return t.layout.size; }
  int num_actions() const { return t.num_actions; }

  // First episode of a world. With desync its end lies anywhere in 1..max_steps, so that worlds do not end together.
  void begin(std::byte* block, uint64_t seed, uint64_t stream, bool desync, WorldRows& rows) const;

  // One step of all agents: reads num_agents actions, writes this world's rows. Resets by itself when the episode ends.
  void step(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock) const;

  EventLog make_log(size_t capacity) const { return EventLog(capacity, t); }

  // The same, and the log has what happened in it: `log` keeps it although the episode ends.
  void step(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock, EventLog& log) const;

  // Observations, masks and who is alive, from the state as it is (after a restored snapshot). Leaves the block as it was.
  void observe(std::byte* block, WorldRows& rows) const;

  // Throws std::invalid_argument if the block is no possible world of this game, so that no step could leave it.
  void check(std::byte* block) const;

  int64_t tokens_dropped(const std::byte* block) const;

  // Episodes that begin from now on take their maps from these; as many as there were. Not while a world is stepped.
  void set_maps(std::vector<int32_t> maps);

  const Tables t;

 private:
  template <class LogPolicy>
  void step_with(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock, LogPolicy log) const;
  void begin_episode(class World& world, bool desync) const;
  void end_episode(class World& world, WorldRows& rows) const;
  void place_objects(class World& world) const;
  void begin_placeless(class World& world) const;
  void place_agents(class World& world) const;
  int first_body(const class World& world, int agent) const;
  void deal_kinship(class World& world) const;

  MapPool maps_;
};

}  // namespace metta::colony
