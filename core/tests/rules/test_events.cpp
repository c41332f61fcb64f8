// The event log: it changes nothing, explains every change in random games, and says how much did not fit.
#include <vector>

#include "hand_game.hpp"
#include "runner.hpp"

namespace metta {
namespace {

using colony::Event;
using colony::EventLog;
using colony::kNone;
using colony::What;
using colony::World;

constexpr size_t kMost = 1 << 20;
constexpr int kNumGames = kIsDebugBuild ? 10 : 80, kNumSteps = kIsDebugBuild ? 8 : 30;

// The first `count` events.
bool are_equal(const EventLog& a, const EventLog& b, size_t count) {
  if (a.events().size() < count || b.events().size() < count) return false;
  return count == 0 || std::memcmp(a.events().data(), b.events().data(), count * sizeof(Event)) == 0;
}

// A world as it was before a step, to which events are done; rewards begin at zero.
class Shadow {
 public:
  explicit Shadow(const World& w)
      : t_(w.t),
        kinds_(w.kinds, w.kinds + w.t.max_objects),
        variables_(w.variables, w.variables + w.t.max_objects * w.t.variable_stride),
        partners_(w.partners, w.partners + w.t.num_agents),
        rewards_(static_cast<size_t>(w.t.num_agents)) {
    for (int object = 0; object < t_.max_objects; ++object) {
      for (const int countdown : t_.countdowns) {
        int& value = at(object, countdown);
        value -= value > 0;
      }
    }
  }

  void apply(const Event& e) {
    switch (e.what) {
      case What::kChanged: at(e.target, e.variable) += e.amount; break;
      case What::kHandedOver:
        CHECK(e.amount > 0);
        at(e.source, e.variable) -= e.amount;
        at(e.target, e.variable) += e.amount;
        break;
      case What::kRewarded: reward(e.target) += e.amount; break;
      case What::kShared:
        if (e.source != kNone) reward(e.source) -= e.amount;
        reward(e.target) += e.amount;
        break;
      case What::kSpawned:
      case What::kBorn:
        CHECK_EQ(kind(e.target), colony::kEmptyKind);
        kind(e.target) = e.what == What::kBorn ? colony::kAgentKind : e.amount;
        break;
      case What::kBecame: kind(e.target) = e.amount; break;
      case What::kRemoved:
      case What::kDied: remove(e); break;
      case What::kBonded: bond(e.source, e.target); break;
      case What::kParted: part(e.source, e.target); break;
      default: break;
    }
  }

  void check(const World& w) const {
    for (int object = 0; object < t_.max_objects; ++object) {
      CHECK_EQ(kinds_[static_cast<size_t>(object)], w.kinds[object]);
      for (int v = 0; v < t_.num_variables; ++v) {
        CHECK_EQ(variables_[static_cast<size_t>(object * t_.variable_stride + v)], w.get(object, v));
      }
    }
    for (size_t agent = 0; agent < partners_.size(); ++agent) CHECK_EQ(partners_[agent], w.partners[agent]);
  }

  void check_rewards(const float* paid) const {
    for (size_t agent = 0; agent < rewards_.size(); ++agent) CHECK_EQ(static_cast<float>(rewards_[agent]) * 1e-3f, paid[agent]);
  }

 private:
  int& kind(int object) { return kinds_[static_cast<size_t>(object)]; }
  int& at(int object, int variable) { return variables_[static_cast<size_t>(object * t_.variable_stride + variable)]; }
  int64_t& reward(int agent) { return rewards_[static_cast<size_t>(agent)]; }
  int& partner(int agent) { return partners_[static_cast<size_t>(agent)]; }

  void remove(const Event& e) {
    CHECK_EQ(kind(e.target), e.amount);
    CHECK_EQ(e.amount == colony::kAgentKind, e.what == What::kDied);
    kind(e.target) = colony::kEmptyKind;
    for (int v = 0; v < t_.num_variables; ++v) at(e.target, v) = 0;
  }

  void bond(int a, int b) {
    CHECK(partner(a) == 0 && partner(b) == 0);
    partner(a) = b + 1;
    partner(b) = a + 1;
  }

  void part(int a, int b) {
    CHECK(partner(a) == b + 1 && partner(b) == a + 1);
    partner(a) = partner(b) = 0;
  }

