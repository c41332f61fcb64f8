// Every entry of the tables has limits: what lies on them is taken, what lies beyond is refused with a message.
#include <limits>

#include "hand_game.hpp"

namespace metta {
namespace {

constexpr int kNumVariables = 3, kNumAgents = 2, kNumKinds = 6, kNumFeatures = 200, kNumStats = 8;

// A little of everything, so that every table has rows.
colony::RawTables full_tables() {
  HandGame game({"@@a", "..."}, kNumAgents);
  const int wood = game.add_variable(100, 5), team = game.add_variable(9, 0);
  game.sizes = {{13, 2}, {14, 3}, {15, 2}, {16, team}, {17, wood}};
  game.tables["body_draws"] = {0, 0};
  game.tables["grounds"] = {-1, 1, 0, 3, 2, 1};
  game.tables["trace_features"] = {-1, 4};
  game.tables["global_features"] = {0, 1, 2, 5, 6};
  game.tables["world_tokens"] = {wood, 7, 1, 0};
  game.tables["group_tokens"] = {wood, 8, 1, 0};
  game.tables["reaches"] = {1, 2, wood, 0, 3, team};
  game.tables["kinship"] = {1, 1, 1, 1, 1, 0, 0};
  game.tables["kinship_templates"] = {240, 120, 120, 240};
  game.tables["kinship_values"] = {1, 2};
  game.tables["kinship_noise"] = {-3, 3};
  game.tables["kinship_groups"] = {1, 2};
  game.tables["sharing"] = {0,  1000, -1, 0, 0, 1,  1, 1000, team, 0, -1,  -1,   2, 5, -1,
                            60, -1,   -1, 3, 9, -1, 0, -1,   -1,   4, 500, wood, 7, 2, 3};
  game.tables["genes"] = {wood, 5000, 2};
  game.tables["params"] = {2, 9, 0, 0};
  game.tables["param_tokens"] = {1, 2};
  game.tables["patches"] = {0, 0, 1, 0};
  game.tables["patch_values"] = {2, 3};
  return game.write().tables;
}

std::string message_of(const colony::RawTables& tables) {
  try {
    const colony::Tables t(tables);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

void check_taken(const std::string& message) {
  if (!message.empty()) check::fail(__FILE__, __LINE__, "refused: " + message);
}

struct Limits {
  const char* table;
  size_t index;
  int low, high;
  const char* named;  // what the message must name; nullptr: the table
};

void check_limits(const colony::RawTables& tables, const Limits& limits) {
  check::context() = std::string(limits.table) + "[" + std::to_string(limits.index) + "]";
  const auto message_with = [&](int64_t value) {
    colony::RawTables changed = tables;
    changed.at(limits.table).at(limits.index) = static_cast<int32_t>(value);
    return message_of(changed);
  };
  const std::string named = limits.named == nullptr ? limits.table : limits.named;
  const auto refuses = [&](int64_t value) { CHECK(message_with(value).find(named) != std::string::npos); };
  check_taken(message_with(limits.high));
  check_taken(message_with(limits.low));
  refuses(int64_t{limits.low} - 1);
  refuses(int64_t{limits.high} + 1);
  refuses(std::numeric_limits<int32_t>::max());
  refuses(std::numeric_limits<int32_t>::min());
}

TEST(every_entry_of_the_society_has_limits) {
  const colony::RawTables tables = full_tables();
  check_taken(message_of(tables));
  const Limits all[] = {
      {"sizes", 12, 1, kNumAgents, "num_initial_agents"},
      {"sizes", 13, 2, kNumKinds - 1, "world"},
      {"sizes", 14, 2, kNumKinds - 1, "group"},
      {"sizes", 15, 0, 13, "m"},  // as many as there is room for
      {"sizes", 16, 0, kNumVariables - 1, "group_variable"},
      {"sizes", 17, -1, kNumVariables - 1, "sight_variable"},
      {"body_draws", 1, 0, 0, nullptr},
      {"grounds", 3, -1, kNumFeatures - 1, nullptr},
      {"grounds", 4, 1, 255, nullptr},
      {"trace_features", 1, -1, kNumFeatures - 1, nullptr},
      {"global_features", 3, -1, kNumFeatures - 1, nullptr},
      {"global_features", 4, -1, kNumFeatures - 1, nullptr},
      {"world_tokens", 0, -1, kNumVariables - 1, nullptr},
      {"world_tokens", 1, 0, kNumFeatures - 1, nullptr},
      {"group_tokens", 2, 1, 1 << 20, nullptr},
      {"group_tokens", 3, -(1 << 20), 1 << 20, nullptr},
      {"reaches", 0, -1, kNumKinds - 1, nullptr},
      {"reaches", 1, 0, 64, nullptr},
      {"reaches", 2, -1, kNumVariables - 1, nullptr},
      {"reaches", 5, -1, kNumVariables - 1, nullptr},
      {"kinship", 0, 1, 1, "kinship"},  // templates: those have groups
      {"kinship", 1, 1, 1, "kinship_templates"},
      {"kinship", 4, 0, 2, nullptr},
      {"kinship_templates", 1, 0, 240, nullptr},
      {"kinship_values", 1, 0, 240, nullptr},
      {"kinship_noise", 1, -240, 240, nullptr},
      {"kinship_groups", 1, 0, 32767, nullptr},
      {"sharing", 1, 0, 65536, nullptr},
      {"sharing", 2, -1, kNumVariables - 1, nullptr},
      {"sharing", 4, -1, kNumStats - 1, nullptr},
      {"sharing", 5, -1, kNumStats - 1, nullptr},
      {"sharing", 6 + 2, 0, kNumVariables - 1, nullptr},
      {"sharing", 12 + 3, 0, 240, nullptr},
      {"sharing", 18 + 0, 0, 3, nullptr},
      {"sharing", 24 + 1, 0, 1000000, nullptr},
      {"sharing", 24 + 2, 0, kNumVariables - 1, nullptr},
      {"sharing", 24 + 3, 1, 1 << 30, nullptr},
      {"genes", 0, 0, kNumVariables - 1, nullptr},
      {"genes", 1, 0, 65536, nullptr},
      {"genes", 2, 0, 32767, nullptr},
      {"params", 0, 1, 2, nullptr},
      {"params", 1, -1, kNumFeatures - 1, nullptr},
      {"params", 2, 0, 0, nullptr},
      {"param_tokens", 1, 0, 255, nullptr},
      {"patches", 0, 0, 0, nullptr},
      {"patches", 2, 0, kNumVariables - 1, nullptr},
      {"patches", 3, 0, 0, nullptr},
  };
  for (const Limits& limits : all) check_limits(tables, limits);
}

// What a kind of word asks of a column.
struct WordLimits {
  int op, column, low, high;
};

void check_words(const char* table, Word word, const std::vector<WordLimits>& all) {
  for (const WordLimits& limits : all) {
    colony::RawTables tables = full_tables();
    Word row = word;
    row[0] = limits.op;
    if (std::string(table) == "effects" && limits.op == static_cast<int>(EffectOp::kGather)) row[7] = 0;
    auto& rows = tables[table];
    rows.insert(rows.end(), row.begin(), row.end());
    check::context() = "op " + std::to_string(limits.op);
    check_limits(tables, {table, rows.size() - 8 + static_cast<size_t>(limits.column), limits.low, limits.high, nullptr});
  }
}

TEST(every_filter_has_limits) {
  const auto op = [](FilterOp which) { return static_cast<int>(which); };
  std::vector<WordLimits> all;
  for (int which = 0; which < op(FilterOp::kCount); ++which) {
    all.push_back({which, 1, 0, 3});
    const bool needs_variable = which <= op(FilterOp::kSame) || which == op(FilterOp::kTotal);
    all.push_back({which, 2, needs_variable ? 0 : -1, kNumVariables - 1});
    if (which != op(FilterOp::kEvery)) all.push_back({which, 3, 0, 6});
  }
  all.push_back({op(FilterOp::kAtLeast), 0, 0, op(FilterOp::kCount) - 1});
  all.push_back({op(FilterOp::kEvery), 3, 0, 0});
  all.push_back({op(FilterOp::kNearby), 5, 0, 0});
  all.push_back({op(FilterOp::kTotal), 5, 0, 0});
  all.push_back({op(FilterOp::kCompare), 5, 0, 6});
  all.push_back({op(FilterOp::kOnGround), 5, 0, 1});
  all.push_back({op(FilterOp::kOnTrace), 5, 0, 1});
  // Nothing is read by numbers that are out of reach: variables and traits in operands.
  check_words("filters", {0, 0, 0, 0, 1, 0, 0, 0}, {{op(FilterOp::kAtLeast), 2, 0, kNumVariables - 1}});
  check_words("filters", {0, 0, 0, 3, 0, 0, 0, 0}, {{op(FilterOp::kAtLeast), 4, 0, kNumVariables - 1}});
  check_words("filters", {0, 0, 0, 6, 0, 0, 0, 0}, {{op(FilterOp::kCourted), 4, 0, kNumVariables - 1}});
  check_words("filters", {0, 0, 0, 2, 0, 0, 0, 0}, {{op(FilterOp::kAtLeast), 4, 0, 0}});
  check_words("filters", {0, 0, 0, 0, 1, 5, 0, 0}, {{op(FilterOp::kCompare), 6, 0, kNumVariables - 1}});
  for (auto& limits : all) {
    // Modes read the first variable or trait; the period of "every" is at least 1.
    const Word word = limits.op == op(FilterOp::kEvery) ? Word{0, 0, 0, 0, 1, 0, 0, 0} : Word{0, 0, 0, 0, 0, 0, 0, 0};
    if (limits.column == 0) check_words("filters", {0, 0, 0, 0, 1, 0, 0, 0}, {limits});
    else check_words("filters", word, {limits});
  }
}

TEST(every_effect_has_limits) {
  const auto op = [](EffectOp which) { return static_cast<int>(which); };
  std::vector<WordLimits> all;
  for (const EffectOp which :
       {EffectOp::kAdd, EffectOp::kSet, EffectOp::kRemove, EffectOp::kReward, EffectOp::kCount_, EffectOp::kProfile}) {
    all.push_back({op(which), 7, -1, 0});
  }
  for (const EffectOp which : {EffectOp::kMove, EffectOp::kStep, EffectOp::kSwap, EffectOp::kPush, EffectOp::kCourt, EffectOp::kBond,
                               EffectOp::kPart, EffectOp::kBirth, EffectOp::kKinship, EffectOp::kLay, EffectOp::kTrace}) {
    all.push_back({op(which), 7, -1, -1});
    all.push_back({op(which), 1, 0, 3});
    all.push_back({op(which), 3, 0, 6});
  }
  all.push_back({op(EffectOp::kAdd), 2, 0, kNumVariables - 1});
  all.push_back({op(EffectOp::kGather), 2, 0, kNumVariables - 1});
  all.push_back({op(EffectOp::kGather), 7, 0, 0});
  all.push_back({op(EffectOp::kTrace), 2, -1, kNumVariables - 1});
  all.push_back({op(EffectOp::kMove), 5, 0, 3});
  all.push_back({op(EffectOp::kCount_), 5, 0, kNumStats - 1});
  all.push_back({op(EffectOp::kProfile), 5, 0, 0});
  all.push_back({op(EffectOp::kLay), 5, 0, 1});
  all.push_back({op(EffectOp::kTrace), 5, 0, 1});
  check_words("effects", {0, 0, 0, 0, 0, 0, 0, -1}, all);
  check_words("effects", {0, 0, 0, 0, 0, 2, 0, -1},
              {{op(EffectOp::kSpawn), 5, 2, kNumKinds - 1}, {op(EffectOp::kSpawn), 6, 0, 2}, {op(EffectOp::kBecome), 5, 2, kNumKinds - 1}});
}

// A game with one patch of a cell, whose second value is tried.
colony::RawTables with_patch(colony::PatchTable table, int cell, int value) {
  colony::RawTables tables = full_tables();
  const Word every{static_cast<int>(FilterOp::kEvery), 0, 0, 0, 5, 0, 0, 0};
  Word compare = filter(FilterOp::kCompare, Who::kActor, 0, 1, static_cast<int>(OperandMode::kActorVariable));
  compare[6] = 0;
  for (const Word& word : {filter(FilterOp::kAtLeast, Who::kActor, 1, 3), every, compare}) {
    tables["filters"].insert(tables["filters"].end(), word.begin(), word.end());
  }
  const Word add = effect(EffectOp::kAdd, Who::kActor, 1, 3);
  tables["effects"].insert(tables["effects"].end(), add.begin(), add.end());
  tables["patches"] = {0, static_cast<int>(table), cell, 0};
  tables["patch_values"] = {value, value};
  return tables;
}

TEST(numbers_that_vary_stay_within_the_limits_of_their_cells) {
  using colony::PatchTable;
  const struct {
    PatchTable table;
    int cell, low, high;
  } all[] = {
      {PatchTable::kCap, 0, 0, 3},
      {PatchTable::kCap, 1, 0, 32767},
      {PatchTable::kInitial, 0, 0, 3},
      {PatchTable::kInitial, 2, 0, 32767},
      {PatchTable::kAgentInitial, 4, -1, 32767},
      {PatchTable::kMaxSteps, 0, 1, 1000},
      {PatchTable::kFilter, 2, 0, kNumVariables - 1},
      {PatchTable::kEffect, 2, 0, kNumVariables - 1},
      {PatchTable::kEffect, 7, -1, 0},
      {PatchTable::kFilter, 16 + 6, 0, kNumVariables - 1},
  };
  for (const auto& limits : all) {
    check::context() = "table " + std::to_string(static_cast<int>(limits.table)) + " cell " + std::to_string(limits.cell);
    for (const int value : {limits.low, limits.high}) check_taken(message_of(with_patch(limits.table, limits.cell, value)));
    for (const int value : {limits.low - 1, limits.high + 1, 2147483647, -2147483647 - 1}) {
      CHECK(message_of(with_patch(limits.table, limits.cell, value)).find("patches row 0") != std::string::npos);
    }
  }
  CHECK(message_of(with_patch(PatchTable::kFilter, 8 + 4, 0)).find("period") != std::string::npos);
  check_taken(message_of(with_patch(PatchTable::kTrait, 0, -2147483647 - 1)));
}

TEST(what_a_word_is_does_not_vary) {
  for (const auto table : {colony::PatchTable::kFilter, colony::PatchTable::kEffect}) {
    for (const int column : {0, 1, 3}) CHECK(message_of(with_patch(table, column, 0)).find("cannot vary") != std::string::npos);
  }
  // Where the left number of a comparison comes from, together with a number that fits another place, would read anywhere.
  CHECK(message_of(with_patch(colony::PatchTable::kFilter, 16 + 5, 0)).find("cannot vary") != std::string::npos);
}

TEST(what_is_missing_is_said) {
  const auto without = [](const char* table) {
    colony::RawTables tables = full_tables();
    tables[table].clear();
    return message_of(tables);
  };
  CHECK(without("grounds").find("number of grounds") != std::string::npos);
  CHECK(without("trace_features").find("number of traces") != std::string::npos);
  CHECK(without("kinship").find("kinship") != std::string::npos);
  CHECK(without("kinship_templates").find("kinship_templates") != std::string::npos);
  CHECK(without("kinship_noise").find("kinship_noise") != std::string::npos);
  CHECK(without("params").find("param is 0") != std::string::npos);
  CHECK(without("param_tokens").find("tokens") != std::string::npos);
  CHECK(without("patch_values").find("values") != std::string::npos);
  for (const char* table : {"body_draws", "kinship_values", "kinship_groups", "sharing", "genes", "reaches", "world_tokens"}) {
    check_taken(without(table));
  }
}

TEST(features_that_need_others_say_so) {
  const auto with = [](std::initializer_list<std::tuple<const char*, size_t, int>> changes) {
    colony::RawTables tables = full_tables();
    for (const auto& [table, index, value] : changes) tables.at(table).at(index) = value;
    if (tables["kinship"][0] == 0) tables["kinship_groups"].clear();
    return message_of(tables);
  };
  CHECK(with({{"kinship", 0, 0}}).find("shows kinship, and there is none") != std::string::npos);
  CHECK(with({{"kinship", 0, 0}, {"global_features", 3, -1}}).find("sharing row 0 shares by kinship") != std::string::npos);
  CHECK(with({{"sizes", 16, -1}}).find("group_variable") != std::string::npos);
  CHECK(with({{"sizes", 14, -1}}).find("num_groups") != std::string::npos);
}

TEST(a_condition_may_not_look_at_a_target) {
  const Word allowed[] = {filter(FilterOp::kBonded, Who::kActor, -1, 0), filter(FilterOp::kOnGround, Who::kActor, -1, 0, 1),
                          filter(FilterOp::kCanBear, Who::kActor, -1, 0), filter(FilterOp::kAtLeast, Who::kGroup, 1, 0)};
  Word compare = filter(FilterOp::kCompare, Who::kActor, -1, 0, static_cast<int>(OperandMode::kTargetVariable));
  compare[6] = 0;
  const Word refused[] = {filter(FilterOp::kRelated, Who::kActor, -1, 0),
                          filter(FilterOp::kMates, Who::kActor, -1, 0),
                          filter(FilterOp::kCourted, Who::kActor, -1, 0),
                          filter(FilterOp::kChance, Who::kActor, -1, 0),
                          filter(FilterOp::kOnTrace, Who::kTarget, -1, 0, 1),
                          filter(FilterOp::kSame, Who::kActor, 1, 0),
                          compare};
  const auto message_with = [](const Word& word) {
    colony::RawTables tables = full_tables();
    tables["conditions"].push_back(static_cast<int32_t>(tables["filters"].size()) / 8);
    tables["filters"].insert(tables["filters"].end(), word.begin(), word.end());
    return message_of(tables);
  };
  for (const Word& word : allowed) check_taken(message_with(word));
  for (const Word& word : refused) CHECK(message_with(word).find("condition") != std::string::npos);
}

TEST(kinship_of_very_many_is_refused) {
  HandGame game({"@"}, 8193);
  game.tables["kinship"] = {2, 0, 0, 0, 0, 0, 0};
  game.tables["kinship_values"] = {1};
  CHECK(message_of(game.write().tables).find("num_agents of a game with kinship is 8193, must lie in 1..8192") != std::string::npos);
}

}  // namespace
}  // namespace metta
