// What only some random games have: things without a place, ground, kinship, sharing, births, numbers that vary.
#include <algorithm>

#include "game_writer.hpp"

namespace metta {

using colony::PatchTable;

void GameWriter::write_placeless() {
  if (num_kinds_ > 2 && dice_.one_in(2)) world_kind_ = dice_.between(2, num_kinds_ - 1);
  if (num_kinds_ > 2 && dice_.one_in(2)) {
    group_kind_ = dice_.between(2, num_kinds_ - 1);
    num_groups_ = dice_.between(0, 4);
  }
  if (dice_.one_in(2)) group_variable_ = below(num_variables_);
  if (dice_.one_in(2)) sight_variable_ = below(num_variables_);
}

void GameWriter::write_ground() {
  num_grounds_ = dice_.one_in(2) ? 1 : dice_.between(2, 5);
  append("grounds", {-1, 1, dice_.one_in(10)});
  for (int i = 1; i < num_grounds_; ++i) append("grounds", {or_none(num_features_), dice_.between(1, 255), dice_.one_in(2)});
  num_traces_ = dice_.one_in(2) ? 1 : dice_.between(2, 4);
  append("trace_features", {-1});
  for (int i = 1; i < num_traces_; ++i) append("trace_features", {or_none(num_features_)});
}

void GameWriter::write_reaches() {
  table("reaches");
  num_reaches_ = dice_.between(1, 5);
  for (int i = 0; i < num_reaches_; ++i) {
    const int kind = dice_.pick<int>({-1, -1, colony::kAgentKind, below(num_kinds_)});
    const int variable = dice_.one_in(2) ? below(num_variables_) : -1, same = dice_.one_in(4) ? below(num_variables_) : -1;
    append("reaches", {kind, dice_.pick<int>({0, 1, 1, 2, 3, 5, 64}), variable, dice_.one_in(2), dice_.between(-1, 4), same});
  }
}

void GameWriter::write_templates(int num_templates) {
  const bool is_symmetric = dice_.one_in(2);
  for (int i = 0; i < num_templates; ++i) {
    std::vector<int32_t> scores(static_cast<size_t>(num_agents_ * num_agents_));
    const auto at = [&](int a, int b) -> int32_t& { return scores[static_cast<size_t>(a * num_agents_ + b)]; };
    for (int a = 0; a < num_agents_; ++a) {
      at(a, a) = colony::kFullKinship;
      for (int b = 0; b < a; ++b) {
        at(a, b) = dice_.pick<int>({0, 15, 30, 60, 120, 240, below(241)});
        at(b, a) = is_symmetric ? at(a, b) : below(241);
      }
    }
    append("kinship_templates", scores);
    for (int a = 0; a < num_agents_ && group_variable_ >= 0; ++a) append("kinship_groups", {dice_.between(0, 5)});
  }
  if (dice_.one_in(3)) table("kinship_groups").clear();
}

void GameWriter::write_kinship() {
  for (const char* name : {"kinship_templates", "kinship_groups", "kinship_values", "kinship_noise"}) table(name);
  const int mode = dice_.one_in(2) ? 0 : dice_.between(1, 2), noise_mode = below(3);
  const int num_templates = mode == 1 ? dice_.between(1, 3) : 0;
  has_kinship_ = mode != 0;
  append("kinship", {mode, num_templates, dice_.one_in(2), dice_.one_in(2), noise_mode, 0, 0});
  if (mode == 1) write_templates(num_templates);
  for (int i = dice_.between(1, 8); i > 0; --i) append("kinship_values", {dice_.one_in(3) ? 240 : below(241)});
  for (int i = dice_.between(1, 6); i > 0; --i)
    append("kinship_noise", {dice_.one_in(9) ? dice_.between(-240, 240) : dice_.between(-40, 40)});
}

void GameWriter::write_sharing() {
  table("sharing");
  for (int i = dice_.one_in(2) ? dice_.between(1, 3) : 0; i > 0; --i) {
    const int mode = has_kinship_ ? dice_.pick<int>({0, 0, 2, 2, 1, 3, 3, 3, 4}) : dice_.pick<int>({1, 3, 3, 4});
    const bool is_prestige = mode == 4;
    const int share = is_prestige ? dice_.pick<int>({0, 10, 1000, 12345, 1000000}) : dice_.pick<int>({0, 20000, 32768, 40000, 65536});
    const int limit = is_prestige ? dice_.between(1, 9) : dice_.pick<int>({0, 30, 60, 120, 240});
    append("sharing", {mode, share, below(num_variables_), limit, or_none(num_stats_), or_none(num_stats_)});
  }
}

void GameWriter::write_births() {
  table("genes");
  table("body_draws");
  for (int i = dice_.between(0, 4); i > 0; --i) {
    append("genes", {below(num_variables_), dice_.pick<int>({0, 6000, 65536}), dice_.pick<int>({0, 1, 5, 32767})});
  }
  for (int i = dice_.one_in(2) ? dice_.between(1, 6) : 0; i > 0; --i) append("body_draws", {below(num_profiles_)});
}

size_t GameWriter::patchable_cells(PatchTable patched) {
  switch (patched) {
    case PatchTable::kCap: return table("profile_cap").size();
    case PatchTable::kInitial: return table("profile_initial").size();
    case PatchTable::kTrait: return table("profile_trait").size();
    case PatchTable::kFilter: return table("filters").size();
    case PatchTable::kEffect: return table("effects").size();
    case PatchTable::kAgentInitial: return table("agent_initial").size();
    default: return 1;
  }
}

// A value that the cell can have: that of another row which says the same with other numbers.
int GameWriter::patch_value(PatchTable patched, int cell) {
  const bool is_filter = patched == PatchTable::kFilter;
  if (is_filter || patched == PatchTable::kEffect) {
    Row row;
    std::copy_n(table(is_filter ? "filters" : "effects").begin() + cell / 8 * 8, 8, row.begin());
    if (is_filter) fill_filter(row);
    else fill_effect(row);
    return row[static_cast<size_t>(cell % 8)];
  }
  switch (patched) {
    case PatchTable::kCap: return random_cap(cell % num_variables_);
    case PatchTable::kInitial: return cell % num_variables_ == colony::kHeading ? below(4) : random_initial(cell % num_variables_);
    case PatchTable::kTrait: return random_number();
    case PatchTable::kAgentInitial: return dice_.one_in(4) ? -1 : dice_.between(0, 400);
    default: return dice_.between(1, max_steps_);
  }
}

void GameWriter::append_patch() {
  const auto patched = static_cast<PatchTable>(below(static_cast<int>(PatchTable::kCount)));
  int cell = below(static_cast<int>(patchable_cells(patched)));
  const bool is_word = patched == PatchTable::kFilter || patched == PatchTable::kEffect;
  if (is_word) cell = cell / 8 * 8 + dice_.pick<int>({2, 4, 4, 5, 6, 7});
  const bool is_left_mode = patched == PatchTable::kFilter && cell % 8 == 5 &&
                            table("filters")[static_cast<size_t>(cell - 5)] == static_cast<int>(colony::FilterOp::kCompare);
  if (is_left_mode) ++cell;
  const int param = below(static_cast<int>(table("params").size()) / 4), begin = static_cast<int>(table("patch_values").size());
  append("patches", {param, static_cast<int32_t>(patched), cell, begin});
  for (int i = table("params")[static_cast<size_t>(param) * 4]; i > 0; --i) append("patch_values", {patch_value(patched, cell)});
}

void GameWriter::write_params() {
  for (const char* name : {"params", "param_tokens", "patches", "patch_values"}) table(name);
  const int num_params = dice_.one_in(2) ? dice_.between(1, 5) : 0;
  for (int i = 0; i < num_params; ++i) {
    const int count = dice_.between(1, 6), begin = static_cast<int>(table("param_tokens").size());
    append("params", {count, or_none(num_features_), begin, 0});
    for (int value = 0; value < count; ++value) append("param_tokens", {below(256)});
  }
  for (int i = num_params > 0 ? dice_.between(1, 25) : 0; i > 0; --i) append_patch();
}

}  // namespace metta
