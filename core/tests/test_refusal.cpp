// Wrong tables, maps and snapshots: refused with one line, or harmless. Never a crash (the sanitizer builds watch).
#include <algorithm>

#include "runner.hpp"

namespace metta {
namespace {

std::string message_of(const RandomGame& game) {
  try {
    const colony::Colony colony(game.tables, game.maps);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

// Whether the game was taken; then it is played.
bool is_playable(const RandomGame& game, uint64_t seed) {
  try {
    ColonyBatch batch = make_batch(game, 1, 1);
    batch.reset(seed, counting_streams(1), true);
    Dice dice(seed);
    for (uint64_t step = 0; step < 12; ++step) {
      script_actions(batch, seed, step, counting_streams(1));
      spoil_actions(batch, dice);
      batch.step();
    }
  } catch (const std::invalid_argument& error) {
    CHECK(std::string(error.what()).size() > 10);
    return false;
  }
  return true;
}

int32_t strange_number(Dice& dice, int32_t old) {
  if (dice.one_in(2)) return dice.pick<int32_t>({-1, 0, 1, old + 1, old - 1, 255, 256, 32767, 32768, 65535});
  return dice.pick<int32_t>({-2, 2147483647, -2147483647 - 1, 4096, -old, 2});
}

TEST(mutated_tables_are_refused_or_run) {
  int num_played = 0, num_refused = 0;
  for (uint64_t seed = 0; seed < (kIsDebugBuild ? 300 : 4000); ++seed) {
    check::context() = "mutation " + std::to_string(seed);
    Dice dice(seed);
    RandomGame game = random_game(seed % 60);
    std::vector<std::string> names;
    for (const auto& [name, values] : game.tables) names.push_back(name);
    for (int i = dice.between(1, 3); i > 0; --i) {
      auto& values = dice.one_in(15) ? game.maps : game.tables[dice.pick(names)];
      if (values.empty()) continue;
      auto& value = values[static_cast<size_t>(dice.between(0, static_cast<int>(values.size()) - 1))];
      if (value < 1000000 && value > -1000000) value = strange_number(dice, value);
    }
    ++(is_playable(game, seed) ? num_played : num_refused);
  }
  CHECK(num_played > 20);
  CHECK(num_refused > 20);
}

TEST(tables_of_a_wrong_length_are_refused_or_run) {
  for (uint64_t seed = 0; seed < (kIsDebugBuild ? 3 : 20); ++seed) {
    const RandomGame game = random_game(seed);
    for (const auto& [name, values] : game.tables) {
      check::context() = "game " + std::to_string(seed) + " without " + name;
      RandomGame changed = game;
      changed.tables.erase(name);
      CHECK(message_of(changed).find(name) != std::string::npos);
      changed.tables[name] = values;
      changed.tables[name].push_back(0);
      is_playable(changed, seed);
      if (values.empty()) continue;
      changed.tables[name].resize(values.size() - 1);
      is_playable(changed, seed);
    }
  }
}

TEST(messages_say_what_and_where) {
  const auto with = [](const char* table, size_t index, int32_t value) {
    RandomGame game = random_game(5);
    game.tables[table].at(index) = value;
    return message_of(game);
  };
  CHECK_EQ(message_of(random_game(5)).size(), 0u);
  CHECK(with("sizes", 6, 4).find("must be odd") != std::string::npos);
  CHECK(with("sizes", 6, 17).find("view_height is 17, must lie in 1..15") != std::string::npos);
  CHECK(with("profile_cap", 0, 4).find("heading") != std::string::npos);
  CHECK(with("filters", 0, 99).find("filters row 0 op is 99, must lie in 0..15") != std::string::npos);
  CHECK(with("effects", 1, 4).find("effects row 0 who is 4") != std::string::npos);
  CHECK(with("action_conditions_begin", 1, 1).size() > 0);
}

TEST(maps_must_fit_the_game) {
  RandomGame game = random_game(5);
  const std::vector<int32_t> maps = game.maps;
  game.maps.clear();
  CHECK(message_of(game).find("maps") != std::string::npos);
  game.maps = maps;
  game.maps.pop_back();
  CHECK(message_of(game).find("maps") != std::string::npos);
  game.maps = maps;
  *std::find(game.maps.begin(), game.maps.end(), colony::kAgentKind) = 0;
  CHECK(message_of(game).find("places for") != std::string::npos);
  game.maps = maps;
  *std::find(game.maps.begin(), game.maps.end(), 0) = 254;
  CHECK(message_of(game).find("unknown kind 254") != std::string::npos);
}

// Changes a few bytes of a snapshot; whatever is accepted must run.
TEST(mutated_snapshots_are_refused_or_run) {
  int num_refused = 0, num_played = 0;
  for (uint64_t seed = 0; seed < (kIsDebugBuild ? 60 : 1000); ++seed) {
    check::context() = "snapshot " + std::to_string(seed);
    Dice dice(seed);
    ColonyBatch batch = make_batch(random_game(seed % 40), 1, 1);
    batch.reset(seed, counting_streams(1), false);
    script_actions(batch, seed, 0, counting_streams(1));
    batch.step();
    const auto bytes = batch.snapshot(0);
    std::vector<std::byte> changed(bytes.begin(), bytes.end());
    const uint64_t before = batch.hash(0);
    for (int i = dice.between(1, 4); i > 0; --i) {
      changed[static_cast<size_t>(dice.between(0, static_cast<int>(changed.size()) - 1))] ^= static_cast<std::byte>(dice.between(1, 255));
    }
    try {
      batch.restore(0, changed);
      ++num_played;
    } catch (const std::invalid_argument&) {
      CHECK_EQ(batch.hash(0), before);
      ++num_refused;
    }
    for (uint64_t step = 1; step < 10; ++step) {
      script_actions(batch, seed, step, counting_streams(1));
      batch.step();
    }
  }
  CHECK(num_refused > 20);
  CHECK(num_played > 10);
}

TEST(snapshots_of_another_size_are_refused) {
  ColonyBatch batch = make_batch(random_game(1), 1, 1);
  batch.reset(1, counting_streams(1), false);
  CHECK_THROWS(std::invalid_argument, batch.restore(0, std::vector<std::byte>(batch.world_bytes() - 1)));
  CHECK_THROWS(std::invalid_argument, batch.restore(0, std::vector<std::byte>(batch.world_bytes())));
  CHECK_THROWS(std::invalid_argument, batch.restore(0, {}));
}

}  // namespace
}  // namespace metta
