// What random games do not show would go unseen: together they must reach every corner. A word of the rules counts as reached in a game
// that goes on differently without it; a feature likewise.
#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "runner.hpp"

namespace metta {
namespace {

using colony::RawTables;

constexpr uint64_t kNumGames = 300;
constexpr uint64_t kNumSteps = 30;
constexpr int kEnough = kIsDebugBuild ? 1 : 3;  // games that must show a thing

// All that agents are told and what they are, without counters of draws and the like.
uint64_t hash_of(ColonyBatch& batch) {
  const colony::World w(batch.game().t, batch.block(0));
  uint64_t hash = hash_rows(batch, 0);
  const auto mix = [&hash](const auto* values, bool is_there, size_t count) {
    if (is_there) hash = mix64(hash ^ hash_bytes(reinterpret_cast<const std::byte*>(values), count * sizeof *values));
  };
  const auto agents = static_cast<size_t>(w.t.num_agents), objects = static_cast<size_t>(w.t.max_objects);
  const size_t cells = static_cast<size_t>(w.t.height) * static_cast<size_t>(w.t.width);
  mix(w.kinds, true, objects);
  mix(w.profiles, true, objects);
  mix(w.places, true, objects);
  mix(w.variables, true, objects * static_cast<size_t>(w.t.variable_stride));
  mix(w.partners, true, agents);
  mix(w.courted, true, agents);
  mix(w.kinship, w.t.has_kinship(), agents * agents);
  mix(w.ground, w.t.has_ground(), cells);
  mix(w.traces, w.t.has_traces(), cells);
  return hash;
}

uint64_t play(const RandomGame& game, uint64_t seed) {
  ColonyBatch batch = make_batch(game, 1, 1);
  batch.reset(seed, counting_streams(1), false);
  uint64_t hash = hash_of(batch);
  for (uint64_t step = 0; step < kNumSteps; ++step) {
    script_actions(batch, seed, step, counting_streams(1));
    batch.step();
    hash = mix64(hash ^ hash_of(batch));
  }
  return hash;
}

// In how many random games a change of the tables makes a difference; at most as many as are enough.
int num_games_changed(const std::function<bool(RawTables&)>& change) {
  int num_changed = 0;
  for (uint64_t seed = 0; seed < kNumGames && num_changed < kEnough; ++seed) {
    static std::map<uint64_t, uint64_t> hashes;
    RandomGame game = random_game(seed);
    if (!change(game.tables)) continue;
    if (hashes.count(seed) == 0) hashes[seed] = play(random_game(seed), seed);
    num_changed += play(game, seed) != hashes[seed];
  }
  return num_changed;
}

void expect_change(const std::string& what, const std::function<bool(RawTables&)>& change) {
  check::context() = what;
  CHECK(num_games_changed(change) >= kEnough);
}

// Puts another word in place of an op; numbers that vary become that word's, too. False if the game does not have the op.
bool replace_words(RawTables& tables, const char* name, int table_id, int op, const std::array<int32_t, 8>& word) {
  auto& rows = tables[name];
  auto& patches = tables["patches"];
  bool is_there = false;
  for (size_t at = 0; at < rows.size(); at += 8) {
    if (rows[at] != op) continue;
    is_there = true;
    std::copy(word.begin(), word.end(), rows.begin() + static_cast<std::ptrdiff_t>(at));
    for (size_t p = 0; p < patches.size(); p += 4) {
      const auto cell = static_cast<size_t>(patches[p + 2]);
      if (patches[p + 1] != table_id || cell / 8 != at / 8) continue;
      std::fill_n(tables["patch_values"].begin() + patches[p + 3], tables["params"][static_cast<size_t>(patches[p]) * 4], word[cell % 8]);
    }
  }
  return is_there;
}

TEST(every_effect_changes_something) {
  constexpr std::array<int32_t, 8> kAddsNothing{0, 0, 0, 0, 0, 0, 0, -1};
  for (int op = 0; op < static_cast<int>(colony::EffectOp::kCount); ++op) {
    expect_change("effect " + std::to_string(op), [&](RawTables& tables) { return replace_words(tables, "effects", 4, op, kAddsNothing); });
  }
}

TEST(every_filter_is_now_true_now_false) {
  for (int op = 0; op < static_cast<int>(colony::FilterOp::kCount); ++op) {
    for (const int negate : {0, 1}) {
      const std::array<int32_t, 8> constant{0, 0, 0, 0, -2147483647 - 1, 0, 0, negate};
      expect_change("filter " + std::to_string(op) + (negate != 0 ? " is true" : " is false"),
                    [&](RawTables& tables) { return replace_words(tables, "filters", 3, op, constant); });
    }
  }
}

// Sets a column of a table. False if that changes nothing.
bool set_column(RawTables& tables, const char* name, int columns, int column, int value) {
  bool is_changed = false;
  auto& values = tables[name];
  for (size_t at = static_cast<size_t>(column); at < values.size(); at += static_cast<size_t>(columns)) {
    is_changed |= values[at] != value;
    values[at] = value;
  }
  return is_changed;
}

// Removes the rows with a value in a column. False if there are none.
bool remove_rows(RawTables& tables, const char* name, int columns, int column, int value) {
  auto& values = tables[name];
  std::vector<int32_t> rest;
  for (size_t at = 0; at < values.size(); at += static_cast<size_t>(columns)) {
    const auto row = values.begin() + static_cast<std::ptrdiff_t>(at);
    if (row[column] != value) rest.insert(rest.end(), row, row + columns);
  }
  std::swap(values, rest);
  return values.size() != rest.size();
}

bool clear(RawTables& tables, const char* name) {
  const bool is_changed = !tables[name].empty();
  tables[name].clear();
  return is_changed;
}

TEST(every_feature_changes_something) {
  expect_change("sight", [](RawTables& t) { return set_column(t, "sizes", 19, 17, -1); });
  expect_change("bodies that are drawn", [](RawTables& t) { return set_column(t, "sizes", 19, 18, 0); });
  expect_change("groups", [](RawTables& t) { return (clear(t, "kinship_groups"), set_column(t, "sizes", 19, 16, -1)); });
  expect_change("what is told of the world", [](RawTables& t) { return clear(t, "world_tokens"); });
  expect_change("what is told of the group", [](RawTables& t) { return clear(t, "group_tokens"); });
  expect_change("kinship that shows", [](RawTables& t) { return set_column(t, "global_features", 5, 3, -1); });
  expect_change("mates that show", [](RawTables& t) { return set_column(t, "global_features", 5, 4, -1); });
  expect_change("ground that shows", [](RawTables& t) { return set_column(t, "grounds", 3, 0, -1); });
  expect_change("ground that hides", [](RawTables& t) { return set_column(t, "grounds", 3, 2, 0); });
  expect_change("traces that show", [](RawTables& t) { return set_column(t, "trace_features", 1, 0, -1); });
  expect_change("numbers that show", [](RawTables& t) { return set_column(t, "params", 4, 1, -1); });
  expect_change("genes", [](RawTables& t) { return clear(t, "genes"); });
  expect_change("mutations", [](RawTables& t) { return set_column(t, "genes", 3, 1, 0); });
  expect_change("kinds in reach", [](RawTables& t) { return set_column(t, "reaches", 6, 0, -1); });
  expect_change("variables in reach", [](RawTables& t) { return set_column(t, "reaches", 6, 2, -1); });
  expect_change("equal values in reach", [](RawTables& t) { return set_column(t, "reaches", 6, 3, 0); });
  expect_change("the same values in reach", [](RawTables& t) { return set_column(t, "reaches", 6, 5, -1); });
  expect_change("groups that kinship deals", [](RawTables& t) { return clear(t, "kinship_groups"); });
  for (const int column : {2, 3, 4}) {  // symmetric, shuffled, noisy
    expect_change("kinship column " + std::to_string(column), [&](RawTables& t) { return set_column(t, "kinship", 7, column, 0); });
  }
  for (int mode = 0; mode < static_cast<int>(colony::SharingMode::kCount); ++mode) {
    expect_change("sharing " + std::to_string(mode), [&](RawTables& t) { return remove_rows(t, "sharing", 6, 0, mode); });
  }
  for (int table = 0; table < static_cast<int>(colony::PatchTable::kCount); ++table) {
    expect_change("patches of table " + std::to_string(table), [&](RawTables& t) { return remove_rows(t, "patches", 4, 1, table); });
  }
}

// What happens over all random games.
struct Counts {
  int64_t deaths, births, reborn, bonds, partings, ended, truncated, dropped, moves, traces, faded, laid, differing;
};

class Watcher {
 public:
  explicit Watcher(uint64_t seed) : seed_(seed), batch_(make_batch(random_game(seed), 2, 1)), w_(batch_.game().t, batch_.block(0)) {}

