// Worlds do not feel each other, threads or halves; a snapshot holds all of a world.
#include <algorithm>

#include "runner.hpp"

namespace metta {
namespace {

constexpr int kNumGames = kIsDebugBuild ? 6 : 40;
constexpr uint64_t kNumSteps = kIsDebugBuild ? 15 : 60;

void step_scripted(ColonyBatch& batch, uint64_t seed, uint64_t step, const std::vector<int64_t>& streams) {
  script_actions(batch, seed, step, streams);
  batch.step();
}

// State and rows of each world, mixed over all steps.
std::vector<uint64_t> play(ColonyBatch& batch, uint64_t seed, const std::vector<int64_t>& streams) {
  std::vector<uint64_t> hashes(streams.size(), 0);
  const bool is_desynced = seed % 2 == 0;
  batch.reset(seed, streams, is_desynced);
  for (uint64_t step = 0; step < kNumSteps; ++step) {
    step_scripted(batch, seed, step, streams);
    for (int world = 0; world < batch.num_worlds(); ++world) {
      uint64_t& hash = hashes[static_cast<size_t>(world)];
      hash = mix64(hash ^ batch.hash(world) ^ hash_rows(batch, world));
    }
  }
  return hashes;
}

template <class Body>
void for_random_games(Body body) {
  for (uint64_t seed = 0; seed < kNumGames; ++seed) {
    check::context() = "game " + std::to_string(seed);
    body(seed, random_game(seed));
  }
}

TEST(a_batch_equals_single_worlds) {
  for_random_games([](uint64_t seed, const RandomGame& game) {
    ColonyBatch batch = make_batch(game, 5, 1);
    const auto hashes = play(batch, seed, counting_streams(5));
    for (int64_t stream = 0; stream < 5; ++stream) {
      ColonyBatch single = make_batch(game, 1, 1);
      CHECK_EQ(play(single, seed, {stream})[0], hashes[static_cast<size_t>(stream)]);
    }
  });
}

TEST(permuting_streams_permutes_results) {
  for_random_games([](uint64_t seed, const RandomGame& game) {
    ColonyBatch batch = make_batch(game, 4, 1), permuted = make_batch(game, 4, 1);
    const auto hashes = play(batch, seed, {10, -7, 0, 12345678901});
    const auto permuted_hashes = play(permuted, seed, {0, 12345678901, 10, -7});
    CHECK(permuted_hashes == std::vector<uint64_t>({hashes[2], hashes[3], hashes[0], hashes[1]}));
  });
}

TEST(streams_and_seeds_matter) {
  ColonyBatch batch = make_batch(random_game(4), 2, 1);
  const auto hashes = play(batch, 4, {1, 2});
  CHECK(hashes[0] != hashes[1]);
  CHECK(play(batch, 6, {1, 2})[0] != hashes[0]);
  CHECK(play(batch, 4, {1, 2}) == hashes);  // a batch that was used before begins anew
}

TEST(threads_do_not_matter) {
  for_random_games([](uint64_t seed, const RandomGame& game) {
    ColonyBatch one = make_batch(game, 9, 1);
    const auto hashes = play(one, seed, counting_streams(9));
    for (const int num_threads : {2, 4}) {
      ColonyBatch batch = make_batch(game, 9, num_threads);
      CHECK(play(batch, seed, counting_streams(9)) == hashes);
    }
  });
}

TEST(halves_equal_whole_steps) {
  for_random_games([](uint64_t seed, const RandomGame& game) {
    const auto streams = counting_streams(5);
    ColonyBatch whole = make_batch(game, 5, 1), halves = make_batch(game, 5, 2);
    whole.reset(seed, streams, true);
    halves.reset(seed, streams, true);
    for (uint64_t step = 0; step < kNumSteps; ++step) {
      step_scripted(whole, seed, step, streams);
      script_actions(halves, seed, step, streams);
      const int first = static_cast<int>(step % 2);
      halves.send(first);
      halves.send(1 - first);
      CHECK_EQ(halves.recv(), first);
      CHECK_EQ(halves.recv(), 1 - first);
      for (int world = 0; world < 5; ++world) {
        CHECK_EQ(halves.hash(world), whole.hash(world));
        CHECK_EQ(hash_rows(halves, world), hash_rows(whole, world));
      }
    }
  });
}

TEST(nothing_touches_worlds_that_are_being_stepped) {
  ColonyBatch batch = make_batch(random_game(1), 4, 1);
  batch.reset(1, counting_streams(4), false);
  std::fill(batch.arrays().actions.begin(), batch.arrays().actions.end(), 0);
  const auto bytes = batch.snapshot(3);
  const std::vector<std::byte> copy(bytes.begin(), bytes.end());
  CHECK_THROWS(std::logic_error, batch.recv());
  CHECK_THROWS(std::invalid_argument, batch.send(2));
  batch.send(1);
  CHECK_THROWS(std::logic_error, batch.send(1));
  CHECK_THROWS(std::logic_error, batch.step());
  CHECK_THROWS(std::logic_error, batch.reset(1, counting_streams(4), false));
  CHECK_THROWS(std::logic_error, batch.hash(2));
  CHECK_THROWS(std::logic_error, batch.snapshot(3));
  CHECK_THROWS(std::logic_error, batch.restore(3, copy));
  CHECK_THROWS(std::logic_error, batch.fork(0, 2));
  CHECK_THROWS(std::logic_error, batch.fork(2, 0));
  batch.fork(0, 1);
  CHECK_EQ(batch.hash(0), batch.hash(1));
  CHECK_EQ(batch.recv(), 1);
  batch.step();
  CHECK_THROWS(std::out_of_range, batch.hash(4));
  CHECK_THROWS(std::out_of_range, batch.hash(-1));
  ColonyBatch single = make_batch(random_game(1), 1, 1);
  CHECK_THROWS(std::invalid_argument, single.send(0));
}

TEST(a_restored_snapshot_runs_on_in_the_same_way) {
  for_random_games([](uint64_t seed, const RandomGame& game) {
    const auto streams = counting_streams(2);
    ColonyBatch batch = make_batch(game, 2, 1);
    batch.reset(seed, streams, false);
    for (uint64_t step = 0; step < kNumSteps / 2; ++step) step_scripted(batch, seed, step, streams);
    const auto bytes = batch.snapshot(0);
    const std::vector<std::byte> saved(bytes.begin(), bytes.end());
    const auto run_on = [&] {
      std::vector<uint64_t> hashes;
      for (uint64_t step = kNumSteps / 2; step < kNumSteps; ++step) {
        step_scripted(batch, seed, step, streams);
        // Episode results of before the snapshot are not part of a world: only what this run wrote is compared.
        hashes.insert(hashes.end(), {batch.hash(0), hash_bytes(reinterpret_cast<const std::byte*>(batch.arrays().observations.data()),
                                                               batch.arrays().observations.size() / 2)});
      }
      return hashes;
    };
    const auto first = run_on();
    const uint64_t other = batch.hash(1);
    batch.restore(0, saved);
    CHECK(std::equal(saved.begin(), saved.end(), batch.snapshot(0).begin()));
    CHECK_EQ(batch.hash(1), other);
    CHECK(run_on() == first);
  });
}

TEST(a_restored_snapshot_shows_what_was_seen) {
  for_random_games([](uint64_t seed, const RandomGame& game) {
    ColonyBatch batch = make_batch(game, 2, 1);
    batch.reset(seed, counting_streams(2), false);
    step_scripted(batch, seed, 0, counting_streams(2));
    const auto bytes = batch.snapshot(1);
    const std::vector<std::byte> saved(bytes.begin(), bytes.end());
    batch.restore(0, saved);
    const BatchArrays& a = batch.arrays();
    const auto half_equal = [](const LargeArray<uint8_t>& rows) {
      const size_t half = rows.size() / 2;
      return std::equal(rows.begin(), rows.begin() + half, rows.begin() + half);
    };
    CHECK(half_equal(a.observations));
    CHECK(half_equal(a.action_mask));
    CHECK(half_equal(a.alive));
  });
}

TEST(a_fork_has_the_same_future) {
  for_random_games([](uint64_t seed, const RandomGame& game) {
    const std::vector<int64_t> streams{0, 1, 0};
    ColonyBatch batch = make_batch(game, 3, 1);
    batch.reset(seed, counting_streams(3), false);
    for (uint64_t step = 0; step < 10; ++step) step_scripted(batch, seed, step, counting_streams(3));
    const uint64_t before = batch.hash(0);
    batch.fork(0, 2);
    batch.fork(1, 1);
    CHECK_EQ(batch.hash(0), before);
    for (uint64_t step = 10; step < kNumSteps; ++step) {
      CHECK_EQ(batch.hash(2), batch.hash(0));
      step_scripted(batch, seed, step, streams);
    }
  });
}

TEST(actions_out_of_range_are_noops_or_refused) {
  for (const int32_t action : {-1, 1000000, 256, -2147483647 - 1}) {
    const RandomGame game = random_game(7);
    ColonyBatch batch = make_batch(game, 2, 1);
    batch.reset(7, counting_streams(2), false);
    std::fill(batch.arrays().actions.begin(), batch.arrays().actions.end(), 0);
    batch.arrays().actions[batch.arrays().actions.size() - 1] = action;
    if (kIsDebugBuild) {
      const uint64_t before = batch.hash(1);
      CHECK_THROWS(std::out_of_range, batch.step());
      CHECK_EQ(batch.hash(1), before);
      batch.send(1);
      CHECK_THROWS(std::out_of_range, batch.recv());
      continue;
    }
    ColonyBatch idle = make_batch(game, 2, 1);
    idle.reset(7, counting_streams(2), false);
    std::fill(idle.arrays().actions.begin(), idle.arrays().actions.end(), 0);
    batch.step();
    idle.step();
    const BatchArrays &a = batch.arrays(), &b = idle.arrays();
    CHECK(std::equal(a.observations.begin(), a.observations.end(), b.observations.begin()));
    CHECK(std::equal(a.rewards.begin(), a.rewards.end(), b.rewards.begin()));
  }
}

TEST(desync_scatters_the_first_ends) {
  ColonyBatch batch = make_batch(random_game(3), 30, 1);
  const auto last_ticks = [&](bool is_desynced) {
    batch.reset(3, counting_streams(30), is_desynced);
    std::vector<uint32_t> ends;
    for (int world = 0; world < 30; ++world) ends.push_back(colony::World(batch.game().t, batch.block(world)).header.last_tick);
    std::sort(ends.begin(), ends.end());
    return std::pair(ends, std::unique(ends.begin(), ends.end()) - ends.begin());
  };
  CHECK_EQ(last_ticks(false).second, 1);
  CHECK(last_ticks(true).second > 3);
  CHECK(last_ticks(true).first.back() <= static_cast<uint32_t>(batch.game().t.max_steps));
}

}  // namespace
}  // namespace metta
