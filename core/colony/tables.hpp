// A compiled game: every table of the rules, checked, so that no step can read outside of anything.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "colony/rules.hpp"
#include "engine/layout.hpp"

namespace metta::colony {

using RawTables = std::map<std::string, std::vector<int32_t>>;

// Byte offsets of a world's arrays in its block.
struct WorldLayout {
  size_t header, grid, occupancy, tokens, token_bytes, kinds, profiles, places, variables, ticking, dirty, stepping, rewards, returns,
      last_actions, choices, order, stats, size;
};

struct Tables {
  explicit Tables(const RawTables& raw);  // throws std::invalid_argument: table, row, and what would be right

  int num_agents, height, width, max_objects, max_steps, num_tokens, view_height, view_width, num_features, num_stats;
  bool is_heading_up, shuffles_spawns;
  int num_variables, variable_stride, num_profiles, num_traits, num_kinds, num_actions, mask_stride;

  std::vector<uint8_t> is_countdown, is_public;       // [V]
  std::vector<int32_t> countdowns;                    // the variables that count down
  std::vector<int32_t> stat_gained, stat_lost;        // [V]
  std::vector<int32_t> caps, initials;                // [P, V]
  std::vector<int32_t> traits;                        // [P, R]
  std::vector<int32_t> kind_profile;                  // [K]
  std::vector<int32_t> agent_profile, agent_initial;  // [A], [A, V]
  std::vector<Range> kind_tokens;                     // [K] into token_sources
  std::vector<TokenSource> token_sources, self_tokens;
  int progress_feature, reward_feature, penalty_feature;
  std::vector<int32_t> last_action_features;  // [num_actions]
  std::vector<Action> actions;
  std::vector<int32_t> action_conditions;
  std::vector<int32_t> conditions;       // into filters
  std::vector<uint8_t> allowed_without;  // [C, mask_stride]: 0 for actions that need the condition, 255 for others
  std::vector<Range> action_rules;       // [num_actions, K]
  std::vector<Range> step_rules;         // [K]
  std::vector<Rule> rules;
  std::vector<Filter> filters;
  std::vector<Effect> effects;
  std::vector<std::array<uint16_t, 16>> row_masks;  // [P] cells of each view row that a body sees
  std::vector<uint8_t> near_first;                  // [cells] "where" of every view cell, nearest first
  std::array<std::array<uint8_t, 256>, 4> turned;   // "where" in a view that turns with the agent, by heading
  int occupancy_row_bytes, set_words;
  WorldLayout layout;

  const int32_t* caps_of(int profile) const { return caps.data() + profile * num_variables; }

 private:
  void compute_view(const std::vector<int32_t>& profile_radius);
  void compute_layout();
};

// One map as kind ids, row by row; checked against the tables.
struct MapPool {
  MapPool(const Tables& tables, std::vector<int32_t> cells);  // throws std::invalid_argument

  int num_maps;
  std::vector<int16_t> cells;        // [num_maps, height, width]
  std::vector<int32_t> spawn_cells;  // [num_maps, num_agents]
};

}  // namespace metta::colony
