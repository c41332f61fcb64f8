// Courting is remembered for a window; a bond is mutual and ends with either of the two.
#include "hand_game.hpp"

namespace metta {
namespace {

constexpr int kMate = 9;
constexpr int kEastOfCentre = 3 << 4 | 4;

// Agents in a row. Everyone can court and bond with whom it has to its east or west, part, leave, and accept a suitor of the last 3 steps.
struct Mates {
  HandGame game;
  int score, court_east, court_west, bond_east, bond_west, part, leave, accept_west, accept_west_now, greet_mate, sigh;

  explicit Mates(const std::string& row, int num_agents) : game({row, std::string(row.size(), '.')}, num_agents) {
    using colony::Selector;
    score = game.add_variable(100, 0);
    const int court = game.add_rule({}, {effect(EffectOp::kCourt, Who::kTarget, -1, 0)});
    const int bond = game.add_rule({}, {effect(EffectOp::kBond, Who::kTarget, -1, 0)});
    const auto count_if = [&](const Word& word) { return game.add_rule({word}, {effect(EffectOp::kAdd, Who::kActor, score, 1)}); };
    court_east = game.add_action(Selector::kAbsolute, 1, 0, court);
    court_west = game.add_action(Selector::kAbsolute, 3, 0, court);
    bond_east = game.add_action(Selector::kAbsolute, 1, 0, bond);
    bond_west = game.add_action(Selector::kAbsolute, 3, 0, bond);
    part = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kPart, Who::kActor, -1, 0)}));
    leave = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kRemove, Who::kActor, -1, 0)}));
    accept_west = game.add_action(Selector::kAbsolute, 3, 0, count_if(filter(FilterOp::kCourted, Who::kTarget, -1, 3)));
    accept_west_now = game.add_action(Selector::kAbsolute, 3, 0, count_if(filter(FilterOp::kCourted, Who::kTarget, -1, 0)));
    greet_mate = game.add_action(Selector::kAbsolute, 1, 0, count_if(filter(FilterOp::kMates, Who::kTarget, -1, 0)));
    sigh = game.add_action_on_self(count_if(filter(FilterOp::kBonded, Who::kActor, -1, 0, -1, 1)));
    game.tables["global_features"] = {-1, -1, -1, -1, kMate};
  }
};

TEST(courting_lasts_for_its_window) {
  const Mates mates("@@", 2);
  for (int wait = 0; wait < 6; ++wait) {
    HandWorld world(mates.game);
    world.step({mates.court_east, wait == 0 ? mates.accept_west : 0});
    for (int i = 1; i < wait; ++i) world.step();
    if (wait > 0) world.step({0, mates.accept_west});
    // In the same step it depends on who is first: so only later steps are told.
    if (wait > 0) CHECK_EQ(world.w.get(1, mates.score), wait <= 3 ? 1 : 0);
  }
}

TEST(courting_in_the_same_step_depends_on_the_order) {
  const Mates mates("@@", 2);
  int num_heard = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    HandWorld world(mates.game, seed);
    world.step({mates.court_east, mates.accept_west_now});
    num_heard += world.w.get(1, mates.score);
    world.step({0, mates.accept_west_now});
    CHECK(world.w.get(1, mates.score) <= 1);  // a window of 0 is over in the next step
  }
  CHECK(num_heard > 5 && num_heard < 35);
}

TEST(one_courts_one_at_a_time) {
  const Mates mates("@@@", 3);
  HandWorld world(mates.game);
  world.step({0, mates.court_east});
  world.step({0, mates.court_west});
  world.step({0, 0, mates.accept_west});
  CHECK_EQ(world.w.get(2, mates.score), 0);
  CHECK_EQ(world.w.courted[1], 1);
}

TEST(a_bond_is_mutual_and_shows) {
  const Mates mates("@@@", 3);
  HandWorld world(mates.game);
  world.step({mates.bond_east});
  CHECK_EQ(world.w.partner(0), 1);
  CHECK_EQ(world.w.partner(1), 0);
  CHECK_EQ(world.seen(0, kMate, kEastOfCentre), 1);
  CHECK_EQ(world.seen(1, kMate, kEastOfCentre), -1);
  CHECK_EQ(world.seen(1, kMate, 3 << 4 | 2), 1);
  CHECK_EQ(world.seen(2, kMate), -1);
  world.step({mates.greet_mate, mates.greet_mate, mates.sigh});
  CHECK_EQ(world.w.get(0, mates.score), 1);
  CHECK_EQ(world.w.get(1, mates.score), 0);
  CHECK_EQ(world.w.get(2, mates.score), 1);
}

TEST(a_new_bond_ends_the_old_ones) {
  const Mates mates("@@@@", 4);
  HandWorld world(mates.game);
  world.step({mates.bond_east, 0, mates.bond_east});
  world.step({0, mates.bond_east});
  CHECK_EQ(world.w.partner(1), 2);
  CHECK_EQ(world.w.partner(2), 1);
  CHECK_EQ(world.w.partner(0), colony::kNone);
  CHECK_EQ(world.w.partner(3), colony::kNone);
}

TEST(parting_and_death_end_a_bond) {
  const Mates mates("@@", 2);
  for (const int end : {mates.part, mates.leave}) {
    HandWorld world(mates.game);
    world.step({mates.bond_east});
    world.step({end});
    CHECK_EQ(world.w.partner(0), colony::kNone);
    CHECK_EQ(world.w.partner(1), colony::kNone);
  }
}

TEST(a_child_was_not_courted_before_its_birth) {
  Mates mates("@@", 2);
  const int bear = mates.game.add_action_on_self(mates.game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0)}));
  HandWorld world(mates.game);
  world.step({mates.court_east});
  CHECK_EQ(world.w.courted[0], 2);
  world.step({0, mates.leave});
  world.step({bear});
  CHECK(world.w.is_alive(1));
  CHECK_EQ(world.w.courted[0], 0);
}

TEST(nobody_courts_things_or_itself) {
  Mates mates("@a", 1);
  const int court = mates.game.add_rule({}, {effect(EffectOp::kCourt, Who::kTarget, -1, 0), effect(EffectOp::kBond, Who::kTarget, -1, 0)});
  const int self = mates.game.add_action_on_self(court), thing = mates.game.add_action_to_east(court);
  HandWorld world(mates.game);
  world.step({self});
  world.step({thing});
  CHECK_EQ(world.w.courted[0], 0);
  CHECK_EQ(world.w.partner(0), colony::kNone);
}

}  // namespace
}  // namespace metta
