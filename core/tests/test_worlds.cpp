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

// What random games do not show would go unseen: together they must reach every corner.
TEST(random_games_reach_everything) {
  int num_deaths = 0, num_ended = 0, num_truncated = 0;
  int64_t num_dropped = 0, num_moves = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    ColonyBatch batch = make_batch(random_game(seed), 1, 1);
    batch.reset(seed, counting_streams(1), false);
    const colony::World w(batch.game().t, batch.block(0));
    for (uint64_t step = 0; step < 30; ++step) {
      const colony::Place before = w.places[0];
      script_actions(batch, seed, step, counting_streams(1));
      batch.step();
      num_ended += batch.arrays().episode_ended[0];
      for (const uint8_t flag : batch.arrays().terminated) num_deaths += flag;
      for (const uint8_t flag : batch.arrays().truncated) num_truncated += flag;
      num_moves += before.row != w.places[0].row || before.col != w.places[0].col;
    }
    num_dropped += batch.tokens_dropped(0);
  }
  CHECK(num_deaths > 50);
  CHECK(num_ended > 20);
  CHECK(num_truncated > 50);
  CHECK(num_dropped > 1000);
  CHECK(num_moves > 100);
}

}  // namespace
}  // namespace metta
