// Many worlds of one game, stepped together into arrays that the batch owns.
// Game is a class like colony::Colony: shape, world_bytes, begin, step (with a log and without), observe, check, tokens_dropped, Log.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/async_lane.hpp"
#include "engine/batch_rows.hpp"
#include "engine/hash.hpp"
#include "engine/memory.hpp"
#include "engine/phase_clock.hpp"
#include "engine/thread_pool.hpp"
#include "engine/tokens.hpp"

namespace metta {

// The arrays of a batch; rows are agents, world after world. N = num_worlds * num_agents.
struct BatchArrays {
  LargeArray<uint8_t> observations, final_observations;           // [N, num_tokens, 3]
  LargeArray<uint16_t> used_bytes;                                // [N]
  LargeArray<float> rewards, episode_return;                      // [N]
  LargeArray<uint8_t> terminated, truncated, alive, action_mask;  // [N], [N], [N], [N, num_actions]
  LargeArray<int32_t> actions, episode_stats;                     // [N], [N, num_stats]
  LargeArray<uint8_t> episode_ended;                              // [W]
  LargeArray<int32_t> episode_length, episode_game;               // [W]
  LargeArray<int32_t> game, next_game;                            // [W] which of several games a world plays, and is to play next

  BatchArrays(const BatchShape& shape, size_t num_worlds)
      : BatchArrays(shape, num_worlds, num_worlds * static_cast<size_t>(shape.num_agents)) {
    std::fill(observations.begin(), observations.end(), kEmptyToken);
    std::fill(final_observations.begin(), final_observations.end(), kEmptyToken);
  }

  // What steps report, as if there had been none.
  void forget_results() {
    const auto fill = [](auto& values, auto value) { std::fill(values.begin(), values.end(), value); };
    for (auto* floats : {&rewards, &episode_return}) fill(*floats, 0.0f);
    for (auto* flags : {&terminated, &truncated, &episode_ended}) fill(*flags, uint8_t{0});
    for (auto* counts : {&episode_stats, &episode_length, &episode_game}) fill(*counts, int32_t{0});
    fill(final_observations, kEmptyToken);
  }

  WorldRows rows_of(const BatchShape& shape, size_t world) {
    const size_t row = world * static_cast<size_t>(shape.num_agents);
    const size_t tokens = row * static_cast<size_t>(shape.num_tokens) * kTokenBytes;
    return {observations.data() + tokens,
            used_bytes.data() + row,
            rewards.data() + row,
            terminated.data() + row,
            truncated.data() + row,
            alive.data() + row,
            action_mask.data() + row * static_cast<size_t>(shape.num_actions),
            final_observations.data() + tokens,
            episode_return.data() + row,
            episode_stats.data() + row * static_cast<size_t>(shape.num_stats),
            episode_ended.data() + world,
            episode_length.data() + world,
            episode_game.data() + world,
            game.data() + world,
            next_game.data() + world};
  }

 private:
  BatchArrays(const BatchShape& shape, size_t num_worlds, size_t rows)
      : observations(rows * static_cast<size_t>(shape.num_tokens) * kTokenBytes),
        final_observations(observations.size()),
        used_bytes(rows),
        rewards(rows),
        episode_return(rows),
        terminated(rows),
        truncated(rows),
        alive(rows),
        action_mask(rows * static_cast<size_t>(shape.num_actions)),
        actions(rows),
        episode_stats(rows * static_cast<size_t>(shape.num_stats)),
        episode_ended(num_worlds),
        episode_length(num_worlds),
        episode_game(num_worlds),
        game(num_worlds),
        next_game(num_worlds) {}
};

template <class Game>
class Batch {
 public:
  Batch(Game game, int num_worlds, int num_threads)
      : game_(std::move(game)),
        shape_(game_.shape()),
        num_worlds_(num_worlds),
        arrays_(shape_, static_cast<size_t>(num_worlds)),
        blocks_(game_.world_bytes() * static_cast<size_t>(num_worlds)),
        pool_(num_threads) {}

  const Game& game() const { return game_; }
  const BatchShape& shape() const { return shape_; }
  int num_worlds() const { return num_worlds_; }
  int num_threads() const { return pool_.num_threads(); }
  int num_rows() const { return num_worlds_ * shape_.num_agents; }
  BatchArrays& arrays() { return arrays_; }
  size_t world_bytes() const { return game_.world_bytes(); }
  std::byte* block(int world) { return blocks_.data() + static_cast<size_t>(checked(world)) * world_bytes(); }

  // Begins the first episode of every world; streams[w] names world w's random stream.
  void reset(uint64_t seed, std::span<const int64_t> streams, bool desync) {
    refuse_while_sent(0, num_worlds_);
    for (int world = 0; world < num_worlds_; ++world) {
      WorldRows rows = arrays_.rows_of(shape_, static_cast<size_t>(world));
      game_.begin(block(world), seed, static_cast<uint64_t>(streams[static_cast<size_t>(world)]), desync, rows);
    }
    arrays_.forget_results();
    for (auto& log : logs_) forget_events(log.get());
  }

  // From now on the events of every step of a world are kept until its next step, at most `capacity` of them; 0 ends it.
  void log_events(int world, size_t capacity) {
    resting_block(world);
    if (logs_.empty()) logs_.resize(static_cast<size_t>(num_worlds_));
    auto& log = logs_[static_cast<size_t>(world)];
    log = capacity == 0 ? nullptr : std::make_unique<typename Game::Log>(game_.make_log(capacity));
  }

  // The events of the last step of a world, or null if they are not logged.
  const typename Game::Log* events(int world) {
    resting_block(world);
    return log_of(world);
  }

