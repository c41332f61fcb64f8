// Snapshots whose bonds, kinship, ground or numbers are impossible are refused; odd ones that are possible run.
#include <functional>

#include "hand_game.hpp"

namespace metta {
namespace {

constexpr int kNumAgents = 4;

// Three agents and a free slot, a world and a group, ground, traces, kinship and a cap that varies.
struct Rich {
  HandGame game{{"@@@.", "...."}, kNumAgents};
  int wood;

  Rich() {
    wood = game.add_variable(100, 5);
    game.sizes = {{13, 2}, {14, 3}, {15, 1}, {16, wood}};
    game.tables["grounds"] = {-1, 1, 0, 3, 2, 1};
    game.tables["trace_features"] = {-1, 4};
    game.tables["kinship"] = {2, 0, 1, 0, 0, 0, 0};
    game.tables["kinship_values"] = {60};
    game.tables["params"] = {2, -1, 0, 0};
    game.tables["patches"] = {0, 0, 1, 0};
    game.tables["patch_values"] = {50, 60};
    game.tables["sharing"] = {0, 1000, -1, 0, -1, -1};
  }
};

// The message with which a changed snapshot is refused, or "".
std::string message_after(const std::function<void(colony::World&)>& change) {
  HandWorld world(Rich().game);
  world.step();
  const auto bytes = world.batch.snapshot(0);
  std::vector<std::byte> changed(bytes.begin(), bytes.end());
  colony::World w(world.batch.game().t, changed.data());
  change(w);
  const uint64_t before = world.batch.hash(0);
  try {
    world.batch.restore(0, changed);
  } catch (const std::invalid_argument& error) {
    CHECK_EQ(world.batch.hash(0), before);
    return error.what();
  }
  world.step_times(40);
  return "";
}

void check_refused(const char* what, const std::function<void(colony::World&)>& change) {
  check::context() = what;
  CHECK(message_after(change).find(std::string("snapshot: ") + what + " is not possible") != std::string::npos);
}

TEST(broken_bonds_are_refused) {
  check_refused("a bond", [](colony::World& w) { w.partners[0] = 2; });  // of one side
  check_refused("a bond", [](colony::World& w) { w.partners[0] = 1; });  // with itself
  check_refused("a bond", [](colony::World& w) { w.bond(0, 3); });       // with nobody
  check_refused("a bond", [](colony::World& w) { w.partners[0] = kNumAgents + 1; });
  check_refused("a bond", [](colony::World& w) { w.partners[2] = 65535; });
  check_refused("who was courted", [](colony::World& w) { w.courted[1] = kNumAgents + 1; });
  CHECK_EQ(message_after([](colony::World& w) { w.bond(0, 2); }).size(), 0u);
}

TEST(broken_kinship_is_refused) {
  check_refused("a kinship score", [](colony::World& w) { w.kinship[1] = 241; });
  check_refused("a kinship score", [](colony::World& w) { w.kinship[kNumAgents * kNumAgents - 2] = 255; });
  CHECK_EQ(message_after([](colony::World& w) { w.kinship[1] = 240; }).size(), 0u);
}

TEST(broken_ground_is_refused) {
  check_refused("the ground", [](colony::World& w) { w.ground[0] = 1; });
  check_refused("the ground", [](colony::World& w) { w.ground_rows.set(0, 0); });
  check_refused("the ground", [](colony::World& w) { w.ground_rows.set(0, -3); });  // outside of the map
  check_refused("the ground", [](colony::World& w) { w.ground[5] = 2, w.ground_rows.set(1, 1); });
  check_refused("a trace", [](colony::World& w) { w.traces[7] = 1; });
  check_refused("a trace", [](colony::World& w) { w.trace_rows.set(1, 4); });
  check_refused("a trace", [](colony::World& w) { w.traces[5] = 2, w.trace_rows.set(1, 1); });
  CHECK_EQ(message_after([](colony::World& w) { w.ground[5] = 1, w.ground_rows.set(1, 1); }).size(), 0u);
  CHECK_EQ(message_after([](colony::World& w) { w.traces[5] = 1, w.trace_rows.set(1, 1), w.trace_ends[5] = ~0u; }).size(), 0u);
}

TEST(broken_numbers_are_refused) {
  const Rich rich;
  check_refused("what was drawn for a number", [](colony::World& w) { w.param_choices[0] = 2; });
  check_refused("a variable", [&](colony::World& w) { w.variables[0 * w.t.variable_stride + rich.wood] = 61; });
  check_refused("the end of the episode", [](colony::World& w) { w.header.last_tick = 1001; });
}

// Numbers that vary follow from what was drawn: what a snapshot says of them is not believed.
TEST(numbers_that_vary_are_written_anew) {
  HandWorld world(Rich().game);
  const auto bytes = world.batch.snapshot(0);
  const std::vector<std::byte> saved(bytes.begin(), bytes.end());
  std::vector<std::byte> changed = saved;
  colony::World w(world.batch.game().t, changed.data());
  w.own_caps[1] = 32767;
  w.own_initials[0] = 77;
  world.batch.restore(0, changed);
  CHECK(std::equal(saved.begin(), saved.end(), world.batch.snapshot(0).begin()));
}

TEST(broken_lives_are_refused) {
  check_refused("a kind of world or group", [](colony::World& w) { w.kinds[kNumAgents] = 3; });
  check_refused("a kind of world or group", [](colony::World& w) { w.kinds[kNumAgents + 1] = 0; });
  check_refused("a place", [](colony::World& w) { w.put(kNumAgents, 1, 1); });
  check_refused("a place", [](colony::World& w) { w.places[3] = {1, 1}; });
  check_refused("the number of agents alive", [](colony::World& w) { ++w.header.num_alive; });
  check_refused("a kind", [](colony::World& w) { w.kinds[0] = 2; });
}

TEST(odd_times_are_harmless) {
  CHECK_EQ(message_after([](colony::World& w) { w.left_ticks[3] = ~0u, w.court_ticks[0] = ~0u, w.courted[0] = 2; }).size(), 0u);
}

}  // namespace
}  // namespace metta
