// Sharing of rewards: each formula with numbers by hand, and against a slow program in random games.
#include <cmath>

#include "hand_game.hpp"
#include "slow_view.hpp"

namespace metta {
namespace {

constexpr int kHalf = 32768, kAll = 65536;

// Four agents in a row; action 1 + i pays rewards[i] thousandths to whoever does it, the last one removes it.
struct Earners {
  HandGame game{{"@@@@"}, 4};
  int value, first_action, leave, bond_east;

  explicit Earners(const std::vector<int>& rewards) {
    value = game.add_variable(100, 0);
    for (const int reward : rewards) game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kReward, Who::kActor, -1, reward)}));
    leave = game.add_action_on_self(
        game.add_rule({}, {effect(EffectOp::kReward, Who::kActor, -1, 500), effect(EffectOp::kRemove, Who::kActor, -1, 0)}));
    bond_east = game.add_action_to_east(game.add_rule({}, {effect(EffectOp::kBond, Who::kTarget, -1, 0)}));
  }

  void set_kinship(std::initializer_list<int32_t> scores) {
    game.tables["kinship"] = {1, 1, 0, 0, 0, 0, 0};
    game.tables["kinship_templates"] = scores;
  }

  void set_values(const std::vector<int>& values) {
    for (const int own : values) game.append("agent_initial", {-1, own});
  }

  void share(int mode, int share, int variable, int limit, int given = -1, int received = -1) {
    game.append("sharing", {mode, share, variable, limit, given, received});
  }
};

std::vector<int> rewards_of(const HandWorld& world) { return {world.w.rewards, world.w.rewards + 4}; }

TEST(kin_share_by_how_near_they_are) {
  Earners earners({1000, -1000});
  earners.set_kinship({240, 120, 60, 60, 0, 240, 0, 0, 0, 0, 240, 0, 0, 0, 0, 240});
  earners.share(0, kHalf, -1, 0, 0, 1);
  HandWorld world(earners.game);
  world.step({1});                                                   // half of 1000, in parts of 240 : 120 : 60 : 60
  CHECK(rewards_of(world) == std::vector<int>({751, 125, 62, 62}));  // what does not divide stays
  CHECK_EQ(world.w.stats[0 * 8 + 0], 249);
  CHECK_EQ(world.w.stats[1 * 8 + 1], 125);
  world.step({0, 1});  // nobody is near to agent 1
  CHECK(rewards_of(world) == std::vector<int>({0, 1000, 0, 0}));
  world.step({2});
  CHECK(rewards_of(world) == std::vector<int>({-751, -125, -62, -62}));
}

TEST(groups_share_evenly) {
  Earners earners({900, 90});
  earners.set_values({2, 2, 1, 2});
  earners.share(1, kAll, earners.value, 0);
  HandWorld world(earners.game);
  world.step({1, 2});
  CHECK(rewards_of(world) == std::vector<int>({330, 330, 0, 330}));
  world.step({0, 0, 1});
  CHECK(rewards_of(world) == std::vector<int>({0, 0, 900, 0}));
}

TEST(families_share_evenly_from_a_score_on) {
  Earners earners({900});
  earners.set_kinship({240, 120, 60, 59, 0, 240, 0, 0, 0, 0, 240, 0, 0, 0, 0, 240});
  earners.share(2, kHalf, -1, 60);
  HandWorld world(earners.game);
  world.step({1, 1});
  CHECK(rewards_of(world) == std::vector<int>({600, 900 + 150, 150, 0}));
}

TEST(mates_share) {
  Earners earners({1000, 400});
  earners.share(3, 16384, -1, 0, 2, 3);
  HandWorld world(earners.game);
  world.step({1, 2, 1});
  CHECK(rewards_of(world) == std::vector<int>({1000, 400, 1000, 0}));
  world.step({earners.bond_east});
  world.step({1, 2, 1});
  CHECK(rewards_of(world) == std::vector<int>({1000 - 250 + 100, 400 - 100 + 250, 1000, 0}));
  CHECK_EQ(world.w.stats[0 * 8 + 2], 250);
  CHECK_EQ(world.w.stats[0 * 8 + 3], 100);
}

TEST(rank_pays_every_few_steps) {
  Earners earners({1});
  earners.set_values({5, 9, 5, 1});
  earners.share(4, 3000, earners.value, 2);
  HandWorld world(earners.game);
  world.step();
  CHECK(rewards_of(world) == std::vector<int>({0, 0, 0, 0}));
  world.step();  // 5, 9, 5, 1: one above and one below; three below; the same as the first; three above
  CHECK(rewards_of(world) == std::vector<int>({0, 3000, 0, -3000}));
  world.step();
  CHECK(rewards_of(world) == std::vector<int>({0, 0, 0, 0}));
  world.step({earners.leave});  // three are left: one above, none; ...
  CHECK(rewards_of(world) == std::vector<int>({500, 3000, 0, -3000}));
}

TEST(the_dead_keep_what_they_earned_and_get_nothing) {
  Earners earners({900});
  earners.share(1, kAll, earners.value, 0);
  HandWorld world(earners.game);
  world.step({earners.leave, 1});
  CHECK(rewards_of(world) == std::vector<int>({500, 300, 300, 300}));
}

TEST(ways_of_sharing_follow_each_other) {
  Earners earners({1000});
  earners.set_values({1, 1, 2, 2});
  earners.share(3, kAll, -1, 0);
  earners.share(1, kHalf, earners.value, 0);
  HandWorld world(earners.game);
  world.step({0, earners.bond_east});
  world.step({0, 1});  // all to the mate, agent 2, who shares half with its group
  CHECK(rewards_of(world) == std::vector<int>({0, 0, 750, 250}));
}

