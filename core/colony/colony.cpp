#include "colony/colony.hpp"

#include <algorithm>

#include "colony/actions.hpp"
#include "colony/check_block.hpp"
#include "colony/observe.hpp"
#include "colony/params.hpp"
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

// What agents need to know before their first step from here.
void report_beginning(World& w, WorldRows& rows) {
  for (int agent = 0; agent < w.t.num_agents; ++agent) rows.alive[agent] = w.is_alive(agent);
  write_observations(w, rows);
  write_masks(w, rows);
}

// Runs one phase, on the clock if there is one.
template <class Body>
void timed(PhaseClock* clock, Phase phase, Body&& body) {
  body();
  if (clock != nullptr) clock->end(phase);
}

}  // namespace

void Colony::step(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock) const {
  World w(t, block);
  if (clock != nullptr) clock->start();
  timed(clock, Phase::kRules, [&] {
    begin_step(w);
    choose_actions(w, actions, rows.action_mask);
    run_countdowns(w);
    sweep_traces(w);
    run_step_rules(w);
  });
  timed(clock, Phase::kActions, [&] { do_actions(w); });
  timed(clock, Phase::kRules, [&] {
    share_rewards(w);
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

void Colony::begin(std::byte* block, uint64_t seed, uint64_t stream, bool desync, WorldRows& rows) const {
  std::memset(block, 0, t.layout.size);
  World w(t, block);
  w.header.stream_key = stream_key(seed, stream);
  begin_episode(w, desync);
  report_beginning(w, rows);
}

void Colony::begin_episode(World& w, bool desync) const {
  const uint64_t key = w.header.stream_key;
  const uint32_t episode = w.header.episode;
  const int64_t dropped = w.header.tokens_dropped;
  std::byte* const block = reinterpret_cast<std::byte*>(&w.header);
  std::memset(block, 0, t.layout.size);
  w.header.stream_key = key;
  w.header.episode = episode;
  w.header.tokens_dropped = dropped;
  w.header.episode_key = mix64(key ^ mix64(episode)) | 1;
  w.header.num_alive = t.num_initial_agents;
  w.header.last_tick = static_cast<uint32_t>(t.max_steps);
  if (t.varies()) draw_params(w);
  if (desync) w.header.last_tick = 1 + bounded(static_cast<uint32_t>(w.draw(Purpose::kDesync, 0) >> 32), w.header.last_tick);
  w.header.map =
      static_cast<int32_t>(bounded(static_cast<uint32_t>(w.draw(Purpose::kMap, 0) >> 32), static_cast<uint32_t>(maps_.num_maps)));
  place_objects(w);
  deal_kinship(w);
}

void Colony::place_objects(World& w) const {
  for (int object = 0; object < t.max_objects; ++object) w.places[object] = kNowhere;
  begin_placeless(w);
  const size_t area = static_cast<size_t>(t.height) * static_cast<size_t>(t.width);
  const int16_t* kinds = maps_.cells.data() + static_cast<size_t>(w.header.map) * area;
  const uint8_t* grounds = maps_.grounds.data() + static_cast<size_t>(w.header.map) * area;
  int next = t.first_thing;
  for (int cell = 0; cell < static_cast<int>(area); ++cell) {
    const Place place{static_cast<int16_t>(cell / t.width), static_cast<int16_t>(cell % t.width)};
    if (grounds[cell] != 0) lay_ground(w, place, grounds[cell]);
    if (kinds[cell] <= kAgentKind) continue;
    w.put(next, place.row, place.col);
    w.become(next++, kinds[cell], t.kind_profile[static_cast<size_t>(kinds[cell])]);
  }
  place_agents(w);
}

// The world itself and its groups: they carry variables and stand nowhere.
void Colony::begin_placeless(World& w) const {
  for (int object = t.num_agents; object < t.first_thing; ++object) {
    const int kind = object == t.world_object ? t.world_kind : t.group_kind;
    w.become(object, kind, t.kind_profile[static_cast<size_t>(kind)]);
  }
}

void Colony::place_agents(World& w) const {
  const int n = t.num_initial_agents;
  for (int agent = 0; agent < t.num_agents; ++agent) w.order[agent] = static_cast<uint16_t>(agent);
  if (t.shuffles_spawns) shuffle_order(w, Purpose::kSpawn, n);
  const int32_t* spawns = maps_.spawn_cells.data() + w.header.map * n;
  for (int agent = 0; agent < n; ++agent) {
    const int cell = spawns[w.order[agent]];
    w.put(agent, cell / t.width, cell % t.width);
    w.become(agent, kAgentKind, first_body(w, agent));
    const int32_t* initial = w.agent_initial + agent * t.num_variables;
    for (int v = 0; v < t.num_variables; ++v) {
      if (initial[v] != kNone) w.set(agent, v, initial[v]);
    }
  }
}

int Colony::first_body(const World& w, int agent) const {
  if (t.body_draws.empty() || !t.samples_bodies) return t.agent_profile[static_cast<size_t>(agent)];
  return t.body_draws[draw_below(w, Purpose::kBody, static_cast<uint32_t>(agent), t.body_draws.size())];
}

void Colony::deal_kinship(World& w) const {
  if (t.kinship.mode == KinshipMode::kRandomPairs) deal_random_pairs(w);
  if (t.kinship.mode != KinshipMode::kTemplates) return;
  for (int agent = 0; agent < t.num_agents; ++agent) w.order[agent] = static_cast<uint16_t>(agent);
  if (t.kinship.shuffles) shuffle_order(w, Purpose::kKinshipOrder, t.num_agents);
  deal_template(w);
}

void Colony::end_episode(World& w, WorldRows& rows) const {
  const auto agents = static_cast<size_t>(t.num_agents);
  std::memcpy(rows.final_observations, rows.observations, agents * static_cast<size_t>(t.num_tokens) * kTokenBytes);
  std::copy_n(w.stats, agents * static_cast<size_t>(t.num_stats), rows.episode_stats);
  *rows.episode_length = static_cast<int32_t>(w.header.tick);
  for (int agent = 0; agent < t.num_agents; ++agent) {
    rows.episode_return[agent] = static_cast<float>(static_cast<double>(w.returns[agent]) * 1e-3);
    rows.truncated[agent] = rows.alive[agent];
  }
  ++w.header.episode;
  begin_episode(w, false);
  report_beginning(w, rows);
}

void Colony::observe(std::byte* block, WorldRows& rows) const {
  World w(t, block);
  const int64_t dropped = w.header.tokens_dropped;  // these observations were counted when they were first written
  report_beginning(w, rows);
  w.header.tokens_dropped = dropped;
}

void Colony::check(std::byte* block) const { check_block(t, maps_.num_maps, block); }

int64_t Colony::tokens_dropped(const std::byte* block) const {
  return reinterpret_cast<const WorldHeader*>(block + t.layout.header)->tokens_dropped;
}

}  // namespace metta::colony
