// Effects on many things at once, things without a place, and numbers that vary.
#include <set>

#include "hand_game.hpp"

namespace metta {
namespace {

constexpr int kBox = 2, kStone = 3;  // 'a', 'b'
constexpr int kAround = 0;           // the first reach

// Things around an agent in the middle; boxes hold some wood.
HandGame game_with_boxes(const std::vector<std::string>& map) {
  HandGame game(map, 1);
  game.tables["kind_profile"] = {0, 0, 1, 2, 0, 0};
  game.tables["profile_trait"] = {0, 0, 0};
  game.tables["profile_radius"] = {3, 3, 3};
  return game;
}

// Sets what each of the three bodies (agents, boxes, stones) has of the variable `wood`.
int add_wood(HandGame& game, std::array<int, 3> amounts) {
  const int wood = game.add_variable(0, 0);
  for (const int amount : amounts) {
    game.append("profile_cap", {3, 100});
    game.append("profile_initial", {0, amount});
  }
  return wood;
}

std::vector<int> values_of(const HandWorld& world, int kind, int variable) {
  std::vector<int> values;
  for (int row = 0; row < world.w.t.height; ++row) {
    for (int col = 0; col < world.w.t.width; ++col) {
      const int object = world.w.object_at(row, col);
      if (object >= 0 && world.w.kinds[object] == kind) values.push_back(world.w.get(object, variable));
    }
  }
  return values;
}

TEST(gathering_takes_evenly) {
  HandGame game = game_with_boxes({"aaa", ".@b"});
  const int wood = add_wood(game, {0, 10, 50});
  game.tables["reaches"] = {kBox, 1, -1, 0, 0, -1};
  const auto gather = [&](int amount) {
    return game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kGather, Who::kActor, wood, amount, 0, 0, kAround)}));
  };
  const int nine = gather(9), seven = gather(7), much = gather(100);
  HandWorld world(game);
  world.step({nine});
  CHECK(values_of(world, kBox, wood) == std::vector<int>({7, 7, 7}));
  world.step({seven});  // two of each, and the one that is left from the first
  CHECK(values_of(world, kBox, wood) == std::vector<int>({4, 5, 5}));
  world.step({much});
  CHECK(values_of(world, kBox, wood) == std::vector<int>({0, 0, 0}));
  CHECK(values_of(world, kStone, wood) == std::vector<int>({50}));
}

TEST(who_has_less_gives_all_and_the_others_more) {
  HandGame game = game_with_boxes({"ab", "@b"});
  const int wood = add_wood(game, {0, 1, 10});
  game.tables["reaches"] = {-1, 1, -1, 0, 0, -1};
  const int gather = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kGather, Who::kActor, wood, 9, 0, 0, kAround)}));
  HandWorld world(game);
  world.step({gather});  // 3 of each, but the box has 1: 2 more, one of each stone
  CHECK(values_of(world, kBox, wood) == std::vector<int>({0}));
  CHECK(values_of(world, kStone, wood) == std::vector<int>({6, 6}));
}

TEST(reaches_mean_kinds_values_and_what_is_shared) {
  const auto reached = [](std::vector<int32_t> reach) {
    HandGame game = game_with_boxes({"b.a..", "..@.a", "a.b.."});
    const int wood = add_wood(game, {5, 7, 5});
    game.tables["reaches"] = std::move(reach);
    const int mark = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kSet, Who::kActor, wood, 99, 0, 0, kAround)}));
    HandWorld world(game);
    world.step({mark});
    auto values = values_of(world, kBox, wood);
    const auto stones = values_of(world, kStone, wood), agents = values_of(world, colony::kAgentKind, wood);
    values.insert(values.end(), stones.begin(), stones.end());
    values.insert(values.end(), agents.begin(), agents.end());
    return values;  // three boxes, two stones, the agent
  };
  CHECK(reached({-1, 1, -1, 0, 0, -1}) == std::vector<int>({99, 7, 7, 5, 99, 5}));
  CHECK(reached({-1, 2, -1, 0, 0, -1}) == std::vector<int>({99, 99, 99, 99, 99, 5}));
  CHECK(reached({-1, 0, -1, 0, 0, -1}) == std::vector<int>({7, 7, 7, 5, 5, 5}));
  CHECK(reached({kBox, 2, -1, 0, 0, -1}) == std::vector<int>({99, 99, 99, 5, 5, 5}));
  CHECK(reached({-1, 2, 1, 0, 6, -1}) == std::vector<int>({99, 99, 99, 5, 5, 5}));
  CHECK(reached({-1, 2, 1, 1, 6, -1}) == std::vector<int>({7, 7, 7, 5, 5, 5}));
  CHECK(reached({-1, 2, 1, 1, 5, -1}) == std::vector<int>({7, 7, 7, 99, 99, 5}));
  CHECK(reached({-1, 2, -1, 0, 0, 1}) == std::vector<int>({7, 7, 7, 99, 99, 5}));  // the same wood as the agent
}

