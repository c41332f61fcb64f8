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

constexpr int kFilterColumns = 8, kEffectColumns = 8;

// Byte offsets of a world's arrays in its block.
struct WorldLayout {
  size_t header, grid, occupancy, tokens, token_bytes, kinds, profiles, places, variables, ticking, dirty, stepping, rewards, returns,
      last_actions, choices, order, stats;
  // Empty in games without them:
  size_t ground, ground_rows, traces, trace_ends, trace_rows;
  size_t kinship, partners, courted, court_ticks, left_ticks, shared;
  size_t choices_of_params, caps, initials, traits, filters, effects, agent_initial;
  size_t size;
};

struct KinshipTables {
  KinshipMode mode = KinshipMode::kNone;
  KinshipNoise noise_mode = KinshipNoise::kExact;
  int num_templates = 0;
  bool is_symmetric = false, shuffles = false;
  std::vector<uint8_t> templates;  // [num_templates, A, A] of kFullKinship
  std::vector<int32_t> groups;     // [num_templates, A] values of the group variable, or empty
  std::vector<uint8_t> values;     // equally likely scores of a pair
  std::vector<int32_t> noise;      // equally likely errors of a shown score
};

struct Tables {
  explicit Tables(const RawTables& raw);  // throws std::invalid_argument: table, row, and what would be right

  int num_agents, num_initial_agents, height, width, max_objects, max_steps, num_tokens, view_height, view_width, num_features, num_stats;
  bool is_heading_up, shuffles_spawns, samples_bodies;
  bool has_rich_view;  // observations show more than the objects in a body's view, or fewer of them
  int num_variables, variable_stride, num_profiles, num_traits, num_kinds, num_actions, mask_stride;
  int world_object, first_group, num_groups, group_variable, first_thing;  // objects without a place come between agents and things
  int world_kind, group_kind, sight_variable;

  std::vector<uint8_t> is_countdown, is_public;       // [V]
  std::vector<int32_t> countdowns;                    // the variables that count down
  std::vector<int32_t> stat_gained, stat_lost;        // [V]
  std::vector<int32_t> caps, initials;                // [P, V]
  std::vector<int32_t> traits;                        // [P, R]
  std::vector<int32_t> kind_profile;                  // [K]
  std::vector<int32_t> agent_profile, agent_initial;  // [A], [A, V]
  std::vector<int32_t> body_draws;                    // equally likely bodies: of newcomers if samples_bodies, and of mutants
  std::vector<Range> kind_tokens;                     // [K] into token_sources
  std::vector<TokenSource> token_sources, self_tokens, world_tokens, group_tokens;
  int progress_feature, reward_feature, penalty_feature, kinship_feature, mate_feature;
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
  std::vector<Reach> reaches;
  std::vector<Ground> grounds;          // [1..]
  std::vector<int32_t> trace_features;  // [T + 1]; 0 is no trace
  KinshipTables kinship;
  std::vector<Sharing> sharing;
  std::vector<Gene> genes;
  std::vector<Param> params;
  std::vector<Patch> patches;
  std::vector<int32_t> param_tokens, patch_values;
  std::vector<std::array<uint16_t, 16>> row_masks;      // [P] cells of each view row that a body sees
  std::array<std::array<uint16_t, 16>, 9> sight_masks;  // by radius; 8: everything
  std::vector<uint8_t> near_first;                      // [cells] "where" of every view cell, nearest first
  std::array<std::array<uint8_t, 256>, 4> turned;       // "where" in a view that turns with the agent, by heading
  int occupancy_row_bytes, set_words;
  WorldLayout layout;

  bool has_kinship() const { return kinship.mode != KinshipMode::kNone; }
  bool has_ground() const { return grounds.size() > 1; }
  bool has_traces() const { return trace_features.size() > 1; }
  bool varies() const { return !params.empty(); }

 private:
  void compute_view(const std::vector<int32_t>& profile_radius);
  void compute_layout();
};

// One map: kind ids and grounds, row by row; checked against the tables. A cell is kind + 256 * ground.
struct MapPool {
  MapPool(const Tables& tables, std::vector<int32_t> cells);  // throws std::invalid_argument

  int num_maps;
  std::vector<int16_t> cells;        // [num_maps, height, width] kinds
  std::vector<uint8_t> grounds;      // [num_maps, height, width]
  std::vector<int32_t> spawn_cells;  // [num_maps, num_initial_agents]
};

}  // namespace metta::colony
