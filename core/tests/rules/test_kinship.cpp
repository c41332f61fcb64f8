// Who is near to whom: by descent, by effects, and as it is shown.
#include <set>

#include "hand_game.hpp"

namespace metta {
namespace {

constexpr int kWhole = colony::kFullKinship;
constexpr int kFeature = 7;
constexpr int kEastOfCentre = 3 << 4 | 4;

// Nobody is kin at first.
void add_strangers(HandGame& game, int num_agents) {
  game.tables["kinship"] = {1, 1, 1, 0, 0, 0, 0};
  for (int a = 0; a < num_agents; ++a) {
    for (int b = 0; b < num_agents; ++b) game.append("kinship_templates", {a == b ? kWhole : 0});
  }
}

TEST(children_are_half_their_parents) {
  HandGame game({".....", ".@@..", "....."}, 6);
  add_strangers(game, 6);
  const int bear = game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0)});
  const int alone = game.add_action_on_self(bear), together = game.add_action_to_east(bear);
  HandWorld world(game);
  world.step({together});  // 2: of 0 and 1
  CHECK_EQ(world.kinship(2, 0), kWhole / 2);
  CHECK_EQ(world.kinship(0, 2), kWhole / 2);
  CHECK_EQ(world.kinship(2, 1), kWhole / 2);
  CHECK_EQ(world.kinship(2, 2), kWhole);
  CHECK_EQ(world.kinship(0, 1), 0);
  world.step({together});  // 3: full brother or sister of 2
  CHECK_EQ(world.kinship(3, 2), kWhole / 2);
  CHECK_EQ(world.kinship(2, 3), kWhole / 2);
  world.step({alone});  // 4: half of 2 and 3
  CHECK_EQ(world.kinship(4, 0), kWhole / 2);
  CHECK_EQ(world.kinship(4, 1), 0);
  CHECK_EQ(world.kinship(4, 2), kWhole / 4);
  CHECK_EQ(world.kinship(2, 4), kWhole / 4);
  world.step({0, 0, 0, 0, alone});  // 5: child of 4
  CHECK_EQ(world.kinship(5, 4), kWhole / 2);
  CHECK_EQ(world.kinship(5, 0), kWhole / 4);
  CHECK_EQ(world.kinship(5, 2), kWhole / 8);
  CHECK_EQ(world.kinship(2, 5), kWhole / 8);
  CHECK_EQ(world.kinship(5, 1), 0);
}

TEST(descent_keeps_who_thinks_what_of_whom) {
  HandGame game({"@@@.", "...."}, 4);
  game.tables["kinship"] = {1, 1, 0, 0, 0, 0, 0};
  game.tables["kinship_templates"] = {240, 0, 100, 0, 0, 240, 40, 0, 20, 60, 240, 0, 0, 0, 0, 240};
  const int together = game.add_action_to_east(game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0)}));
  HandWorld world(game);
  world.step({together});
  CHECK_EQ(world.kinship(3, 2), (100 + 40) / 2);  // its parents' to agent 2
  CHECK_EQ(world.kinship(2, 3), (20 + 60) / 2);   // agent 2's to its parents
}

TEST(a_child_takes_no_kin_from_the_slot) {
  HandGame game({"@.@", "..."}, 2);
  game.tables["kinship"] = {1, 1, 1, 0, 0, 0, 0};
  game.tables["kinship_templates"] = {240, 200, 200, 240};
  const int leave = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kRemove, Who::kActor, -1, 0)}));
  const int bear = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0)}));
  HandWorld world(game);
  world.step({0, leave});
  world.step({bear});
  CHECK(world.w.is_alive(1));
  CHECK_EQ(world.kinship(0, 1), 120);
  CHECK_EQ(world.kinship(1, 0), 120);
  CHECK_EQ(world.kinship(1, 1), 240);
}

TEST(effects_change_kinship_within_bounds) {
  HandGame game({"@@"}, 2);
  add_strangers(game, 2);
  const auto change = [&](int amount, int is_added, int is_mutual) {
    return game.add_action_to_east(game.add_rule({}, {effect(EffectOp::kKinship, Who::kTarget, -1, amount, is_added, is_mutual)}));
  };
  const int more = change(100, 1, 0), both = change(30, 1, 1), less = change(-90, 1, 1), set = change(77, 0, 1), beyond = change(999, 0, 0);
  HandWorld world(game);
  const auto scores = [&](int action) {
    world.step({action});
    return std::pair(world.kinship(0, 1), world.kinship(1, 0));
  };
  CHECK(scores(more) == std::pair(100, 0));
  CHECK(scores(both) == std::pair(130, 30));
  CHECK(scores(less) == std::pair(40, 0));
  CHECK(scores(set) == std::pair(77, 77));
  CHECK(scores(beyond) == std::pair(240, 77));
  CHECK(scores(more) == std::pair(240, 77));
  CHECK_EQ(world.kinship(0, 0), 240);
}