TEST(totals_and_comparisons) {
  HandGame game = game_with_boxes({"aa", "@b"});
  const int wood = add_wood(game, {3, 10, 4});
  game.tables["reaches"] = {kBox, 1, -1, 0, 0, -1, -1, 1, -1, 0, 0, -1};
  const auto can = [&](const Word& word) { return game.add_action_on_self(0, game.add_condition(word)); };
  const int boxes_20 = can(filter(FilterOp::kTotal, Who::kActor, wood, 20, 0));
  const int boxes_21 = can(filter(FilterOp::kTotal, Who::kActor, wood, 21, 0));
  const int all_24 = can(filter(FilterOp::kTotal, Who::kActor, wood, 24, 1));
  const int two_near = can(filter(FilterOp::kNearby, Who::kActor, -1, 2, 0)),
            three_near = can(filter(FilterOp::kNearby, Who::kActor, -1, 3, 0));
  Word compare = filter(FilterOp::kCompare, Who::kActor, -1, 3, static_cast<int>(OperandMode::kActorVariable));
  compare[6] = wood;
  const int at_least_3 = can(compare);
  compare[4] = 4;
  const int at_least_4 = can(compare);
  HandWorld world(game);
  for (const int action : {boxes_20, all_24, two_near, at_least_3}) CHECK(world.is_possible(0, action));
  for (const int action : {boxes_21, three_near, at_least_4}) CHECK(!world.is_possible(0, action));
}

TEST(the_world_and_groups_carry_variables) {
  HandGame game({"@@@"}, 3);
  const int team = game.add_variable(9, 0), coins = game.add_variable(100, 6);
  game.sizes[13] = kBox;
  game.sizes[14] = kStone;
  game.sizes[15] = 2;
  game.sizes[16] = team;
  game.tables["agent_initial"] = {-1, 1, -1, -1, 2, -1, -1, 0, -1};
  game.tables["world_tokens"] = {coins, 50, 1, 0};
  game.tables["group_tokens"] = {coins, 51, 1, 0};
  const auto give = [&](Who to) {
    return game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kMove, Who::kActor, coins, 4, static_cast<int>(to))}));
  };
  const int to_world = give(Who::kWorld), to_group = give(Who::kGroup);
  const Word from_group = with_operand(effect(EffectOp::kAdd, Who::kActor, coins, 0), OperandMode::kGroupVariable, coins);
  const Word from_world = with_operand(effect(EffectOp::kAdd, Who::kActor, coins, 0), OperandMode::kWorldVariable, coins);
  const int copy = game.add_action_on_self(game.add_rule({}, {from_group, from_world}));
  game.add_step_rule(kStone, game.add_rule({}, {effect(EffectOp::kAdd, Who::kActor, coins, 1)}));  // groups earn
  HandWorld world(game);
  const int the_world = 3, first = 4, second = 5;
  CHECK_EQ(world.w.kinds[the_world], kBox);
  CHECK(!world.w.is_on_map(the_world));
  world.step({to_world, to_group, to_group});
  CHECK_EQ(world.w.get(the_world, coins), 10);
  CHECK_EQ(world.w.get(first, coins), 7);
  CHECK_EQ(world.w.get(second, coins), 11);
  CHECK_EQ(world.w.get(2, coins), 6);  // in no group
  CHECK_EQ(world.seen(0, 50, kGlobalWhere), 10);
  CHECK_EQ(world.seen(2, 50, kGlobalWhere), 10);
  CHECK_EQ(world.seen(0, 51, kGlobalWhere), 7);
  CHECK_EQ(world.seen(1, 51, kGlobalWhere), 11);
  CHECK_EQ(world.seen(2, 51), -1);
  world.step({0, copy, copy});
  CHECK_EQ(world.w.get(1, coins), 2 + 12 + 10);  // its group has earned one more
  CHECK_EQ(world.w.get(2, coins), 6 + 0 + 10);
}

