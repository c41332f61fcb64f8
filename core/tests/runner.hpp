// A batch of a random game with random actions: what most tests of the simulator start from.
#pragma once

#include <numeric>

#include "check.hpp"
#include "colony/colony.hpp"
#include "colony/world.hpp"
#include "engine/batch.hpp"
#include "random_game.hpp"

namespace metta {

using ColonyBatch = Batch<colony::Colony>;

#ifdef NDEBUG
constexpr bool kIsDebugBuild = false;
#else
constexpr bool kIsDebugBuild = true;
#endif

inline ColonyBatch make_batch(const RandomGame& game, int num_worlds, int num_threads) {
  return ColonyBatch(colony::Colony(game.tables, game.maps), num_worlds, num_threads);
}

inline std::vector<int64_t> counting_streams(int num_worlds) {
  std::vector<int64_t> streams(static_cast<size_t>(num_worlds));
  std::iota(streams.begin(), streams.end(), 0);
  return streams;
}

// The action of one agent as a function of seed, step, stream of its world, and its number: Python computes the same.
inline int32_t scripted_action(uint64_t seed, uint64_t step, uint64_t stream, uint64_t agent, int num_actions) {
  const uint64_t bits = mix64(mix64(mix64(mix64(seed) + step) + stream) + agent);
  return static_cast<int32_t>(bits % static_cast<uint64_t>(num_actions));
}

// Actions of all worlds, world w with the stream streams[w].
inline void script_actions(ColonyBatch& batch, uint64_t seed, uint64_t step, const std::vector<int64_t>& streams) {
  const int agents = batch.shape().num_agents;
  for (int row = 0; row < batch.num_rows(); ++row) {
    const auto stream = static_cast<uint64_t>(streams[static_cast<size_t>(row / agents)]);
    batch.arrays().actions[static_cast<size_t>(row)] =
        scripted_action(seed, step, stream, static_cast<uint64_t>(row % agents), batch.shape().num_actions);
  }
}

// Now and then an action that does not exist: the release build must take it for a noop.
inline void spoil_actions(ColonyBatch& batch, Dice& dice) {
  if (kIsDebugBuild) return;
  for (auto& action : batch.arrays().actions) {
    if (dice.one_in(30)) action = dice.pick<int32_t>({-1, batch.shape().num_actions, 255, 256, 2147483647, -2147483647 - 1});
  }
}

// Everything that a batch shows of one world, as one number.
inline uint64_t hash_rows(ColonyBatch& batch, int world) {
  const BatchShape& shape = batch.shape();
  const WorldRows rows = batch.arrays().rows_of(shape, static_cast<size_t>(world));
  const auto agents = static_cast<size_t>(shape.num_agents), row_bytes = static_cast<size_t>(shape.num_tokens) * kTokenBytes;
  uint64_t hash = 0;
  const auto mix = [&hash](const auto* values, size_t count) {
    hash = mix64(hash ^ hash_bytes(reinterpret_cast<const std::byte*>(values), count * sizeof *values));
  };
  mix(rows.observations, agents * row_bytes);
  mix(rows.rewards, agents);
  mix(rows.terminated, agents);
  mix(rows.truncated, agents);
  mix(rows.alive, agents);
  mix(rows.action_mask, agents * static_cast<size_t>(shape.num_actions));
  mix(rows.final_observations, agents * row_bytes);
  mix(rows.episode_return, agents);
  mix(rows.episode_stats, agents * static_cast<size_t>(shape.num_stats));
  mix(rows.episode_ended, 1);
  mix(rows.episode_length, 1);
  return hash;
}

}  // namespace metta
