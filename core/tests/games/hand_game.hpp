// Tiny games written by hand, for tests that know what must come out.
#pragma once

#include <array>
#include <string>

#include "colony/rules.hpp"
#include "runner.hpp"

namespace metta {

using colony::EffectOp;
using colony::FilterOp;
using colony::OperandMode;
using colony::Who;

using Word = std::array<int32_t, 8>;  // a row of filters or effects

inline Word filter(FilterOp op, Who who, int variable, int amount, int extra1 = -1, int negate = 0) {
  return {static_cast<int32_t>(op), static_cast<int32_t>(who), variable, 0, amount, extra1, -1, negate};
}

inline Word effect(EffectOp op, Who who, int variable, int amount, int extra1 = 0, int extra2 = 0, int reach = -1) {
  return {static_cast<int32_t>(op), static_cast<int32_t>(who), variable, 0, amount, extra1, extra2, reach};
}

// The same word with another source of its number.
inline Word with_operand(Word word, OperandMode mode, int index) {
  word[3] = static_cast<int32_t>(mode);
  word[4] = index;
  return word;
}

// One body for all, no features but those that a test asks for, action 0 does nothing.
class HandGame {
 public:
  // '@' is an agent (numbered in reading order), '.' an empty cell, 'a', 'b' ... are kinds 2, 3 ...; the game has `num_agents` slots.
  HandGame(std::vector<std::string> map, int num_agents) : map_(std::move(map)), num_agents_(num_agents) {
    add_variable(3, 0);  // heading
    add_action(colony::Selector::kSelf, 0, 0, add_rule({}, {}));
  }

  // Column values of `sizes` that differ from the usual ones, and whole tables: a test may set them before `write`.
  std::map<int, int32_t> sizes;
  colony::RawTables tables;

  int add_variable(int cap, int initial, bool is_countdown = false) {
    caps_.push_back(cap);
    initials_.push_back(initial);
    tables["var_countdown"].push_back(is_countdown);
    return static_cast<int>(caps_.size()) - 1;
  }

  int add_rule(const std::vector<Word>& filters, const std::vector<Word>& effects) {
    const auto num_rows = [this](const char* name) { return static_cast<int32_t>(tables[name].size()) / 8; };
    append("rules", {num_rows("filters"), static_cast<int32_t>(filters.size()), num_rows("effects"), static_cast<int32_t>(effects.size())});
    for (const Word& word : filters) tables["filters"].insert(tables["filters"].end(), word.begin(), word.end());
    for (const Word& word : effects) tables["effects"].insert(tables["effects"].end(), word.begin(), word.end());
    return static_cast<int>(tables["rules"].size()) / 4 - 1;
  }

  // Returns the action's number; `rule` is tried whatever is met.
  int add_action(colony::Selector selector, int forward_or_direction, int right, int rule, int condition = -1) {
    append("actions", {static_cast<int32_t>(selector), forward_or_direction, right});
    append("action_costs", {0, 0});
    append("action_stats", {-1, -1});
    append("last_action_features", {-1});
    if (condition >= 0) append("action_conditions", {condition});
    rules_of_actions_.push_back(rule);
    conditions_end_.push_back(static_cast<int32_t>(tables["action_conditions"].size()));
    return static_cast<int>(rules_of_actions_.size()) - 1;
  }
  int add_action_on_self(int rule, int condition = -1) { return add_action(colony::Selector::kSelf, 0, 0, rule, condition); }
  int add_action_to_east(int rule, int condition = -1) { return add_action(colony::Selector::kAbsolute, 1, 0, rule, condition); }

  // A filter that actions can need; returns its number.
  int add_condition(const Word& word) {
    append("conditions", {static_cast<int32_t>(tables["filters"].size()) / 8});
    tables["filters"].insert(tables["filters"].end(), word.begin(), word.end());
    return static_cast<int>(tables["conditions"].size()) - 1;
  }

  void add_step_rule(int kind, int rule) { step_rules_[kind] = rule; }
  void append(const char* name, std::initializer_list<int32_t> values) {
    tables[name].insert(tables[name].end(), values.begin(), values.end());
  }

  RandomGame write() const {
    RandomGame game{tables, cells()};
    fill(game.tables, game.maps);
    return game;
  }

 private:
  static constexpr int kNumKinds = 6;
  static constexpr int kNumFeatures = 200;

  std::vector<int32_t> cells() const {
    std::vector<int32_t> cells;
    for (const std::string& row : map_) {
      for (const char mark : row) cells.push_back(mark == '@' ? colony::kAgentKind : mark == '.' ? colony::kEmptyKind : mark - 'a' + 2);
    }
    return cells;
  }