TEST(rewards_that_are_shared_are_paid_and_counted) {
  Earners earners({900});
  earners.share(1, kAll, earners.value, 0);
  HandWorld world(earners.game);
  world.step({1});
  for (size_t agent = 0; agent < 4; ++agent) {
    CHECK_EQ(world.batch.arrays().rewards[agent], 225.0f * 1e-3f);
    CHECK_EQ(world.w.returns[agent], 225);
  }
}

// The same again in doubles, which hold every number here exactly: who gets what of the rewards that were earned.
class SlowSharing {
 public:
  SlowSharing(const colony::RawTables& raw, const colony::World& world) : raw_(raw), w_(world), n_(world.t.num_agents) {}

  std::vector<double> apply(std::vector<double> rewards) const {
    const auto& ways = raw_.at("sharing");
    for (size_t way = 0; way * 6 < ways.size(); ++way) rewards = apply_way(&ways[way * 6], rewards);
    return rewards;
  }

 private:
  double weight(const int32_t* way, int from, int to) const {
    const int score = raw_.at("kinship")[0] == 0 ? 0 : w_.kinship[from * n_ + to];
    switch (way[0]) {
      case 0: return from == to ? 240 : score;
      case 1: return w_.get(from, way[2]) == w_.get(to, way[2]);
      case 2: return from == to || score >= way[3];
      default: return 0;
    }
  }

  std::vector<double> apply_way(const int32_t* way, const std::vector<double>& earned) const {
    std::vector<double> rewards = earned;
    for (int from = 0; from < n_; ++from) {
      if (w_.kinds[from] == 0) continue;
      if (way[0] == 4) rewards[static_cast<size_t>(from)] += rank_reward(way, from);
      const double gift = std::trunc(earned[static_cast<size_t>(from)] * way[1] / kAll);
      for (int to = 0; way[0] != 4 && to < n_; ++to) {
        if (to == from || w_.kinds[to] == 0) continue;
        const double part =
            way[0] == 3 ? (w_.partners[from] == to + 1 ? gift : 0) : std::trunc(gift * weight(way, from, to) / total(way, from));
        rewards[static_cast<size_t>(from)] -= part;
        rewards[static_cast<size_t>(to)] += part;
      }
    }
    return rewards;
  }

  double total(const int32_t* way, int from) const {
    double sum = 0;
    for (int to = 0; to < n_; ++to) sum += w_.kinds[to] != 0 ? weight(way, from, to) : 0;
    return sum;
  }

  double rank_reward(const int32_t* way, int agent) const {
    int lead = 0, num_alive = 0;
    for (int other = 0; other < n_; ++other) {
      if (w_.kinds[other] == 0) continue;
      ++num_alive;
      const int own = w_.get(agent, way[2]), its = w_.get(other, way[2]);
      lead += its < own ? 1 : its > own ? -1 : 0;
    }
    const bool is_time = static_cast<int>(w_.header.tick) % way[3] == 0 && num_alive > 1;
    return is_time ? std::trunc(static_cast<double>(way[1]) * lead / (num_alive - 1)) : 0;
  }

  const colony::RawTables& raw_;
  const colony::World& w_;
  const int n_;
};

bool has_rank(const RandomGame& game) {
  const auto& ways = game.tables.at("sharing");
  for (size_t at = 0; at < ways.size(); at += 6) {
    if (ways[at] == 4) return true;
  }
  return false;
}

// Rewards change nothing in the world: the same game without sharing earns what is shared. Returns how often sharing did something.
int compare_sharing(uint64_t seed) {
  const RandomGame game = random_game(seed);
  if (game.tables.at("sharing").empty()) return 0;
  RandomGame selfish = game;
  selfish.tables["sharing"].clear();
  ColonyBatch batch = make_batch(game, 1, 1), earning = make_batch(selfish, 1, 1);
  batch.reset(seed, counting_streams(1), false);
  earning.reset(seed, counting_streams(1), false);
  const colony::World w(batch.game().t, batch.block(0)), e(earning.game().t, earning.block(0));
  const SlowSharing sharing(game.tables, w);
  int num_shared = 0;
  for (uint64_t step = 0; step < (kIsDebugBuild ? 10 : 40); ++step) {
    for (ColonyBatch* each : {&batch, &earning}) {
      script_actions(*each, seed, step, counting_streams(1));
      each->step();
    }
    if (batch.arrays().episode_ended[0] != 0) continue;
    const std::vector<double> earned(e.rewards, e.rewards + e.t.num_agents), shared(w.rewards, w.rewards + w.t.num_agents);
    double size = 0;
    for (const double reward : earned) size += std::abs(reward);
    if (size > 4e8) continue;  // sums beyond are cut
    CHECK(sharing.apply(earned) == shared);
    num_shared += earned != shared;
    const auto sum = [](const std::vector<double>& rewards) { return std::accumulate(rewards.begin(), rewards.end(), 0.0); };
    if (!has_rank(game)) CHECK_EQ(sum(earned), sum(shared));
  }
  return num_shared;
}

TEST(sharing_equals_a_slow_program_and_keeps_the_sum) {
  int num_shared = 0;
  for (uint64_t seed = 0; seed < (kIsDebugBuild ? 60 : 300); ++seed) {
    check::context() = "game " + std::to_string(seed);
    num_shared += compare_sharing(seed);
  }
  CHECK(num_shared > (kIsDebugBuild ? 20 : 400));
}

}  // namespace
}  // namespace metta
