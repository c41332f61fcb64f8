// Draws the tables of a random game one after the other; each .cpp file beside holds a part.
#pragma once

#include <array>

#include "colony/rules.hpp"
#include "random_game.hpp"

namespace metta {

class GameWriter {
 public:
  explicit GameWriter(uint64_t seed) : dice_(seed) {}

  RandomGame write();

 private:
  using Row = std::array<int32_t, 8>;  // of filters and effects: op, who, variable, mode, value, extra1, extra2, negate or reach

  std::vector<int32_t>& table(const char* name) { return game_.tables[name]; }
  int below(int count) { return dice_.between(0, count - 1); }
  int or_none(int count) { return dice_.between(-1, count - 1); }
  template <class Values>
  void append(const char* name, const Values& values) {
    table(name).insert(table(name).end(), values.begin(), values.end());
  }
  void append(const char* name, std::initializer_list<int32_t> values) { append<std::initializer_list<int32_t>>(name, values); }

  // random_game.cpp: things and maps.
  void write_sizes();
  void write_variables();
  void write_bodies();
  void write_tokens();
  void write_maps();
  int random_cap(int variable);
  int random_initial(int variable);
  int random_number();
  void append_token(const char* name, int variable);

  // random_rules.cpp
  void write_filters();
  void write_effects();
  void write_rules();
  void write_actions();
  void write_action_rules();
  int random_operand(int mode);
  void append_filter(colony::FilterOp op, bool is_about_target);
  void append_effect(colony::EffectOp op);
  void fill_filter(Row& row);
  void fill_effect(Row& row);
  bool is_possible(colony::EffectOp op);
  std::pair<int, int> random_range(int size, int most);

  // random_society.cpp: what only some games have.
  void write_placeless();
  void write_ground();
  void write_reaches();
  void write_kinship();
  void write_templates(int num_templates);
  void write_sharing();
  void write_births();
  void write_params();
  void append_patch();
  int patch_value(colony::PatchTable patched, int cell);
  size_t patchable_cells(colony::PatchTable patched);

  Dice dice_;
  RandomGame game_;
  int height_ = 0, width_ = 0, num_agents_ = 0, num_initial_ = 0, num_objects_ = 0, max_steps_ = 0, view_ = 0;
  int num_features_ = 0, num_stats_ = 0, num_variables_ = 0, num_profiles_ = 0, num_kinds_ = 0, num_traits_ = 0, num_actions_ = 0;
  int world_kind_ = -1, group_kind_ = -1, num_groups_ = 0, group_variable_ = -1, sight_variable_ = -1;
  int lethality_ = 0, num_filters_ = 0, num_plain_filters_ = 0, num_effects_ = 0, num_rules_ = 0;
  int num_reaches_ = 0, num_grounds_ = 1, num_traces_ = 1;  // ground 0 is plain, trace 0 none
  bool is_heading_up_ = false, has_kinship_ = false;
};

}  // namespace metta
