#include "random_game.hpp"

#include <algorithm>

#include "colony/rules.hpp"

namespace metta {

namespace {

using colony::EffectOp;
using colony::FilterOp;
using colony::OperandMode;

constexpr int kNoopRule = 0, kStepRule = 1;  // rules that every game has: nothing, and a step to the target

class GameWriter {
 public:
  explicit GameWriter(uint64_t seed) : dice_(seed) {}

  RandomGame write() {
    write_sizes();
    write_variables();
    write_bodies();
    write_tokens();
    write_filters();
    write_effects();
    write_rules();
    write_actions();
    write_action_rules();
    write_maps();
    return std::move(game_);
  }

 private:
  std::vector<int32_t>& table(const char* name) { return game_.tables[name]; }
  int below(int count) { return dice_.between(0, count - 1); }
  int or_none(int count) { return dice_.between(-1, count - 1); }

  void append(const char* name, std::initializer_list<int32_t> values) { table(name).insert(table(name).end(), values); }

  void write_sizes() {
    height_ = dice_.between(5, 40);
    width_ = dice_.between(5, 40);
    const int area = height_ * width_;
    num_agents_ = dice_.one_in(3) ? dice_.between(1, 3) : dice_.between(1, std::min(40, area / 2));
    num_objects_ = dice_.between(0, (area - num_agents_) * dice_.between(1, 6) / 10);
    const int max_objects = num_agents_ + num_objects_ + (dice_.one_in(3) ? 0 : dice_.between(1, 30));
    is_heading_up_ = dice_.one_in(2);
    const int view_height = 3 + 2 * below(7), view_width = is_heading_up_ ? view_height : 3 + 2 * below(7);
    view_ = std::max(view_height, view_width);
    num_features_ = dice_.between(1, 255);
    num_stats_ = dice_.between(0, 12);
    const int max_steps = dice_.one_in(4) ? dice_.between(1, 10) : dice_.between(10, 300);
    const int num_tokens = dice_.pick<int>({1, 2, 5, 10, 11, 12, 20, 40, 100, 200, 200});
    num_variables_ = dice_.between(1, 20);
    num_profiles_ = dice_.between(1, 5);
    num_kinds_ = dice_.between(2, 9);
    num_traits_ = dice_.between(1, 4);
    num_actions_ = dice_.between(1, 40);
    // In some games nobody ever leaves; in others agents die all the time.
    lethality_ = dice_.pick<int>({0, 0, 6, 1});
    append("sizes", {num_agents_, height_, width_, max_objects, max_steps, num_tokens, view_height, view_width, is_heading_up_,
                     num_features_, num_stats_, dice_.one_in(2)});
  }

  void write_variables() {
    for (int v = 0; v < num_variables_; ++v) {
      append("var_countdown", {dice_.one_in(4)});
      append("var_stat_gained", {or_none(num_stats_)});
      append("var_stat_lost", {or_none(num_stats_)});
    }
  }

  int random_cap(int variable) {
    if (variable == colony::kHeading) return dice_.one_in(5) ? below(4) : 3;
    return dice_.pick<int>({0, 1, 5, 100, 255, 256, 1000, 32767});
  }

  void write_bodies() {
    for (int p = 0; p < num_profiles_; ++p) {
      for (int v = 0; v < num_variables_; ++v) {
        append("profile_cap", {random_cap(v)});
        append("profile_initial", {dice_.pick<int>({0, 0, 1, 3, 100, 32767})});
      }
      for (int r = 0; r < num_traits_; ++r) append("profile_trait", {random_number()});
      append("profile_radius", {dice_.one_in(2) ? view_ / 2 : dice_.between(0, view_ / 2)});
    }
    for (int k = 0; k < num_kinds_; ++k) append("kind_profile", {below(num_profiles_)});
    for (int a = 0; a < num_agents_; ++a) {
      append("agent_profile", {below(num_profiles_)});
      for (int v = 0; v < num_variables_; ++v) append("agent_initial", {dice_.one_in(2) ? -1 : dice_.between(0, 400)});
    }
  }

  // Mostly small, sometimes as large as can be.
  int random_number() {
    if (dice_.one_in(30)) return dice_.pick<int>({2147483647, -2147483647 - 1, 65536, -65536});
    return dice_.one_in(5) ? dice_.between(-50, 400) : dice_.between(0, 5);
  }