  void play(Counts& counts) {
    batch_.reset(seed_, counting_streams(2), false);
    const colony::World other(w_.t, batch_.block(1));
    counts.differing += !std::equal(w_.param_choices, w_.param_choices + w_.t.params.size(), other.param_choices);
    for (uint64_t step = 0; step < kNumSteps; ++step) {
      look();
      script_actions(batch_, seed_, step, counting_streams(2));
      batch_.step();
      compare(counts);
    }
    counts.dropped += batch_.tokens_dropped(0);
  }

 private:
  void look() {
    const auto agents = static_cast<size_t>(w_.t.num_agents), cells = static_cast<size_t>(w_.t.height * w_.t.width);
    kinds_.assign(w_.kinds, w_.kinds + agents);
    left_.assign(w_.left_ticks, w_.left_ticks + agents);
    partners_.assign(w_.partners, w_.partners + agents);
    places_.assign(w_.places, w_.places + agents);
    ground_.assign(w_.ground, w_.ground + (w_.t.has_ground() ? cells : 0));
    ends_.assign(w_.trace_ends, w_.trace_ends + (w_.t.has_traces() ? cells : 0));
  }

  void compare(Counts& counts) {
    const auto agents = static_cast<size_t>(w_.t.num_agents);
    counts.deaths += std::count(batch_.arrays().terminated.begin(), batch_.arrays().terminated.begin() + agents, 1);
    counts.truncated += std::count(batch_.arrays().truncated.begin(), batch_.arrays().truncated.begin() + agents, 1);
    counts.ended += batch_.arrays().episode_ended[0];
    if (batch_.arrays().episode_ended[0] != 0) return;
    for (size_t a = 0; a < agents; ++a) {
      const bool is_born = kinds_[a] == 0 && w_.kinds[a] != 0;
      counts.births += is_born;
      counts.reborn += is_born && left_[a] > 0;
      counts.bonds += w_.partners[a] != 0 && partners_[a] != w_.partners[a];
      counts.partings += partners_[a] != 0 && w_.partners[a] == 0;
      counts.moves += kinds_[a] != 0 && w_.kinds[a] != 0 && (places_[a].row != w_.places[a].row || places_[a].col != w_.places[a].col);
    }
    for (size_t cell = 0; cell < ground_.size(); ++cell) counts.laid += ground_[cell] != w_.ground[cell];
    for (size_t cell = 0; cell < ends_.size(); ++cell) {
      counts.traces += w_.trace_ends[cell] > ends_[cell];
      counts.faded += w_.traces[cell] != 0 && w_.trace_ends[cell] == w_.header.tick;
    }
  }

