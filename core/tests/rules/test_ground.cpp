// What lies under things: ground, cover, traces that fade; and how far one sees.
#include "hand_game.hpp"

namespace metta {
namespace {

constexpr int kGrass = 1, kBush = 2;  // grounds
constexpr int kScent = 1;             // a trace
constexpr int kGrassFeature = 20, kBushFeature = 21, kScentFeature = 22, kAgentFeature = 23;

int where(int down, int right) { return (3 + down) << 4 | (3 + right); }

// Agents in a row that everybody sees as such, on ground that a test lays.
HandGame game_on_ground(const std::string& row) {
  HandGame game({row}, static_cast<int>(std::count(row.begin(), row.end(), '@')));
  game.tables["grounds"] = {-1, 1, 0, kGrassFeature, 5, 0, kBushFeature, 1, 1};
  game.tables["trace_features"] = {-1, kScentFeature};
  game.tables["kind_tokens"] = {-1, kAgentFeature, 1, 1};
  game.tables["kind_tokens_begin"] = {0, 0, 1, 1, 1, 1, 1};
  return game;
}

int lay_action(HandGame& game, int ground) {
  return game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kLay, Who::kActor, -1, 0, ground)}));
}

TEST(ground_is_laid_shown_and_asked_for) {
  HandGame game = game_on_ground("@.@");
  const int count = game.add_variable(100, 0), lay = lay_action(game, kGrass), clear = lay_action(game, 0);
  const int is_grass = game.add_condition(filter(FilterOp::kOnGround, Who::kActor, -1, 0, kGrass));
  const int graze = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kAdd, Who::kActor, count, 1)}), is_grass);
  const int graze_beside = game.add_action_to_east(
      game.add_rule({filter(FilterOp::kOnGround, Who::kTarget, -1, 0, 0)}, {effect(EffectOp::kAdd, Who::kActor, count, 10)}));
  HandWorld world(game);
  CHECK(!world.is_possible(0, graze));
  world.step({lay});
  CHECK(world.is_possible(0, graze));
  CHECK(!world.is_possible(1, graze));
  CHECK_EQ(world.seen(0, kGrassFeature, where(0, 0)), 5);
  CHECK_EQ(world.seen(1, kGrassFeature, where(0, -2)), 5);
  world.step({graze});
  world.step({graze_beside});  // the empty cell to the east is plain
  CHECK_EQ(world.w.get(0, count), 11);
  world.step({clear});
  CHECK_EQ(world.seen(0, kGrassFeature), -1);
  CHECK(!world.is_possible(0, graze));
}

TEST(maps_bring_their_ground) {
  HandGame game = game_on_ground("@..");
  RandomGame written = game.write();
  written.maps[1] += 256 * kGrass;
  ColonyBatch batch = make_batch(written, 1, 1);
  batch.reset(0, counting_streams(1), false);
  const colony::World w(batch.game().t, batch.block(0));
  CHECK_EQ(w.ground[0], 0);
  CHECK_EQ(w.ground[1], kGrass);
  CHECK_EQ(batch.arrays().observations[0 * 3 + 1], kAgentFeature);
  CHECK_EQ(batch.arrays().observations[1 * 3 + 1], kGrassFeature);
}

TEST(cover_hides_from_all_but_those_beside) {
  HandGame game = game_on_ground("@.@@");
  const int lay = lay_action(game, kBush);
  HandWorld world(game);
  CHECK_EQ(world.seen(0, kAgentFeature, where(0, 2)), 1);
  world.step({0, lay});
  CHECK_EQ(world.seen(0, kAgentFeature, where(0, 2)), -1);  // two cells away
  CHECK_EQ(world.seen(0, kBushFeature, where(0, 2)), 1);    // the bush itself is seen
  CHECK_EQ(world.seen(2, kAgentFeature, where(0, -1)), 1);  // beside
  CHECK_EQ(world.seen(1, kAgentFeature, where(0, 0)), 1);   // oneself
  CHECK_EQ(world.seen(1, kAgentFeature, where(0, -2)), 1);  // who hides sees out
}