TEST(related_asks_for_that_much_or_more) {
  HandGame game({"@@"}, 2);
  game.tables["kinship"] = {1, 1, 0, 0, 0, 0, 0};
  game.tables["kinship_templates"] = {240, 60, 200, 240};
  const int count = game.add_variable(100, 0);
  const auto add_if = [&](int score) {
    return game.add_action_to_east(
        game.add_rule({filter(FilterOp::kRelated, Who::kTarget, -1, score)}, {effect(EffectOp::kAdd, Who::kActor, count, 1)}));
  };
  const int at_60 = add_if(60), at_61 = add_if(61);
  HandWorld world(game);
  world.step({at_60});
  CHECK_EQ(world.w.get(0, count), 1);
  world.step({at_61});  // that the other is nearer to it does not help
  CHECK_EQ(world.w.get(0, count), 1);
}

HandGame game_with_noise(int noise_mode) {
  HandGame game({"@@"}, 2);
  add_strangers(game, 2);
  game.tables["kinship_templates"] = {240, 120, 120, 240};
  game.tables["kinship"][4] = noise_mode;
  game.tables["kinship_noise"] = {-20, -5, 0, 7, 30};
  game.tables["global_features"] = {-1, -1, -1, kFeature, -1};
  return game;
}

// What agent 0 sees of agent 1 in the ticks of an episode.
std::vector<int> shown_scores(int noise_mode, uint64_t seed) {
  HandWorld world(game_with_noise(noise_mode), seed);
  std::vector<int> shown;
  for (int tick = 0; tick < 60; ++tick) {
    shown.push_back(world.seen(0, kFeature, kEastOfCentre));
    world.step();
  }
  return shown;
}

TEST(kinship_is_shown_with_or_without_errors) {
  const std::set<int> possible{100, 115, 120, 127, 150};
  const auto exact = shown_scores(0, 1), changing = shown_scores(1, 1), lasting = shown_scores(2, 1);
  CHECK(std::set<int>(exact.begin(), exact.end()) == std::set<int>{120});
  CHECK(std::set<int>(changing.begin(), changing.end()) == possible);
  CHECK_EQ(std::set<int>(lasting.begin(), lasting.end()).size(), 1u);
  std::set<int> over_episodes;
  for (uint64_t seed = 0; seed < 60; ++seed) over_episodes.insert(shown_scores(2, seed)[0]);
  CHECK(over_episodes == possible);
  CHECK(shown_scores(1, 1) == changing);
}

TEST(nobody_is_shown_how_near_it_is_to_itself) {
  HandWorld world(game_with_noise(0));
  CHECK_EQ(world.seen(0, kFeature, 3 << 4 | 3), -1);
}

TEST(templates_can_be_dealt_in_a_new_order) {
  HandGame game({"@@@@"}, 4);
  const int team = game.add_variable(9, 0);
  game.sizes[16] = team;
  game.tables["kinship"] = {1, 1, 1, 1, 0, 0, 0};
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) game.append("kinship_templates", {a == b ? 240 : a / 2 == b / 2 ? 90 : 3});
    game.append("kinship_groups", {a / 2 + 1});
  }
  std::set<std::vector<int>> deals;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    HandWorld world(game, seed);
    std::vector<int> teams;
    for (int a = 0; a < 4; ++a) teams.push_back(world.w.get(a, team));
    for (int a = 0; a < 4; ++a) {
      const auto of = [&](int agent) { return teams[static_cast<size_t>(agent)]; };
      for (int b = 0; b < 4; ++b) CHECK_EQ(world.kinship(a, b), a == b ? 240 : of(a) == of(b) ? 90 : 3);
    }
    deals.insert(teams);
  }
  CHECK_EQ(deals.size(), 6u);  // two pairs of four
}

TEST(random_pairs_are_symmetric_if_so_wanted) {
  for (const int is_symmetric : {0, 1}) {
    HandGame game({"@@@@@@"}, 6);
    game.tables["kinship"] = {2, 0, is_symmetric, 0, 0, 0, 0};
    game.tables["kinship_values"] = {0, 10, 20, 30, 40};
    HandWorld world(game, 3);
    int num_different = 0;
    std::set<int> scores;
    for (int a = 0; a < 6; ++a) {
      for (int b = 0; b < a; ++b) {
        num_different += world.kinship(a, b) != world.kinship(b, a);
        scores.insert(world.kinship(a, b));
      }
      CHECK_EQ(world.kinship(a, a), 240);
    }
    CHECK_EQ(num_different == 0, is_symmetric == 1);
    CHECK(scores.size() > 2 && *scores.rbegin() <= 40);
  }
}

}  // namespace
}  // namespace metta