  void append_token(const char* name, int variable) {
    const bool is_plain = variable == colony::kHeading && is_heading_up_;
    const int scale = is_plain ? 1 : dice_.pick<int>({1, 1, 1, 7, 100, 1 << 20});
    const int offset = is_plain ? 1 : variable < 0 ? dice_.between(0, 300) : dice_.pick<int>({0, 0, 1, 1, -3, -(1 << 20), 1 << 20});
    append(name, {variable, below(num_features_), scale, offset});
  }

  void write_tokens() {
    int begin = 0;
    for (int k = 0; k < num_kinds_; ++k) {
      append("kind_tokens_begin", {begin});
      const int count = dice_.between(0, 10);
      bool has_heading = false;
      for (int i = 0; i < count; ++i) {
        int variable = or_none(num_variables_);
        if (variable == colony::kHeading && has_heading) variable = -1;
        has_heading |= variable == colony::kHeading;
        append_token("kind_tokens", variable);
      }
      begin += count;
    }
    append("kind_tokens_begin", {begin});
    table("kind_tokens");
    table("self_tokens");
    for (int i = dice_.between(0, 14); i > 0; --i) append_token("self_tokens", or_none(num_variables_));
    append("global_features", {or_none(num_features_), or_none(num_features_), or_none(num_features_)});
    for (int a = 0; a < num_actions_; ++a) append("last_action_features", {or_none(num_features_)});
  }

  // mode and value
  std::pair<int, int> random_operand(bool is_about_target) {
    const int mode = is_about_target ? below(5) : dice_.pick<int>({0, 0, 1, 3});
    const bool is_trait = mode == 1 || mode == 2, is_constant = mode == 0;
    return {mode, is_constant ? random_number() : below(is_trait ? num_traits_ : num_variables_)};
  }

  void append_filter(FilterOp op, bool is_about_target) {
    auto [mode, value] = random_operand(is_about_target);
    const int who = is_about_target ? below(2) : 0;
    int variable = below(num_variables_), extra1 = 0, extra2 = 0;
    if (op == FilterOp::kChance) {
      mode = 0;
      value = dice_.pick<int>({0, 1000, 20000, 60000, 65536});
    } else if (op == FilterOp::kEvery) {
      mode = 0;
      value = dice_.between(1, 9);
      extra1 = below(value);
    } else if (op == FilterOp::kNearby) {
      variable = or_none(num_variables_);
      extra1 = or_none(num_kinds_);
      extra2 = dice_.between(0, 4);
    }
    append("filters", {static_cast<int32_t>(op), who, variable, mode, value, extra1, extra2, dice_.one_in(4)});
    ++num_filters_;
  }

  // First those that may be conditions of actions: about the actor only.
  void write_filters() {
    num_plain_filters_ = dice_.between(1, 20);
    for (int i = 0; i < num_plain_filters_; ++i) {
      append_filter(dice_.pick<FilterOp>({FilterOp::kAtLeast, FilterOp::kAtMost, FilterOp::kHasRoom, FilterOp::kEvery, FilterOp::kNearby}),
                    false);
    }
    for (int i = dice_.between(1, 30); i > 0; --i) append_filter(static_cast<FilterOp>(below(static_cast<int>(FilterOp::kCount))), true);
    for (int i = dice_.between(0, 20); i > 0; --i) append("conditions", {below(num_plain_filters_)});
    table("conditions");
  }

  void append_effect(EffectOp op) {
    const auto [mode, value] = random_operand(true);
    int extra1 = 0;
    if (op == EffectOp::kSpawn || op == EffectOp::kBecome) extra1 = dice_.between(2, num_kinds_ - 1);
    if (op == EffectOp::kCount_) extra1 = below(num_stats_);
    if (op == EffectOp::kProfile) extra1 = below(num_profiles_);
    if (op == EffectOp::kAdd) extra1 = below(2);
    append("effects", {static_cast<int32_t>(op), below(2), below(num_variables_), mode, value, extra1, 0});
    ++num_effects_;
  }

  bool is_possible(EffectOp op) {
    if (op == EffectOp::kSpawn || op == EffectOp::kBecome) return num_kinds_ > 2;
    if (op == EffectOp::kCount_) return num_stats_ > 0;
    if (op == EffectOp::kRemove) return lethality_ > 0 && dice_.one_in(lethality_);
    return true;
  }