  const uint64_t seed_;
  ColonyBatch batch_;
  const colony::World w_;
  std::vector<uint8_t> kinds_, ground_;
  std::vector<uint16_t> partners_;
  std::vector<uint32_t> left_, ends_;
  std::vector<colony::Place> places_;
};

TEST(random_games_are_lively) {
  Counts counts{};
  for (uint64_t seed = 0; seed < (kIsDebugBuild ? 100 : kNumGames); ++seed) Watcher(seed).play(counts);
  const int64_t few = kIsDebugBuild ? 2 : 40, many = kIsDebugBuild ? 20 : 400;
  CHECK(counts.deaths > many);
  CHECK(counts.births > many);
  CHECK(counts.reborn > few);
  CHECK(counts.bonds > 5 * few);
  CHECK(counts.partings > few);
  CHECK(counts.ended > few);
  CHECK(counts.truncated > many);
  CHECK(counts.dropped > 1000);
  CHECK(counts.moves > many);
  CHECK(counts.traces > many);
  CHECK(counts.faded > few);
  CHECK(counts.laid > many);
  CHECK(counts.differing > few);
}

// Every cell of the tables that can vary does so in some game.
TEST(every_number_varies_in_some_game) {
  std::set<std::pair<int, int>> seen;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    const auto game = random_game(seed);
    const auto& patches = game.tables.at("patches");
    for (size_t at = 0; at < patches.size(); at += 4) {
      const bool is_word = patches[at + 1] == 3 || patches[at + 1] == 4;
      seen.insert({patches[at + 1], is_word ? patches[at + 2] % 8 : 0});
    }
  }
  CHECK_EQ(seen.size(), 5u + 2u * 5u);
}

}  // namespace
}  // namespace metta
