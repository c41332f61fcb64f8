// One step of a world, phase by phase. Compiled twice: colony.cpp steps without a log, events/logged_step.cpp with one, so that what the
// log needs is not in the way of worlds that nobody looks at.
#pragma once

#include "colony/actions.hpp"
#include "colony/colony.hpp"
#include "colony/observe.hpp"
#include "colony/sharing.hpp"
#include "colony/world.hpp"
#include "colony/world_effects.hpp"

namespace metta::colony {

namespace {

// Rewards of a step start at zero; a chance drawn in this step is numbered from zero.
void begin_step(World& w) {
  ++w.header.tick;
  w.header.num_draws = 0;
  std::memset(w.rewards, 0, static_cast<size_t>(w.t.num_agents) * sizeof(int32_t));
}

void pay_rewards(World& w, WorldRows& rows) {
  for (int agent = 0; agent < w.t.num_agents; ++agent) {
    w.returns[agent] += w.rewards[agent];
    rows.rewards[agent] = static_cast<float>(w.rewards[agent]) * 1e-3f;
  }
}

void report_lives(const World& w, WorldRows& rows) {
  for (int agent = 0; agent < w.t.num_agents; ++agent) {
    const bool is_alive = w.is_alive(agent);
    rows.terminated[agent] = rows.alive[agent] && !is_alive;
    rows.truncated[agent] = 0;
    rows.alive[agent] = is_alive;
  }
}

void write_observations(World& w, WorldRows& rows) {
  refresh_tokens(w);
  const int progress = 1 + static_cast<int>(uint64_t{254} * w.header.tick / static_cast<uint32_t>(w.t.max_steps));
  const auto row_bytes = static_cast<size_t>(w.t.num_tokens) * kTokenBytes;
  for (int agent = 0; agent < w.t.num_agents; ++agent) {
    uint8_t* const row = rows.observations + static_cast<size_t>(agent) * row_bytes;
    for (int line = 0; line < 4; ++line) __builtin_prefetch(row + row_bytes + line * 64, 1, 3);
    rows.used_bytes[agent] = static_cast<uint16_t>(write_observation(w, agent, progress, row, rows.used_bytes[agent]));
  }
}

void write_masks(World& w, WorldRows& rows) {
  for (int agent = 0; agent < w.t.num_agents; ++agent) write_mask(w, agent, rows.action_mask + agent * w.t.num_actions);
}

// Runs one phase, on the clock if there is one.
template <class Body>
void timed(PhaseClock* clock, Phase phase, Body&& body) {
  body();
  if (clock != nullptr) clock->end(phase);
}

}  // namespace

template <class LogPolicy>
void Colony::step_with(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock, LogPolicy log) const {
  World w(tables_of(block), block);
  if (clock != nullptr) clock->start();
  timed(clock, Phase::kRules, [&] {
    begin_step(w);
    choose_actions(w, actions, rows.action_mask);
    run_countdowns(w);
    sweep_traces(w);
    run_step_rules(w, log);
  });
  timed(clock, Phase::kActions, [&] { do_actions(w, log); });
  timed(clock, Phase::kRules, [&] {
    share_rewards(w, log);
    pay_rewards(w, rows);
    report_lives(w, rows);
  });
  timed(clock, Phase::kObservations, [&] {
    write_observations(w, rows);
    write_masks(w, rows);
  });
  const bool has_ended = w.header.tick >= w.header.last_tick || w.header.num_alive == 0;
  *rows.episode_ended = has_ended;
  if (has_ended) timed(clock, Phase::kResets, [&] { end_episode(w, rows); });
}

}  // namespace metta::colony