  void write_effects() {
    append_effect(EffectOp::kStep);
    for (int i = dice_.between(1, 50); i > 0; --i) {
      const auto op = static_cast<EffectOp>(below(static_cast<int>(EffectOp::kCount)));
      if (is_possible(op)) append_effect(op);
    }
  }

  // begin and count of some rows of a table of `size`
  std::pair<int, int> random_range(int size, int most) {
    const int count = dice_.between(0, std::min(most, size));
    return {dice_.between(0, size - count), count};
  }

  void write_rules() {
    append("rules", {0, 0, 0, 0});
    append("rules", {0, 0, 0, 1});
    num_rules_ = 2;
    for (int i = dice_.between(0, 40); i > 0; --i, ++num_rules_) {
      const auto [filter, num_filters] = random_range(num_filters_, 3);
      const auto [effect, num_effects] = random_range(num_effects_, 4);
      append("rules", {filter, num_filters, effect, num_effects});
    }
    for (int k = 0; k < num_kinds_; ++k) {
      const auto [rule, count] = random_range(num_rules_, dice_.one_in(2) ? 3 : 0);
      append("step_rules", {rule, count});
    }
  }

  void write_actions() {
    const auto num_conditions = static_cast<int>(table("conditions").size());
    append("action_conditions_begin", {0});
    table("action_conditions");
    for (int a = 0; a < num_actions_; ++a) {
      const int selector = a == 0 ? 0 : below(3);
      append("actions", {selector, selector == 2 ? below(4) : dice_.between(-2, 4), dice_.between(-3, 3)});
      append("action_stats", {or_none(num_stats_), or_none(num_stats_)});
      const auto [cost, num_costs] = random_range(num_effects_, dice_.one_in(2) && a > 0 ? 2 : 0);
      append("action_costs", {cost, num_costs});
      const bool is_conditional = a > 0 && num_conditions > 0 && !dice_.one_in(3);
      for (int i = is_conditional ? dice_.between(1, 3) : 0; i > 0; --i) append("action_conditions", {below(num_conditions)});
      append("action_conditions_begin", {static_cast<int32_t>(table("action_conditions").size())});
    }
  }

  void write_action_rules() {
    for (int a = 0; a < num_actions_; ++a) {
      for (int k = 0; k < num_kinds_; ++k) {
        const auto [rule, count] = random_range(num_rules_, 4);
        if (a == colony::kNoop) append("action_rules", {kNoopRule, 1});
        else if (k == colony::kEmptyKind && !dice_.one_in(3)) append("action_rules", {kStepRule, 1});
        else append("action_rules", {rule, count});
      }
    }
  }

  void write_maps() {
    const int num_maps = dice_.between(1, 4), area = height_ * width_;
    for (int map = 0; map < num_maps; ++map) {
      std::vector<int32_t> cells(static_cast<size_t>(area), colony::kEmptyKind);
      std::fill_n(cells.begin(), num_agents_, colony::kAgentKind);
      const int num_objects = num_kinds_ > 2 ? dice_.between(0, num_objects_) : 0;
      for (int i = 0; i < num_objects; ++i) cells[static_cast<size_t>(num_agents_ + i)] = dice_.between(2, num_kinds_ - 1);
      for (int i = area - 1; i > 0; --i) std::swap(cells[static_cast<size_t>(i)], cells[static_cast<size_t>(below(i + 1))]);
      game_.maps.insert(game_.maps.end(), cells.begin(), cells.end());
    }
  }

  Dice dice_;
  RandomGame game_;
  int height_ = 0, width_ = 0, num_agents_ = 0, num_objects_ = 0, view_ = 0, num_features_ = 0, num_stats_ = 0, num_variables_ = 0;
  int num_profiles_ = 0, num_kinds_ = 0, num_traits_ = 0, num_actions_ = 0, lethality_ = 0;
  int num_filters_ = 0, num_plain_filters_ = 0, num_effects_ = 0, num_rules_ = 0;
  bool is_heading_up_ = false;
};

}  // namespace

RandomGame random_game(uint64_t seed) { return GameWriter(seed).write(); }

}  // namespace metta