// The slot of what was removed is free again at once: what is spawned into it must not be taken for it.
TEST(what_is_spawned_elsewhere_is_not_the_target) {
  HandGame game({"@a", ".."}, 1);
  const int wood = game.add_variable(100, 0);
  const int replace = game.add_action_to_east(
      game.add_rule({}, {effect(EffectOp::kRemove, Who::kTarget, -1, 0), effect(EffectOp::kSpawn, Who::kActor, -1, 0, kStone, 1),
                         effect(EffectOp::kAdd, Who::kTarget, wood, 5)}));
  const int put = game.add_action(
      colony::Selector::kAbsolute, 2, 0,
      game.add_rule({}, {effect(EffectOp::kRemove, Who::kTarget, -1, 0), effect(EffectOp::kSpawn, Who::kActor, -1, 0, kBox, 0),
                         effect(EffectOp::kAdd, Who::kTarget, wood, 7)}));
  HandWorld world(game);
  world.step({replace});
  CHECK(values_of(world, kStone, wood) == std::vector<int>({0}));
  world.step({put});  // in the target's cell it is
  CHECK(values_of(world, kBox, wood) == std::vector<int>({7}));
}

TEST(numbers_vary_by_episode_and_are_shown) {
  HandGame game({"@."}, 1);
  const int wood = game.add_variable(100, 0);
  const int earn = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kAdd, Who::kActor, wood, 1)}));
  game.tables["params"] = {3, 60, 0, 0, 2, -1, 0, 0};
  game.tables["param_tokens"] = {11, 12, 13};
  // What the effect adds and the cap are drawn together, the first value and the end of the episode by themselves.
  game.tables["patches"] = {0, 4, 4, 0, 0, 0, 1, 3, 1, 1, 1, 6, 1, 6, 0, 8};
  game.tables["patch_values"] = {20, 30, 40, 50, 31, 35, 1, 2, 4, 6};
  std::set<int> shown;
  std::set<std::pair<int, int>> worlds;
  for (uint64_t seed = 0; seed < 80; ++seed) {
    HandWorld world(game, seed);
    const int token = world.seen(0, 60, kGlobalWhere), first = world.w.get(0, wood);
    const int gain = 20 + 10 * (token - 11), cap = token == 11 ? 50 : token == 12 ? 31 : 35;
    const uint32_t last_tick = world.w.header.last_tick;
    CHECK_EQ(last_tick, first == 1 ? 4u : 6u);
    world.step({earn});
    CHECK_EQ(world.w.get(0, wood), std::min(first + gain, cap));
    worlds.insert({token, first});
    for (uint32_t tick = 1; tick < last_tick; ++tick) {
      CHECK_EQ(world.seen(0, 60, kGlobalWhere), token);
      world.step();
    }
    worlds.insert({world.seen(0, 60, kGlobalWhere), world.w.get(0, wood)});  // the next episode
  }
  CHECK_EQ(worlds.size(), 6u);
}

TEST(episodes_of_one_world_draw_anew) {
  HandGame game({"@."}, 1);
  game.tables["params"] = {1000, 60, 0, 0};
  for (int i = 0; i < 1000; ++i) game.append("param_tokens", {i % 250 + 1});
  game.sizes[4] = 2;
  HandWorld world(game);
  std::set<int> tokens;
  for (int episode = 0; episode < 10; ++episode) {
    tokens.insert(world.seen(0, 60));
    world.step_times(2);
  }
  CHECK(tokens.size() > 7);
}

}  // namespace
}  // namespace metta
