// Random games with random actions: the invariants hold after every step.
#include "invariants.hpp"

namespace metta {
namespace {

void play(uint64_t seed, int num_steps) {
  check::context() = "game " + std::to_string(seed);
  const RandomGame game = random_game(seed);
  ColonyBatch batch = make_batch(game, 2, 1);
  Invariants invariants(game, batch);
  Dice dice(seed);
  const auto streams = counting_streams(2);
  batch.reset(seed, streams, seed % 2 == 0);
  for (int step = 0; step < num_steps; ++step) {
    for (int world = 0; world < 2; ++world) {
      invariants.check(world);
      if (step == 0) CHECK_EQ(batch.tokens_dropped(world), invariants.tokens_dropped());
      if (step % 16 == 15) invariants.check_accepted(world);
    }
    const int64_t dropped_before = batch.tokens_dropped(1);
    script_actions(batch, seed, static_cast<uint64_t>(step), streams);
    spoil_actions(batch, dice);
    batch.step();
    invariants.check(1);
    if (batch.arrays().episode_ended[1] == 0) CHECK_EQ(batch.tokens_dropped(1), dropped_before + invariants.tokens_dropped());
  }
}

TEST(invariants_hold_in_random_games) {
  const int num_games = kIsDebugBuild ? 10 : 100;
  for (int seed = 0; seed < num_games; ++seed) play(static_cast<uint64_t>(seed), kIsDebugBuild ? 8 : 40);
}

TEST(invariants_hold_in_long_episodes) {
  for (uint64_t seed = 1000; seed < (kIsDebugBuild ? 1001 : 1006); ++seed) play(seed, kIsDebugBuild ? 50 : 500);
}

}  // namespace
}  // namespace metta
