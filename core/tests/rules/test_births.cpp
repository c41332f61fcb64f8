// Children: where they appear, what they get from whom, and how their slots are used again.
#include <set>

#include "hand_game.hpp"

namespace metta {
namespace {

// A parent alone on some map, with slots for more.
struct Parent {
  HandGame game;
  int size, colour, bear, leave, leave_and_bear;

  Parent(const std::vector<std::string>& map, int num_agents) : game(map, num_agents) {
    size = game.add_variable(100, 10);
    colour = game.add_variable(7, 0);
    bear = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0)}));
    leave = game.add_action_on_self(game.add_rule({}, {effect(EffectOp::kRemove, Who::kActor, -1, 0)}));
  }
};

TEST(a_child_appears_beside_its_parent) {
  std::set<std::pair<int, int>> places;
  const Parent parent({".....", ".....", "..@..", ".....", "....."}, 2);
  for (uint64_t seed = 0; seed < 80; ++seed) {
    HandWorld world(parent.game, seed);
    CHECK(!world.is_shown_alive(1));
    world.step({parent.bear});
    CHECK(world.is_shown_alive(1));
    CHECK_EQ(world.w.header.num_alive, 2);
    const colony::Place place = world.w.places[1];
    places.insert({place.row - 2, place.col - 2});
    CHECK_EQ(world.w.object_at(place.row, place.col), 1);
  }
  CHECK_EQ(places.size(), 8u);
  for (const auto& [down, right] : places) CHECK(std::abs(down) <= 1 && std::abs(right) <= 1);
}

TEST(without_room_or_slot_nobody_is_born) {
  const Parent crowded({"aaa", "a@a", "aaa"}, 3);
  HandWorld full(crowded.game);
  full.step({crowded.bear});
  CHECK_EQ(full.w.header.num_alive, 1);
  const Parent one_gap({"aaa", "a@.", "aaa"}, 3);
  HandWorld gap(one_gap.game);
  gap.step({one_gap.bear});
  CHECK_EQ(gap.w.object_at(1, 2), 1);
  gap.step({one_gap.bear});
  CHECK_EQ(gap.w.header.num_alive, 2);
  const Parent alone({"...", ".@.", "..."}, 1);
  HandWorld slotless(alone.game);
  slotless.step({alone.bear});
  CHECK_EQ(slotless.w.header.num_alive, 1);
}

TEST(can_bear_says_whether_a_birth_would_succeed) {
  for (const auto& [map, num_agents, expected] :
       {std::tuple(std::vector<std::string>{"@."}, 2, true), {{"@a"}, 2, false}, {{"@."}, 1, false}}) {
    Parent parent(map, num_agents);
    const int condition = parent.game.add_condition(filter(FilterOp::kCanBear, Who::kActor, -1, 0));
    const int bear = parent.game.add_action_on_self(parent.game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0)}), condition);
    HandWorld world(parent.game);
    CHECK_EQ(world.is_possible(0, bear), expected);
    world.step({bear});
    CHECK_EQ(world.w.header.num_alive, expected ? 2 : 1);
    CHECK(!world.is_possible(0, bear));
  }
}

// Two agents; the second leaves, and its slot is used again.
TEST(a_slot_is_used_again_only_after_its_end_was_told) {
  Parent parent({"@.@", "..."}, 2);
  const int condition = parent.game.add_condition(filter(FilterOp::kCanBear, Who::kActor, -1, 0));
  const int bear = parent.game.add_action_on_self(parent.game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0)}), condition);
  for (uint64_t seed = 0; seed < 10; ++seed) {  // whoever acts first
    HandWorld world(parent.game, seed);
    world.step({parent.bear, parent.leave});
    CHECK(!world.w.is_alive(1));
    CHECK(world.has_terminated(1));
    CHECK(!world.is_shown_alive(1));
    CHECK(world.is_possible(0, bear));  // in the coming step the slot is free
    CHECK(!world.is_possible(1, bear));
    world.step({bear, bear});
    CHECK(world.w.is_alive(1));
    CHECK(world.is_shown_alive(1));
    CHECK(!world.has_terminated(1));
    CHECK(world.is_possible(1, parent.leave));
    world.step({0, parent.leave});
    CHECK(world.has_terminated(1));
    CHECK_EQ(world.w.header.num_alive, 1);
  }
}