  void fill(colony::RawTables& t, const std::vector<int32_t>& cells) const {
    const auto num_initial = static_cast<int32_t>(std::count(cells.begin(), cells.end(), colony::kAgentKind));
    const auto area = static_cast<int32_t>(cells.size()), height = static_cast<int32_t>(map_.size());
    t["sizes"] = {
        num_agents_, height, area / height, num_agents_ + area + 8, 1000, 60, 7, 7, 0, kNumFeatures, 8, 0, num_initial, -1, -1, 0, -1,
        -1,          0};
    for (const auto& [column, value] : sizes) t["sizes"][static_cast<size_t>(column)] = value;
    const size_t variables = caps_.size(), agents = static_cast<size_t>(num_agents_), actions = rules_of_actions_.size();
    t["var_stat_gained"].assign(variables, -1);
    t["var_stat_lost"].assign(variables, -1);
    fill_once(t, "profile_cap", caps_);
    fill_once(t, "profile_initial", initials_);
    fill_once(t, "profile_trait", {0});
    fill_once(t, "profile_radius", {3});
    fill_once(t, "kind_profile", std::vector<int32_t>(kNumKinds, 0));
    fill_once(t, "agent_profile", std::vector<int32_t>(agents, 0));
    fill_once(t, "agent_initial", std::vector<int32_t>(agents * variables, -1));
    fill_once(t, "kind_tokens_begin", std::vector<int32_t>(kNumKinds + 1, 0));
    fill_once(t, "global_features", {-1, -1, -1, -1, -1});
    fill_once(t, "grounds", {-1, 1, 0});
    fill_once(t, "trace_features", {-1});
    fill_once(t, "kinship", {0, 0, 0, 0, 0, 0, 0});
    for (const char* name : {"kind_tokens",   "self_tokens",       "world_tokens",      "group_tokens",
                             "body_draws",    "reaches",           "filters",           "effects",
                             "conditions",    "action_conditions", "kinship_templates", "kinship_values",
                             "kinship_noise", "kinship_groups",    "sharing",           "genes",
                             "params",        "param_tokens",      "patches",           "patch_values"}) {
      t[name];
    }
    t["action_conditions_begin"] = {0};
    t["action_conditions_begin"].insert(t["action_conditions_begin"].end(), conditions_end_.begin(), conditions_end_.end());
    for (int kind = 0; kind < kNumKinds; ++kind) {
      const auto found = step_rules_.find(kind);
      t["step_rules"].push_back(found == step_rules_.end() ? 0 : found->second);
      t["step_rules"].push_back(found != step_rules_.end());
    }
    for (size_t action = 0; action < actions; ++action) {
      for (int kind = 0; kind < kNumKinds; ++kind) {
        t["action_rules"].push_back(rules_of_actions_[action]);
        t["action_rules"].push_back(1);
      }
    }
  }

  static void fill_once(colony::RawTables& t, const char* name, const std::vector<int32_t>& values) {
    if (t.count(name) == 0) t[name] = values;
  }

  const std::vector<std::string> map_;
  const int num_agents_;
  std::vector<int32_t> caps_, initials_, rules_of_actions_, conditions_end_;
  std::map<int, int> step_rules_;
};

// One world of a game by hand, and what is in it.
class HandWorld {
 public:
  explicit HandWorld(const HandGame& game, uint64_t seed = 0)
      : batch(make_batch(game.write(), 1, 1)), w((batch.reset(seed, counting_streams(1), false), batch.game().t), batch.block(0)) {}

  // One step; agents that are not named do nothing.
  void step(const std::vector<int32_t>& actions = {}) {
    auto& wanted = batch.arrays().actions;
    for (size_t agent = 0; agent < wanted.size(); ++agent) wanted[agent] = agent < actions.size() ? actions[agent] : colony::kNoop;
    batch.step();
  }
  void step_times(int count) {
    for (int i = 0; i < count; ++i) step();
  }

  // The value of the token of a feature that an agent sees, or -1. Where: row and column in its view, or kGlobalWhere.
  int seen(int agent, int feature, int where = -1) {
    const int num_tokens = batch.shape().num_tokens;
    const uint8_t* row = batch.arrays().observations.data() + static_cast<size_t>(agent * num_tokens) * kTokenBytes;
    for (int i = 0; i < num_tokens; ++i) {
      const uint8_t* token = row + static_cast<size_t>(i) * kTokenBytes;
      if (token[0] != kEmptyToken && token[1] == feature && (where < 0 || token[0] == where)) return token[2];
    }
    return -1;
  }

  bool is_possible(int agent, int action) {
    return batch.arrays().action_mask[static_cast<size_t>(agent * batch.shape().num_actions + action)] != 0;
  }
  bool has_terminated(int agent) { return batch.arrays().terminated[static_cast<size_t>(agent)] != 0; }
  bool is_shown_alive(int agent) { return batch.arrays().alive[static_cast<size_t>(agent)] != 0; }
  int kinship(int agent, int other) const { return w.kinship[agent * w.t.num_agents + other]; }

  ColonyBatch batch;
  const colony::World w;
};

}  // namespace metta
