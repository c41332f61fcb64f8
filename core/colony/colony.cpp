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
  *rows.game = w.header.game;
  for (int agent = 0; agent < w.t.num_agents; ++agent) rows.alive[agent] = w.is_alive(agent);
  write_observations(w, rows);
  write_masks(w, rows);
}

// The world itself and its groups: they carry variables and stand nowhere.
void begin_placeless(World& w) {
  for (int object = w.t.num_agents; object < w.t.first_thing; ++object) {
    const int kind = object == w.t.world_object ? w.t.world_kind : w.t.group_kind;
    w.become(object, kind, w.t.kind_profile[static_cast<size_t>(kind)]);
  }
}

int first_body(const World& w, int agent) {
  if (w.t.body_draws.empty() || !w.t.samples_bodies) return w.t.agent_profile[static_cast<size_t>(agent)];
  return w.t.body_draws[draw_below(w, Purpose::kBody, static_cast<uint32_t>(agent), w.t.body_draws.size())];
}

void place_agents(World& w, const MapPool& maps) {
  const int n = w.t.num_initial_agents;
  for (int agent = 0; agent < w.t.num_agents; ++agent) w.order[agent] = static_cast<uint16_t>(agent);
  if (w.t.shuffles_spawns) shuffle_order(w, Purpose::kSpawn, n);
  const int32_t* spawns = maps.spawn_cells.data() + w.header.map * n;
  for (int agent = 0; agent < n; ++agent) {
    const int cell = spawns[w.order[agent]];
    w.put(agent, cell / w.t.width, cell % w.t.width);
    w.become(agent, kAgentKind, first_body(w, agent));
    const int32_t* initial = w.agent_initial + agent * w.t.num_variables;
    for (int v = 0; v < w.t.num_variables; ++v) {
      if (initial[v] != kNone) w.set(agent, v, initial[v]);
    }
  }
}

void place_objects(World& w, const MapPool& maps) {
  for (int object = 0; object < w.t.max_objects; ++object) w.places[object] = kNowhere;
  begin_placeless(w);
  const size_t area = static_cast<size_t>(w.t.height) * static_cast<size_t>(w.t.width);
  const int16_t* kinds = maps.cells.data() + static_cast<size_t>(w.header.map) * area;
  const uint8_t* grounds = maps.grounds.data() + static_cast<size_t>(w.header.map) * area;
  int next = w.t.first_thing;
  for (int cell = 0; cell < static_cast<int>(area); ++cell) {
    const Place place{static_cast<int16_t>(cell / w.t.width), static_cast<int16_t>(cell % w.t.width)};
    if (grounds[cell] != 0) lay_ground(w, place, grounds[cell]);
    if (kinds[cell] <= kAgentKind) continue;
    w.put(next, place.row, place.col);
    w.become(next++, kinds[cell], w.t.kind_profile[static_cast<size_t>(kinds[cell])]);
  }
  place_agents(w, maps);
}

void deal_kinship(World& w) {
  if (w.t.kinship.mode == KinshipMode::kRandomPairs) deal_random_pairs(w);
  if (w.t.kinship.mode != KinshipMode::kTemplates) return;
  for (int agent = 0; agent < w.t.num_agents; ++agent) w.order[agent] = static_cast<uint16_t>(agent);
  if (w.t.kinship.shuffles) shuffle_order(w, Purpose::kKinshipOrder, w.t.num_agents);
  deal_template(w);
}

}  // namespace

void Colony::step(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock) const {
  step_with(block, actions, rows, clock, NoLog{});
}

Colony::Colony(const RawTables& tables, std::vector<int32_t> maps)
    : Colony(std::vector<Game>{Game(std::make_shared<const Tables>(tables), std::move(maps))}) {}

Colony::Colony(std::vector<Game> games) : games_(std::move(games)), t(*games_.at(0).tables) {
  for (const Game& game : games_) {
    const Tables& other = *game.tables;
    const bool is_alike = other.num_agents == t.num_agents && other.num_tokens == t.num_tokens && other.num_actions == t.num_actions &&
                          other.num_stats == t.num_stats && other.variable_stride == t.variable_stride;
    if (!is_alike) {
      throw std::invalid_argument("game " + std::to_string(&game - games_.data()) +
                                  " has not as many agents, tokens, actions, statistics and variables as game 0");
    }
    world_bytes_ = std::max(world_bytes_, other.layout.size);
  }
}

