// The rules of a random game: filters, effects, and what each action and each kind does.
#include <algorithm>

#include "game_writer.hpp"

namespace metta {

using colony::EffectOp;
using colony::FilterOp;
using colony::OperandMode;

namespace {

constexpr int kNoopRule = 0, kStepRule = 1;  // rules that every game has: nothing, and a step to the target
constexpr int kNumWho = static_cast<int>(colony::Who::kCount), kNumModes = static_cast<int>(OperandMode::kCount);

template <class Op>
bool is_any(Op op, std::initializer_list<Op> some) {
  return std::find(some.begin(), some.end(), op) != some.end();
}

}  // namespace

int GameWriter::random_operand(int mode) {
  const auto operand_mode = static_cast<OperandMode>(mode);
  if (operand_mode == OperandMode::kConstant) return random_number();
  return below(is_any(operand_mode, {OperandMode::kActorTrait, OperandMode::kTargetTrait}) ? num_traits_ : num_variables_);
}

// The numbers of a filter, whose op, object and mode of operand stand there already.
void GameWriter::fill_filter(Row& row) {
  const auto op = static_cast<FilterOp>(row[0]);
  const bool is_constant = row[3] == 0;
  row[2] = below(num_variables_);
  row[4] = random_operand(row[3]);
  if (op == FilterOp::kChance && is_constant) row[4] = dice_.pick<int>({0, 1000, 20000, 60000, 65536});
  if (op == FilterOp::kEvery) row[4] = dice_.between(1, 9);
  if (op == FilterOp::kEvery) row[5] = below(dice_.between(1, 9));
  if (is_any(op, {FilterOp::kNearby, FilterOp::kTotal})) row[5] = below(num_reaches_);
  if (op == FilterOp::kCompare) row[6] = random_operand(row[5]);
  if (op == FilterOp::kRelated && is_constant) row[4] = dice_.pick<int>({15, 30, 60, 120, 240, 241});
  if (op == FilterOp::kCourted && is_constant) row[4] = dice_.between(0, 12);
  if (op == FilterOp::kOnGround) row[5] = below(num_grounds_);
  if (op == FilterOp::kOnTrace) row[5] = below(num_traces_);
  row[7] = dice_.one_in(4);
}

void GameWriter::append_filter(FilterOp op, bool is_about_target) {
  const auto random_mode = [&] { return is_about_target ? below(kNumModes) : dice_.pick<int>({0, 0, 1, 3, 5, 6}); };
  Row row{static_cast<int32_t>(op), is_about_target ? below(kNumWho) : dice_.pick<int>({0, 0, 2, 3}), 0, random_mode(), 0, 0, 0, 0};
  if (op == FilterOp::kEvery || (op == FilterOp::kChance && !dice_.one_in(4))) row[3] = 0;
  if (op == FilterOp::kCompare) row[5] = random_mode();
  fill_filter(row);
  append("filters", row);
  ++num_filters_;
}

// First those that may be conditions of actions: not about a target.
void GameWriter::write_filters() {
  num_plain_filters_ = dice_.between(1, 20);
  for (int i = 0; i < num_plain_filters_; ++i) {
    append_filter(dice_.pick<FilterOp>({FilterOp::kAtLeast, FilterOp::kAtMost, FilterOp::kHasRoom, FilterOp::kEvery, FilterOp::kNearby,
                                        FilterOp::kTotal, FilterOp::kCompare, FilterOp::kBonded, FilterOp::kOnGround, FilterOp::kOnTrace,
                                        FilterOp::kCanBear}),
                  false);
  }
  for (int i = dice_.between(1, 30); i > 0; --i) append_filter(static_cast<FilterOp>(below(static_cast<int>(FilterOp::kCount))), true);
  for (int i = dice_.between(0, 20); i > 0; --i) append("conditions", {below(num_plain_filters_)});
  table("conditions");
}

// The numbers of an effect, whose op, object and mode of operand stand there already.
void GameWriter::fill_effect(Row& row) {
  const auto op = static_cast<EffectOp>(row[0]);
  const bool is_constant = row[3] == 0;
  row[2] = below(num_variables_);
  row[4] = random_operand(row[3]);
  if (op == EffectOp::kReward && is_constant && !dice_.one_in(4)) row[4] = dice_.pick<int>({1000, 777, -3000, 20011});
  if (op == EffectOp::kGather && is_constant) row[4] = dice_.between(0, 30);
  if (op == EffectOp::kTrace && is_constant) row[4] = dice_.between(0, 40);
  if (op == EffectOp::kKinship && is_constant) row[4] = dice_.between(-100, 250);
  if (is_any(op, {EffectOp::kSpawn, EffectOp::kBecome})) row[5] = dice_.between(2, num_kinds_ - 1);
  if (op == EffectOp::kSpawn) row[6] = below(static_cast<int>(colony::SpawnPlace::kCount));
  if (op == EffectOp::kMove) row[5] = below(kNumWho);
  if (op == EffectOp::kCount_) row[5] = below(num_stats_);
  if (op == EffectOp::kProfile) row[5] = below(num_profiles_);
  if (op == EffectOp::kLay) row[5] = below(num_grounds_);
  if (op == EffectOp::kTrace) row[5] = below(num_traces_);
  if (op == EffectOp::kBirth) row[5] = dice_.pick<int>({0, 6000, 65536});
  if (is_any(op, {EffectOp::kAdd, EffectOp::kKinship})) row[5] = below(2);
  if (op == EffectOp::kKinship) row[6] = below(2);
  const bool can_reach = is_any(
      op, {EffectOp::kAdd, EffectOp::kSet, EffectOp::kRemove, EffectOp::kBecome, EffectOp::kReward, EffectOp::kCount_, EffectOp::kProfile});
  row[7] = op == EffectOp::kGather ? below(num_reaches_) : can_reach && dice_.one_in(4) ? or_none(num_reaches_) : -1;
}

void GameWriter::append_effect(EffectOp op) {
  Row row{static_cast<int32_t>(op), below(kNumWho), 0, below(kNumModes), 0, 0, 0, 0};
  if (dice_.one_in(2)) row[3] = 0;
  if (dice_.one_in(2)) row[1] = below(2);
  fill_effect(row);
  append("effects", row);
  ++num_effects_;
}

bool GameWriter::is_possible(EffectOp op) {
  if (op == EffectOp::kSpawn || op == EffectOp::kBecome) return num_kinds_ > 2;
  if (op == EffectOp::kCount_) return num_stats_ > 0;
  if (op == EffectOp::kRemove) return lethality_ > 0 && dice_.one_in(lethality_);
  return true;
}

void GameWriter::write_effects() {
  append_effect(EffectOp::kStep);
  for (int i = dice_.between(1, 80); i > 0; --i) {
    const auto any = static_cast<EffectOp>(below(static_cast<int>(EffectOp::kCount)));
    const EffectOp op = dice_.one_in(6) ? dice_.pick<EffectOp>({EffectOp::kReward, EffectOp::kBond, EffectOp::kBirth}) : any;
    if (is_possible(op)) append_effect(op);
  }
}

// begin and count of some rows of a table of `size`
std::pair<int, int> GameWriter::random_range(int size, int most) {
  const int count = dice_.between(0, std::min(most, size));
  return {dice_.between(0, size - count), count};
}

void GameWriter::write_rules() {
  append("rules", {0, 0, 0, 0});
  append("rules", {0, 0, 0, 1});
  num_rules_ = 2;
  for (int i = dice_.between(0, 60); i > 0; --i, ++num_rules_) {
    const auto [filter, num_filters] = random_range(num_filters_, dice_.between(0, 3));
    const auto [effect, num_effects] = random_range(num_effects_, 5);
    append("rules", {filter, num_filters, effect, num_effects});
  }
  for (int k = 0; k < num_kinds_; ++k) {
    const auto [rule, count] = random_range(num_rules_, dice_.one_in(2) ? 3 : 0);
    append("step_rules", {rule, count});
  }
}

void GameWriter::write_actions() {
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

void GameWriter::write_action_rules() {
  for (int a = 0; a < num_actions_; ++a) {
    for (int k = 0; k < num_kinds_; ++k) {
      const auto [rule, count] = random_range(num_rules_, k == colony::kAgentKind ? 8 : 4);
      if (a == colony::kNoop) append("action_rules", {kNoopRule, 1});
      else if (k == colony::kEmptyKind && !dice_.one_in(3)) append("action_rules", {kStepRule, 1});
      else append("action_rules", {rule, count});
    }
  }
}

}  // namespace metta