  // One step of every agent, from arrays().actions.
  void step() {
    refuse_while_sent(0, num_worlds_);
    step_worlds(0, num_worlds_);
  }

  // The same, measured. The clock cannot be shared: only for batches of one thread.
  void timed_step(PhaseClock& clock) {
    clock_ = &clock;
    try {
      step();
    } catch (...) {
      clock_ = nullptr;
      throw;
    }
    clock_ = nullptr;
  }

  // Starts a step of one half of the worlds (0: the first, 1: the second) and returns at once.
  void send(int half) {
    if (half != 0 && half != 1) throw std::invalid_argument("half must be 0 or 1, got " + std::to_string(half));
    if (num_worlds_ < 2) throw std::invalid_argument("send/recv needs at least two worlds");
    if (!lane_) lane_ = std::make_unique<AsyncLane>([](void* self, int h) { static_cast<Batch*>(self)->step_half(h); }, this);
    lane_->send(half);
  }

  // Waits for the half that was sent first, and says which it is.
  int recv() {
    if (!lane_) throw std::logic_error("recv: nothing was sent");
    return lane_->recv();
  }

  int split() const { return num_worlds_ / 2; }

  // Gives a game new maps, between steps: a half that was sent finishes first, with the old ones.
  template <class... Maps>
  void set_maps(Maps&&... maps) {
    if (lane_) lane_->wait_until_idle();
    game_.set_maps(std::forward<Maps>(maps)...);
  }

  std::span<const std::byte> snapshot(int world) { return {resting_block(world), world_bytes()}; }

  // Snapshots may come from files: what is no possible world of this game is refused, and the world stays as it was.
  void restore(int world, std::span<const std::byte> bytes) {
    std::byte* const target = resting_block(world);
    if (bytes.size() != world_bytes()) {
      throw std::invalid_argument("snapshot has " + std::to_string(bytes.size()) + " bytes, a world of this game has " +
                                  std::to_string(world_bytes()));
    }
    const LargeArray<std::byte> copy(bytes.size());
    std::memcpy(copy.data(), bytes.data(), bytes.size());
    game_.check(copy.data());
    copy_world(copy.data(), target, world);
  }

  void fork(int source, int target) {
    const std::byte* const from = resting_block(source);
    if (source != target) copy_world(from, resting_block(target), target);
  }

  uint64_t hash(int world) { return hash_bytes(resting_block(world), world_bytes()); }
  int64_t tokens_dropped(int world) { return game_.tokens_dropped(resting_block(world)); }

  // Throws if one of these worlds is being stepped, or was stepped and not received yet.
  void refuse_while_sent(int begin, int end) const {
    const bool is_sent = lane_ && ((begin < split() && lane_->is_sent(0)) || (end > split() && lane_->is_sent(1)));
    if (is_sent) throw std::logic_error("a half of the worlds is being stepped: call recv() first");
  }

 private:
  int checked(int world) const {
    if (world < 0 || world >= num_worlds_) {
      throw std::out_of_range("world " + std::to_string(world) + " is not one of the " + std::to_string(num_worlds_) + " worlds");
    }
    return world;
  }

  // The block of a world that nobody is stepping.
  std::byte* resting_block(int world) {
    refuse_while_sent(checked(world), world + 1);
    return block(world);
  }

  void copy_world(const std::byte* from, std::byte* to, int world) {
    std::memcpy(to, from, world_bytes());
    WorldRows rows = arrays_.rows_of(shape_, static_cast<size_t>(world));
    game_.observe(to, rows);
    forget_events(log_of(world));
  }

  typename Game::Log* log_of(int world) const { return logs_.empty() ? nullptr : logs_[static_cast<size_t>(world)].get(); }

  // A world that was put into another state has no last step.
  static void forget_events(typename Game::Log* log) {
    if (log != nullptr) log->clear();
  }

  void refuse_unknown_actions([[maybe_unused]] int begin, [[maybe_unused]] int end) const {
#ifndef NDEBUG
    for (int row = begin * shape_.num_agents; row < end * shape_.num_agents; ++row) {
      const int32_t action = arrays_.actions[static_cast<size_t>(row)];
      if (action < 0 || action >= shape_.num_actions) {
        throw std::out_of_range("action " + std::to_string(action) + " of row " + std::to_string(row) + " is not in 0.." +
                                std::to_string(shape_.num_actions - 1));
      }
    }
#endif
  }

  void step_half(int half) { half == 0 ? step_worlds(0, split()) : step_worlds(split(), num_worlds_); }

  void step_worlds(int begin, int end) {
    refuse_unknown_actions(begin, end);
    pool_.run(begin, end, [](void* self, int world) { static_cast<Batch*>(self)->step_world(world); }, this);
  }

  void step_world(int world) {
    WorldRows rows = arrays_.rows_of(shape_, static_cast<size_t>(world));
    const int32_t* actions = arrays_.actions.data() + static_cast<size_t>(world) * static_cast<size_t>(shape_.num_agents);
    std::byte* const own = blocks_.data() + static_cast<size_t>(world) * world_bytes();
    if (typename Game::Log* const log = log_of(world)) game_.step(own, actions, rows, clock_, *log);
    else game_.step(own, actions, rows, clock_);
  }

  Game game_;
  const BatchShape shape_;
  const int num_worlds_;
  BatchArrays arrays_;
  LargeArray<std::byte> blocks_;
  ThreadPool pool_;
  PhaseClock* clock_ = nullptr;
  std::vector<std::unique_ptr<typename Game::Log>> logs_;  // empty as long as no world is logged
  std::unique_ptr<AsyncLane> lane_;                        // last: its thread uses all of the above
};

}  // namespace metta