void Colony::set_maps(std::vector<int32_t> maps, int game) {
  MapPool& present = games_.at(static_cast<size_t>(game)).maps;
  MapPool fresh(*games_[static_cast<size_t>(game)].tables, std::move(maps));
  if (fresh.num_maps != present.num_maps) {
    throw std::invalid_argument("maps: " + std::to_string(fresh.num_maps) + " maps, there must be " + std::to_string(present.num_maps));
  }
  present = std::move(fresh);
}

// Every layout begins with the header.
const Game& Colony::game_of(const std::byte* block) const {
  return games_[static_cast<size_t>(reinterpret_cast<const WorldHeader*>(block)->game)];
}

void Colony::begin(std::byte* block, uint64_t seed, uint64_t stream, bool desync, WorldRows& rows) const {
  std::memset(block, 0, world_bytes_);
  reinterpret_cast<WorldHeader*>(block)->stream_key = stream_key(seed, stream);
  begin_episode(block, desync, rows);
}

void Colony::begin_episode(std::byte* block, bool desync, WorldRows& rows) const {
  const WorldHeader before = *reinterpret_cast<const WorldHeader*>(block);
  const int32_t wanted = *rows.next_game;
  const bool is_known = wanted >= 0 && static_cast<size_t>(wanted) < games_.size();
  const int32_t number = is_known ? wanted : before.game;
  const Game& game = games_[static_cast<size_t>(number)];
  std::memset(block, 0, world_bytes_);
  World w(*game.tables, block);
  w.header.game = number;
  w.header.stream_key = before.stream_key;
  w.header.episode = before.episode;
  w.header.tokens_dropped = before.tokens_dropped;
  w.header.episode_key = mix64(before.stream_key ^ mix64(before.episode)) | 1;
  w.header.num_alive = w.t.num_initial_agents;
  w.header.last_tick = static_cast<uint32_t>(w.t.max_steps);
  if (w.t.varies()) draw_params(w);
  if (desync) w.header.last_tick = 1 + bounded(static_cast<uint32_t>(w.draw(Purpose::kDesync, 0) >> 32), w.header.last_tick);
  w.header.map =
      static_cast<int32_t>(bounded(static_cast<uint32_t>(w.draw(Purpose::kMap, 0) >> 32), static_cast<uint32_t>(game.maps.num_maps)));
  place_objects(w, game.maps);
  deal_kinship(w);
  report_beginning(w, rows);
}

void Colony::end_episode(World& w, WorldRows& rows) const {
  const auto agents = static_cast<size_t>(w.t.num_agents);
  std::memcpy(rows.final_observations, rows.observations, agents * static_cast<size_t>(w.t.num_tokens) * kTokenBytes);
  std::copy_n(w.stats, agents * static_cast<size_t>(w.t.num_stats), rows.episode_stats);
  *rows.episode_length = static_cast<int32_t>(w.header.tick);
  *rows.episode_game = w.header.game;
  for (int agent = 0; agent < w.t.num_agents; ++agent) {
    rows.episode_return[agent] = static_cast<float>(static_cast<double>(w.returns[agent]) * 1e-3);
    rows.truncated[agent] = rows.alive[agent];
  }
  ++w.header.episode;
  begin_episode(reinterpret_cast<std::byte*>(&w.header), false, rows);
}

void Colony::observe(std::byte* block, WorldRows& rows) const {
  World w(tables_of(block), block);
  const int64_t dropped = w.header.tokens_dropped;  // these observations were counted when they were first written
  report_beginning(w, rows);
  w.header.tokens_dropped = dropped;
}

void Colony::check(std::byte* block) const {
  const int32_t number = reinterpret_cast<const WorldHeader*>(block)->game;
  if (number < 0 || static_cast<size_t>(number) >= games_.size()) {
    throw std::invalid_argument("snapshot: game " + std::to_string(number) + " is not one of the " + std::to_string(games_.size()) +
                                " games of this batch");
  }
  const Game& game = games_[static_cast<size_t>(number)];
  std::memset(block + game.tables->layout.size, 0, world_bytes_ - game.tables->layout.size);
  check_block(*game.tables, game.maps.num_maps, block);
}

int64_t Colony::tokens_dropped(const std::byte* block) const { return reinterpret_cast<const WorldHeader*>(block)->tokens_dropped; }

}  // namespace metta::colony