TEST(a_parent_that_dies_in_the_rule_bears_nobody) {
  Parent parent({"@.@", "..."}, 4);
  const int both = parent.game.add_action_on_self(
      parent.game.add_rule({}, {effect(EffectOp::kRemove, Who::kActor, -1, 0), effect(EffectOp::kBirth, Who::kActor, -1, 0)}));
  HandWorld world(parent.game);
  world.step({both});
  CHECK_EQ(world.w.header.num_alive, 1);
}

TEST(a_child_begins_anew_in_a_used_slot) {
  Parent parent({"@.@", "..."}, 2);
  const int grow = parent.game.add_action_on_self(parent.game.add_rule({}, {effect(EffectOp::kAdd, Who::kActor, parent.size, 50)}));
  HandWorld world(parent.game);
  world.step({grow, grow});
  CHECK_EQ(world.w.get(1, parent.size), 60);
  world.step({0, parent.leave});
  CHECK_EQ(world.w.get(1, parent.size), 0);
  world.step({parent.bear});
  CHECK_EQ(world.w.get(1, parent.size), 10);
  CHECK_EQ(world.w.last_actions[1], colony::kNoop);
}

TEST(genes_come_from_either_parent) {
  Parent parent({"@@", ".."}, 4);
  for (const int own : {5, 2}) parent.game.append("agent_initial", {-1, own * 10, own});
  for (int i = 0; i < 2; ++i) parent.game.append("agent_initial", {-1, -1, -1});
  parent.game.tables["genes"] = {parent.size, 0, 0, parent.colour, 0, 0};
  const int together = parent.game.add_action_to_east(parent.game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0)}));
  std::set<std::pair<int, int>> children;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    HandWorld world(parent.game, seed);
    world.step({together});
    children.insert({world.w.get(2, parent.size), world.w.get(2, parent.colour)});
  }
  CHECK(children == std::set<std::pair<int, int>>({{50, 5}, {50, 2}, {20, 5}, {20, 2}}));
}

TEST(mutations_stay_within_their_span_and_the_cap) {
  Parent parent({"@."}, 2);
  parent.game.tables["genes"] = {parent.size, 65536, 2, parent.colour, 65536, 9};
  std::set<int> sizes, colours;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    HandWorld world(parent.game, seed);
    world.step({parent.bear});
    sizes.insert(world.w.get(1, parent.size));
    colours.insert(world.w.get(1, parent.colour));
  }
  CHECK(sizes == std::set<int>({8, 9, 10, 11, 12}));
  CHECK(colours == std::set<int>({0, 1, 2, 3, 4, 5, 6, 7}));
}

// Two bodies: caps of size 100 and 30.
void add_second_body(Parent& parent) {
  parent.game.tables["profile_cap"] = {3, 100, 7, 3, 30, 7};
  parent.game.tables["profile_initial"] = {0, 10, 0, 0, 11, 0};
  parent.game.tables["profile_trait"] = {0, 0};
  parent.game.tables["profile_radius"] = {3, 3};
}

TEST(a_child_has_the_body_of_a_parent_or_a_mutation) {
  for (const int mutation : {0, 65536}) {
    Parent parent({"@@", ".."}, 3);
    add_second_body(parent);
    parent.game.tables["agent_profile"] = {0, 0, 1};
    parent.game.tables["body_draws"] = {1, 1};
    const int bear = parent.game.add_action_to_east(parent.game.add_rule({}, {effect(EffectOp::kBirth, Who::kActor, -1, 0, mutation)}));
    HandWorld world(parent.game);
    world.step({bear});
    CHECK_EQ(world.w.profiles[2], mutation == 0 ? 0 : 1);
    CHECK_EQ(world.w.get(2, parent.size), mutation == 0 ? 10 : 11);
  }
}

TEST(bodies_can_be_drawn_at_the_start) {
  Parent parent({"@@@@"}, 4);
  add_second_body(parent);
  parent.game.tables["body_draws"] = {0, 1, 1};
  int num_second = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    for (const bool is_drawn : {false, true}) {
      parent.game.sizes[18] = is_drawn;
      HandWorld world(parent.game, seed);
      for (int agent = 0; agent < 4; ++agent) {
        if (is_drawn) num_second += world.w.profiles[agent];
        else CHECK_EQ(world.w.profiles[agent], 0);
      }
    }
  }
  CHECK(num_second > 230 && num_second < 300);
}

}  // namespace
}  // namespace metta