  const colony::Tables& t_;
  std::vector<int> kinds_, variables_, partners_;
  std::vector<int64_t> rewards_;
};

// Plays random games in two batches; the worlds of the first one are logged with such a capacity.
template <class Check>
void play_twice(size_t most_in_first, size_t most_in_second, Check&& check) {
  for (uint64_t seed = 0; seed < kNumGames; ++seed) {
    check::context() = "game " + std::to_string(seed);
    const RandomGame game = random_game(seed);
    ColonyBatch first = make_batch(game, 2, 1), second = make_batch(game, 2, 2);
    const auto streams = counting_streams(2);
    for (ColonyBatch* batch : {&first, &second}) batch->reset(seed, streams, false);
    for (int world = 0; world < 2; ++world) {
      first.log_events(world, most_in_first);
      if (most_in_second > 0) second.log_events(world, most_in_second);
    }
    for (uint64_t step = 0; step < kNumSteps; ++step) {
      const Shadow before(World(first.game().t, first.block(0)));
      for (ColonyBatch* batch : {&first, &second}) {
        script_actions(*batch, seed, step, streams);
        batch->step();
      }
      check(first, second, before);
    }
  }
}

TEST(events_change_nothing_and_explain_everything) {
  std::vector<int> seen(static_cast<size_t>(What::kCount));
  play_twice(kMost, 0, [&](ColonyBatch& logged, ColonyBatch& plain, const Shadow& before) {
    for (int world = 0; world < 2; ++world) {
      CHECK_EQ(logged.hash(world), plain.hash(world));
      CHECK_EQ(hash_rows(logged, world), hash_rows(plain, world));
    }
    CHECK(plain.events(0) == nullptr);
    Shadow shadow = before;
    for (const Event& event : logged.events(0)->events()) {
      CHECK(event.rule < static_cast<int>(logged.game().t.rules.size()));
      ++seen[static_cast<size_t>(event.what)];
      shadow.apply(event);
    }
    CHECK_EQ(logged.events(0)->num_dropped(), 0);
    shadow.check_rewards(logged.arrays().rewards.data());
    if (logged.arrays().episode_ended[0] == 0) shadow.check(World(logged.game().t, logged.block(0)));
  });
  for (const int count : seen) CHECK(kIsDebugBuild || count > 0);
}

TEST(what_does_not_fit_into_a_log_is_counted_for_any_number_of_threads) {
  constexpr size_t kFew = 5;
  int num_full = 0;
  play_twice(kMost, kFew, [&](ColonyBatch& all, ColonyBatch& few, const Shadow&) {
    for (int world = 0; world < 2; ++world) {
      const EventLog &whole = *all.events(world), &part = *few.events(world);
      const size_t count = whole.events().size(), kept = std::min(count, kFew);
      CHECK_EQ(part.events().size(), kept);
      CHECK(are_equal(whole, part, kept));
      CHECK_EQ(part.num_dropped(), static_cast<int64_t>(count - kept));
      CHECK_EQ(all.hash(world), few.hash(world));
      num_full += count > kFew;
    }
  });
  CHECK(num_full > 0);
}

TEST(a_log_follows_its_world_through_changes_of_state) {
  ColonyBatch batch = make_batch(random_game(3), 2, 1);
  const auto streams = counting_streams(2);
  batch.reset(3, streams, false);
  batch.log_events(1, kMost);
  const auto step = [&](uint64_t number) {
    script_actions(batch, 3, number, streams);
    batch.step();
    CHECK(!batch.events(1)->events().empty());
  };
  step(0);
  batch.fork(0, 1);
  CHECK(batch.events(1)->events().empty());
  step(1);
  batch.restore(1, batch.snapshot(0));
  CHECK(batch.events(1)->events().empty());
  step(2);
  batch.reset(3, streams, false);
  CHECK(batch.events(1)->events().empty());
  step(0);
  batch.log_events(1, 0);
  CHECK(batch.events(1) == nullptr);
  CHECK_THROWS(std::out_of_range, batch.log_events(2, kMost));
}

// Rewards at their limit: what is cut off comes from nobody, so that the sum stays true.
TEST(rewards_beyond_their_limit_are_explained) {
  HandGame game({"@@"}, 2);
  constexpr int kLimit = 1000000000;
  const int team = game.add_variable(3, 1);
  const int earn = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kReward, Who::kActor, -1, kLimit)}));
  const int lose = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kReward, Who::kActor, -1, -kLimit)}));
  for (int way = 0; way < 2; ++way) game.append("sharing", {1, 65536, team, 0, -1, -1});
  game.append("sharing", {4, 1000000, team, 1, -1, -1});
  game.append("agent_initial", {-1, 1, -1, 1});
  HandWorld world(game);
  world.batch.log_events(0, kMost);
  for (const auto& actions : {std::vector<int>{earn, earn}, {earn, lose}, {lose, lose}, {earn, 0}}) {
    Shadow shadow(world.w);
    world.step(actions);
    for (const Event& event : world.batch.events(0)->events()) shadow.apply(event);
    shadow.check(world.w);
    shadow.check_rewards(world.batch.arrays().rewards.data());
  }
}

}  // namespace
}  // namespace metta