TEST(traces_fade_after_their_steps) {
  HandGame game = game_on_ground("@..");
  const int count = game.add_variable(100, 0);
  const int leave = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kTrace, Who::kActor, -1, 3, kScent)}));
  const int wipe = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kTrace, Who::kActor, -1, 0, kScent)}));
  const int is_scented = game.add_condition(filter(FilterOp::kOnTrace, Who::kActor, -1, 0, kScent));
  const int sniff = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kAdd, Who::kActor, count, 1)}), is_scented);
  HandWorld world(game);
  world.step({leave});  // until three steps from now
  CHECK_EQ(world.seen(0, kScentFeature, where(0, 0)), 3);
  CHECK(world.is_possible(0, sniff));
  world.step({sniff});
  CHECK_EQ(world.seen(0, kScentFeature), 2);
  CHECK(world.is_possible(0, sniff));
  world.step({sniff});
  CHECK_EQ(world.seen(0, kScentFeature), 1);
  CHECK(!world.is_possible(0, sniff));  // in the coming step it is gone
  world.step({sniff});
  CHECK_EQ(world.seen(0, kScentFeature), -1);
  CHECK_EQ(world.w.get(0, count), 2);
  world.step({leave});
  world.step({leave});  // a new one in its place
  CHECK_EQ(world.seen(0, kScentFeature), 3);
  world.step({wipe});
  CHECK_EQ(world.seen(0, kScentFeature), -1);
}

TEST(traces_that_are_gone_are_swept_away) {
  HandGame game = game_on_ground("@..");
  const int leave = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kTrace, Who::kActor, -1, 300, kScent)}));
  const int leave_shortly = game.add_action_to_east(game.add_rule({}, {effect(EffectOp::kTrace, Who::kTarget, -1, 30, kScent)}));
  HandWorld world(game);
  world.step({leave});  // tick 1: until 301, shown as at most 255
  CHECK_EQ(world.seen(0, kScentFeature, where(0, 0)), 255);
  world.step({leave_shortly});  // tick 2: until 32
  world.step_times(29);
  CHECK_EQ(world.seen(0, kScentFeature, where(0, 1)), 1);
  CHECK_EQ(world.w.traces[1], kScent);
  world.step();
  CHECK_EQ(world.seen(0, kScentFeature, where(0, 1)), -1);
  CHECK_EQ(world.w.traces[1], 0);
  CHECK_EQ(world.w.traces[0], kScent);
  CHECK_EQ(world.seen(0, kScentFeature, where(0, 0)), 255);
}

TEST(sight_has_limits) {
  for (const int with_world : {0, 1}) {
    HandGame game = game_on_ground("@@@@@");
    const int sight = game.add_variable(9, 2);
    game.sizes[17] = sight;
    if (with_world) game.sizes[13] = 5;
    const int look = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kAdd, Who::kActor, sight, 1)}));
    const int darken = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kSet, Who::kWorld, sight, 0)}));
    HandWorld world(game);
    const auto seen_to = [&](int radius) {
      for (int right = 0; right <= 3; ++right) CHECK_EQ(world.seen(0, kAgentFeature, where(0, right)), right <= radius ? 1 : -1);
    };
    seen_to(2);
    world.step({look});
    seen_to(with_world ? 2 : 3);  // the world allows 2
    CHECK_EQ(world.seen(1, kAgentFeature, where(0, 3)), -1);
    if (with_world) {
      world.step({darken});
      seen_to(0);
    }
  }
}

TEST(a_body_without_the_variable_sees_as_far_as_it_can) {
  HandGame game = game_on_ground("@@@@@");
  game.sizes[17] = game.add_variable(0, 0);
  HandWorld world(game);
  CHECK_EQ(world.seen(0, kAgentFeature, where(0, 3)), 1);
}

}  // namespace
}  // namespace metta
