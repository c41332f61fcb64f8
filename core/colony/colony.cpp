#include "colony/colony.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "colony/check_block.hpp"
#include "colony/params.hpp"
#include "colony/step.hpp"

namespace metta::colony {

namespace {

// What agents need to know before their first step from here.
void report_beginning(World& w, WorldRows& rows) {
  for (int agent = 0; agent < w.t.num_agents; ++agent) rows.alive[agent] = w.is_alive(agent);
  write_observations(w, rows);
  write_masks(w, rows);
}

}  // namespace

void Colony::step(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock) const {
  step_with(block, actions, rows, clock, NoLog{});
}

void Colony::set_maps(std::vector<int32_t> maps) {
  MapPool fresh(t, std::move(maps));
  if (fresh.num_maps != maps_.num_maps) {
    throw std::invalid_argument("maps: " + std::to_string(fresh.num_maps) + " maps, there must be " + std::to_string(maps_.num_maps));
  }
  maps_ = std::move(fresh);
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
