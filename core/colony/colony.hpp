// The colony as a game of the engine: how a world begins, what one step is, what a batch needs to know about it.
// A batch may have several games of one shape; which of them a world plays stands in its header, and changes with the episode.
#pragma once

#include <memory>
#include <vector>

#include "colony/events/event_log.hpp"
#include "colony/tables.hpp"
#include "engine/batch_rows.hpp"
#include "engine/phase_clock.hpp"

namespace metta::colony {

// One of the games that the worlds of a batch can play. Games that differ in their maps alone share tables.
struct Game {
  Game(std::shared_ptr<const Tables> of_game, std::vector<int32_t> cells) : tables(std::move(of_game)), maps(*tables, std::move(cells)) {}

  std::shared_ptr<const Tables> tables;
  MapPool maps;
};

class Colony {
 public:
  using Log = EventLog;

  Colony(const RawTables& tables, std::vector<int32_t> maps);
  explicit Colony(std::vector<Game> games);  // throws std::invalid_argument if their worlds cannot stand side by side

  BatchShape shape() const { return {t.num_agents, t.num_tokens, t.num_actions, t.num_stats}; }
  size_t world_bytes() const { return world_bytes_; }
  int num_actions() const { return t.num_actions; }

  // First episode of a world, in the game that rows.next_game names. With desync its end lies anywhere in 1..max_steps, so that worlds do
  // not end together.
  void begin(std::byte* block, uint64_t seed, uint64_t stream, bool desync, WorldRows& rows) const;

  // One step of all agents: reads num_agents actions, writes this world's rows. Resets by itself when the episode ends, to the game
  // that rows.next_game names; a number that names none changes nothing.
  void step(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock) const;

  EventLog make_log(size_t capacity) const { return EventLog(capacity, t); }

  // The same, and the log has what happened in it: `log` keeps it although the episode ends.
  void step(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock, EventLog& log) const;

  // Observations, masks and who is alive, from the state as it is (after a restored snapshot). Leaves the block as it was.
  void observe(std::byte* block, WorldRows& rows) const;

  // Throws std::invalid_argument if the block is no possible world of this game, so that no step could leave it.
  void check(std::byte* block) const;

  int64_t tokens_dropped(const std::byte* block) const;

  // Episodes of a game that begin from now on take their maps from these; as many as there were. Not while a world is stepped.
  void set_maps(std::vector<int32_t> maps, int game = 0);

  // The tables of the game that a world plays.
  const Tables& tables_of(const std::byte* block) const { return *game_of(block).tables; }

 private:
  std::vector<Game> games_;
  size_t world_bytes_ = 0;  // of the largest

 public:
  const Tables& t;  // of the first game

 private:
  template <class LogPolicy>
  void step_with(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock, LogPolicy log) const;
  void begin_episode(std::byte* block, bool desync, WorldRows& rows) const;
  void end_episode(class World& world, WorldRows& rows) const;
  const Game& game_of(const std::byte* block) const;
};

}  // namespace metta::colony
