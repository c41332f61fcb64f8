#include "colony/tables.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "colony/tables_reader.hpp"
#include "colony/world.hpp"
#include "engine/occupancy.hpp"
#include "engine/tokens.hpp"

namespace metta::colony {

namespace {

template <class Op>
bool is_any(Op op, std::initializer_list<Op> some) {
  return std::find(some.begin(), some.end(), op) != some.end();
}

Who who_of(int value, const std::string& what) {
  return static_cast<Who>(in_range(value, 0, static_cast<int>(Who::kCount) - 1, what + " who"));
}

Operand operand_of(int mode, int value, const Tables& t, const std::string& what) {
  in_range(mode, 0, static_cast<int>(OperandMode::kCount) - 1, what + " operand mode");
  const auto operand_mode = static_cast<OperandMode>(mode);
  if (operand_mode == OperandMode::kActorTrait || operand_mode == OperandMode::kTargetTrait) {
    in_range(value, 0, t.num_traits - 1, what + " trait");
  } else if (operand_mode != OperandMode::kConstant) {
    in_range(value, 0, t.num_variables - 1, what + " operand variable");
  }
  return {operand_mode, value};
}

}  // namespace

Filter filter_of(const int32_t* row, const Tables& t, const std::string& what) {
  const auto op = static_cast<FilterOp>(in_range(row[0], 0, static_cast<int>(FilterOp::kCount) - 1, what + " op"));
  const bool needs_variable = is_any(op, {FilterOp::kAtLeast, FilterOp::kAtMost, FilterOp::kHasRoom, FilterOp::kSame, FilterOp::kTotal});
  in_range(row[2], needs_variable ? 0 : kNone, t.num_variables - 1, what + " variable");
  if (op == FilterOp::kEvery && (row[3] != 0 || row[4] < 1)) refuse(what + " period must be a constant of at least 1");
  if (is_any(op, {FilterOp::kNearby, FilterOp::kTotal})) in_range(row[5], 0, static_cast<int>(t.reaches.size()) - 1, what + " reach");
  if (op == FilterOp::kCompare) operand_of(row[5], row[6], t, what + " left");
  if (op == FilterOp::kOnGround) in_range(row[5], 0, static_cast<int>(t.grounds.size()) - 1, what + " ground");
  if (op == FilterOp::kOnTrace) in_range(row[5], 0, static_cast<int>(t.trace_features.size()) - 1, what + " trace");
  return {op, who_of(row[1], what), static_cast<int16_t>(row[2]), operand_of(row[3], row[4], t, what), row[5], row[6], row[7] != 0};
}

Effect effect_of(const int32_t* row, const Tables& t, const std::string& what) {
  const auto op = static_cast<EffectOp>(in_range(row[0], 0, static_cast<int>(EffectOp::kCount) - 1, what + " op"));
  const bool needs_variable = is_any(op, {EffectOp::kAdd, EffectOp::kSet, EffectOp::kMove, EffectOp::kGather});
  in_range(row[2], needs_variable ? 0 : kNone, t.num_variables - 1, what + " variable");
  if (is_any(op, {EffectOp::kSpawn, EffectOp::kBecome})) in_range(row[5], kAgentKind + 1, t.num_kinds - 1, what + " kind");
  if (op == EffectOp::kSpawn) in_range(row[6], 0, static_cast<int>(SpawnPlace::kCount) - 1, what + " place");
  if (op == EffectOp::kMove) who_of(row[5], what + " receiver");
  if (op == EffectOp::kCount_) in_range(row[5], 0, t.num_stats - 1, what + " statistic");
  if (op == EffectOp::kProfile) in_range(row[5], 0, t.num_profiles - 1, what + " profile");
  if (op == EffectOp::kLay) in_range(row[5], 0, static_cast<int>(t.grounds.size()) - 1, what + " ground");
  if (op == EffectOp::kTrace) in_range(row[5], 0, static_cast<int>(t.trace_features.size()) - 1, what + " trace");
  const bool can_reach = is_any(op, {EffectOp::kAdd, EffectOp::kSet, EffectOp::kRemove, EffectOp::kBecome, EffectOp::kReward,
                                     EffectOp::kCount_, EffectOp::kProfile, EffectOp::kGather});
  in_range(row[7], op == EffectOp::kGather ? 0 : kNone, can_reach ? static_cast<int>(t.reaches.size()) - 1 : kNone, what + " reach");
  return {op, who_of(row[1], what), static_cast<int16_t>(row[2]), operand_of(row[3], row[4], t, what), row[5], row[6], row[7]};
}

TokenSource token_source_of(const int32_t* row, const Tables& t, const std::string& what) {
  in_range(row[0], kNone, t.num_variables - 1, what + " variable");
  in_range(row[1], 0, t.num_features - 1, what + " feature");
  in_range(row[2], 1, 1 << 20, what + " scale");
  in_range(row[3], -(1 << 20), 1 << 20, what + " offset");
  return {static_cast<int16_t>(row[0]), static_cast<uint8_t>(row[1]), row[2], row[3]};
}

std::vector<TokenSource> token_sources_of(const Reader& in, const std::string& name, const Tables& t) {
  const auto& rows = in.table(name);
  std::vector<TokenSource> sources;
  for (int i = 0; i < in.num_rows(name, 4); ++i) {
    sources.push_back(token_source_of(&rows[static_cast<size_t>(i) * 4], t, name + " row " + std::to_string(i)));
  }
  return sources;
}

namespace {

void read_sizes(const Reader& in, Tables& t) {
  const auto& sizes = in.sized("sizes", 19);
  t.num_agents = in_range(sizes[0], 1, 65535, "num_agents");
  t.height = in_range(sizes[1], 1, 4096, "height");
  t.width = in_range(sizes[2], 1, 4096, "width");
  t.max_objects = in_range(sizes[3], t.num_agents, 65534, "max_objects");
  t.max_steps = in_range(sizes[4], 1, 1 << 30, "max_steps");
  t.num_tokens = in_range(sizes[5], 1, 4096, "num_tokens");
  t.view_height = in_range(sizes[6], 1, 15, "view_height");
  t.view_width = in_range(sizes[7], 1, 15, "view_width");
  t.is_heading_up = sizes[8] != 0;
  t.num_features = in_range(sizes[9], 1, 255, "num_features");
  t.num_stats = in_range(sizes[10], 0, 4096, "num_stats");
  t.shuffles_spawns = sizes[11] != 0;
  t.num_initial_agents = in_range(sizes[12], 1, t.num_agents, "num_initial_agents");
  t.world_kind = in_range(sizes[13], kNone, 254, "world_kind");
  t.group_kind = in_range(sizes[14], kNone, 254, "group_kind");
  t.num_groups = in_range(sizes[15], 0, t.group_kind == kNone ? 0 : 1024, "num_groups");
  t.group_variable = in_range(sizes[16], kNone, 255, "group_variable");
  t.sight_variable = in_range(sizes[17], kNone, 255, "sight_variable");
  t.samples_bodies = sizes[18] != 0;
  t.world_object = t.world_kind == kNone ? kNone : t.num_agents;
  t.first_group = t.num_agents + (t.world_kind != kNone);
  t.first_thing = t.first_group + t.num_groups;
  in_range(t.max_objects, t.first_thing, 65534, "max_objects");
  if (t.view_height % 2 == 0 || t.view_width % 2 == 0) refuse("view sides must be odd");
  if (t.is_heading_up && t.view_height != t.view_width) refuse("a view that turns with the agent must be square");
}

void read_variables(const Reader& in, Tables& t) {
  t.num_variables = in_range(static_cast<int>(in.table("var_countdown").size()), 1, 256, "number of variables");
  const auto count = static_cast<size_t>(t.num_variables);
  t.variable_stride = (t.num_variables + 7) / 8 * 8;
  const auto& countdown = in.table("var_countdown");
  for (int v = 0; v < t.num_variables; ++v) {
    t.is_countdown.push_back(countdown[static_cast<size_t>(v)] != 0);
    if (t.is_countdown.back()) t.countdowns.push_back(v);
  }
  t.stat_gained = in.sized("var_stat_gained", count);
  t.stat_lost = in.sized("var_stat_lost", count);
  all_in_range(t.stat_gained, kNone, t.num_stats - 1, "var_stat_gained");
  all_in_range(t.stat_lost, kNone, t.num_stats - 1, "var_stat_lost");
  t.is_public.assign(count, 0);
  in_range(t.group_variable, kNone, t.num_variables - 1, "group_variable");
  in_range(t.sight_variable, kNone, t.num_variables - 1, "sight_variable");
}

void read_bodies(const Reader& in, Tables& t) {
  t.num_profiles = in_range(static_cast<int>(in.table("profile_radius").size()), 1, 255, "number of profiles");
  const auto cells = static_cast<size_t>(t.num_profiles) * static_cast<size_t>(t.num_variables);
  t.caps = in.sized("profile_cap", cells);
  t.initials = in.sized("profile_initial", cells);
  all_in_range(t.caps, 0, 32767, "profile_cap");
  all_in_range(t.initials, 0, 32767, "profile_initial");
  for (int p = 0; p < t.num_profiles; ++p) in_range(t.caps[static_cast<size_t>(p * t.num_variables)], 0, 3, "profile_cap of heading");
  t.traits = in.table("profile_trait");
  t.num_traits = in.num_rows("profile_trait", t.num_profiles);
  in_range(t.num_traits, 1, 4096, "number of traits");
  t.kind_profile = in.table("kind_profile");
  t.num_kinds = in_range(static_cast<int>(t.kind_profile.size()), 2, 255, "number of kinds");
  all_in_range(t.kind_profile, 0, t.num_profiles - 1, "kind_profile");
  for (const int kind : {t.world_kind, t.group_kind}) {
    if (kind != kNone) in_range(kind, kAgentKind + 1, t.num_kinds - 1, "kind of world and groups");
  }
  const auto agents = static_cast<size_t>(t.num_agents);
  t.agent_profile = in.sized("agent_profile", agents);
  all_in_range(t.agent_profile, 0, t.num_profiles - 1, "agent_profile");
  t.agent_initial = in.sized("agent_initial", agents * static_cast<size_t>(t.num_variables));
  all_in_range(t.agent_initial, kNone, 32767, "agent_initial");
  t.body_draws = in.table("body_draws");
  all_in_range(t.body_draws, 0, t.num_profiles - 1, "body_draws");
}

void read_tokens(const Reader& in, Tables& t) {
  const auto& begins = in.sized("kind_tokens_begin", static_cast<size_t>(t.num_kinds) + 1);
  const auto& rows = in.table("kind_tokens");
  const int num_rows = in.num_rows("kind_tokens", 4);
  for (int i = 0; i < num_rows; ++i) {
    t.token_sources.push_back(token_source_of(&rows[static_cast<size_t>(i) * 4], t, "kind_tokens row " + std::to_string(i)));
    if (t.token_sources.back().variable != kNone) t.is_public[static_cast<size_t>(t.token_sources.back().variable)] = 1;
  }
  for (int k = 0; k < t.num_kinds; ++k) {
    const auto at = static_cast<size_t>(k);
    const Range range = range_between(begins, at, t.token_sources.size(), "kind_tokens of kind " + std::to_string(k));
    in_range(range.count, 0, kMaxBlockTokens, "tokens shown by kind " + std::to_string(k));
    t.kind_tokens.push_back(range);
    // Observers whose view turns with them correct the heading of others: it must be the first token.
    const auto first = t.token_sources.begin() + range.begin;
    const auto rest = std::stable_partition(first, first + range.count, [](const TokenSource& s) { return s.variable == kHeading; });
    const bool is_turnable = rest == first || (rest - first == 1 && first->scale == 1 && first->offset == 1);
    if (t.is_heading_up && !is_turnable) {
      refuse("kind_tokens of kind " + std::to_string(k) + ": in a view that turns, a heading is one token with scale 1 and offset 1");
    }
  }
  t.self_tokens = token_sources_of(in, "self_tokens", t);
  t.world_tokens = token_sources_of(in, "world_tokens", t);
  t.group_tokens = token_sources_of(in, "group_tokens", t);
  const auto& global = in.sized("global_features", 5);
  all_in_range(global, kNone, t.num_features - 1, "global_features");
  t.progress_feature = global[0];
  t.reward_feature = global[1];
  t.penalty_feature = global[2];
  t.kinship_feature = global[3];
  t.mate_feature = global[4];
}

void read_rules(const Reader& in, Tables& t) {
  const auto& filter_rows = in.table("filters");
  for (int i = 0; i < in.num_rows("filters", kFilterColumns); ++i) {
    t.filters.push_back(filter_of(&filter_rows[static_cast<size_t>(i) * kFilterColumns], t, "filters row " + std::to_string(i)));
  }
  const auto& effect_rows = in.table("effects");
  for (int i = 0; i < in.num_rows("effects", kEffectColumns); ++i) {
    t.effects.push_back(effect_of(&effect_rows[static_cast<size_t>(i) * kEffectColumns], t, "effects row " + std::to_string(i)));
  }
  const auto& rule_rows = in.table("rules");
  for (int i = 0; i < in.num_rows("rules", 4); ++i) {
    const int32_t* row = &rule_rows[static_cast<size_t>(i) * 4];
    const std::string what = "rules row " + std::to_string(i);
    t.rules.push_back(
        {range_of(row[0], row[1], t.filters.size(), what + " filter"), range_of(row[2], row[3], t.effects.size(), what + " effect")});
  }
  const auto& step_rows = in.sized("step_rules", static_cast<size_t>(t.num_kinds) * 2);
  for (size_t k = 0; k < static_cast<size_t>(t.num_kinds); ++k) {
    t.step_rules.push_back(range_of(step_rows[k * 2], step_rows[k * 2 + 1], t.rules.size(), "step_rules of kind " + std::to_string(k)));
  }
}

void read_actions(const Reader& in, Tables& t) {
  t.num_actions = in_range(in.num_rows("actions", 3), 1, 255, "number of actions");
  t.mask_stride = (t.num_actions + 7) / 8 * 8;
  const auto count = static_cast<size_t>(t.num_actions);
  const auto& rows = in.table("actions");
  const auto& stats = in.sized("action_stats", count * 2);
  const auto& costs = in.sized("action_costs", count * 2);
  const auto& begins = in.sized("action_conditions_begin", count + 1);
  t.action_conditions = in.table("action_conditions");
  t.conditions = in.table("conditions");
  in_range(static_cast<int>(t.conditions.size()), 0, 64, "number of conditions");
  all_in_range(t.conditions, 0, static_cast<int>(t.filters.size()) - 1, "conditions");
  all_in_range(t.action_conditions, 0, static_cast<int>(t.conditions.size()) - 1, "action_conditions");
  all_in_range(stats, kNone, t.num_stats - 1, "action_stats");
  t.last_action_features = in.sized("last_action_features", count);
  all_in_range(t.last_action_features, kNone, t.num_features - 1, "last_action_features");
  t.allowed_without.assign(t.conditions.size() * static_cast<size_t>(t.mask_stride), 255);
  for (size_t a = 0; a < count; ++a) {
    const std::string what = "action " + std::to_string(a);
    const auto selector = static_cast<Selector>(in_range(rows[a * 3], 0, static_cast<int>(Selector::kCount) - 1, what + " selector"));
    in_range(rows[a * 3 + 1], selector == Selector::kAbsolute ? 0 : -64, selector == Selector::kAbsolute ? 3 : 64, what + " aim");
    in_range(rows[a * 3 + 2], -64, 64, what + " aim");
    const Range conditions = range_between(begins, a, t.action_conditions.size(), what + " conditions");
    t.actions.push_back({selector, static_cast<int8_t>(rows[a * 3 + 1]), static_cast<int8_t>(rows[a * 3 + 2]),
                         static_cast<int16_t>(stats[a * 2]), static_cast<int16_t>(stats[a * 2 + 1]), conditions,
                         range_of(costs[a * 2], costs[a * 2 + 1], t.effects.size(), what + " costs")});
    for (int c = 0; c < conditions.count; ++c) {
      const auto condition = static_cast<size_t>(t.action_conditions[static_cast<size_t>(conditions.begin + c)]);
      t.allowed_without[condition * static_cast<size_t>(t.mask_stride) + a] = 0;
    }
  }
  if (t.actions[kNoop].conditions.count != 0) refuse("action 0 (noop) must be possible always");
  for (const int32_t condition : t.conditions) {
    const Filter& filter = t.filters[static_cast<size_t>(condition)];
    const auto reads = [](OperandMode mode) { return is_any(mode, {OperandMode::kTargetTrait, OperandMode::kTargetVariable}); };
    const bool reads_target = filter.who == Who::kTarget || reads(filter.operand.mode) ||
                              is_any(filter.op, {FilterOp::kSame, FilterOp::kRelated, FilterOp::kMates, FilterOp::kCourted}) ||
                              (filter.op == FilterOp::kCompare && reads(static_cast<OperandMode>(filter.extra1)));
    if (reads_target || filter.op == FilterOp::kChance) refuse("a condition of an action may not look at a target, nor at chance");
  }
  const auto& ranges = in.sized("action_rules", count * static_cast<size_t>(t.num_kinds) * 2);
  for (size_t i = 0; i < ranges.size(); i += 2)
    t.action_rules.push_back(range_of(ranges[i], ranges[i + 1], t.rules.size(), "action_rules"));
}

}  // namespace

Tables::Tables(const RawTables& raw) {
  const Reader in(raw);
  read_sizes(in, *this);
  read_variables(in, *this);
  read_bodies(in, *this);
  read_ground(in, *this);
  read_tokens(in, *this);
  read_reaches(in, *this);
  read_rules(in, *this);
  read_actions(in, *this);
  read_kinship(in, *this);
  read_sharing(in, *this);
  read_births(in, *this);
  read_params(in, *this);
  const auto& radius = in.table("profile_radius");
  all_in_range(radius, 0, std::max(view_height, view_width) / 2, "profile_radius");
  has_rich_view = kinship_feature != kNone || mate_feature != kNone || has_ground() || has_traces() || sight_variable != kNone;
  compute_view(radius);
  compute_layout();
}

void Tables::compute_view(const std::vector<int32_t>& profile_radius) {
  const int center_row = view_height / 2, center_col = view_width / 2;
  const auto cells_within = [&](int radius) {
    std::array<uint16_t, 16> masks{};
    for (int row = 0; row < view_height; ++row) {
      for (int col = 0; col < view_width; ++col) {
        const bool is_seen = std::abs(row - center_row) <= radius && std::abs(col - center_col) <= radius;
        if (is_seen) masks[static_cast<size_t>(row)] |= static_cast<uint16_t>(1u << col);
      }
    }
    return masks;
  };
  for (const int32_t radius : profile_radius) row_masks.push_back(cells_within(radius));
  for (size_t radius = 0; radius < sight_masks.size(); ++radius) sight_masks[radius] = cells_within(static_cast<int>(radius));
  for (int row = 0; row < view_height; ++row) {
    for (int col = 0; col < view_width; ++col) near_first.push_back(static_cast<uint8_t>(row << 4 | col));
  }
  std::stable_sort(near_first.begin(), near_first.end(), [&](uint8_t a, uint8_t b) {
    const auto distance = [&](uint8_t where) { return std::abs((where >> 4) - center_row) + std::abs((where & 15) - center_col); };
    return distance(a) < distance(b);
  });
  for (int where = 0; where < 256; ++where) {
    const int down = (where >> 4) - center_row, right = (where & 15) - center_col;
    const int turned_down[4] = {down, -right, -down, right}, turned_right[4] = {right, down, -right, -down};
    for (size_t heading = 0; heading < 4; ++heading) {
      const int row = turned_down[heading] + center_row, col = turned_right[heading] + center_col;
      turned[heading][static_cast<size_t>(where)] = static_cast<uint8_t>((row & 15) << 4 | (col & 15));
    }
  }
}

namespace {

// What only some games have takes no room in the others.
void add_society(Tables& t, LayoutBuilder& block) {
  WorldLayout& layout = t.layout;
  const auto agents = static_cast<size_t>(t.num_agents);
  const auto rows = static_cast<size_t>(t.height), cells = rows * static_cast<size_t>(t.width);
  const size_t row_bytes = rows * static_cast<size_t>(t.occupancy_row_bytes);
  const auto if_any = [](bool is_needed, size_t count) { return is_needed ? count : 0; };
  layout.ground = block.add<uint8_t>(if_any(t.has_ground(), cells));
  layout.ground_rows = block.add<uint8_t>(if_any(t.has_ground(), row_bytes));
  layout.traces = block.add<uint8_t>(if_any(t.has_traces(), cells));
  layout.trace_ends = block.add<uint32_t>(if_any(t.has_traces(), cells));
  layout.trace_rows = block.add<uint8_t>(if_any(t.has_traces(), row_bytes));
  layout.kinship = block.add<uint8_t>(if_any(t.has_kinship(), agents * agents));
  layout.partners = block.add<uint16_t>(agents);
  layout.courted = block.add<uint16_t>(agents);
  layout.court_ticks = block.add<uint32_t>(agents);
  layout.left_ticks = block.add<uint32_t>(agents);
  layout.shared = block.add<int32_t>(if_any(!t.sharing.empty(), agents));
  layout.choices_of_params = block.add<uint16_t>(t.params.size());
  layout.caps = block.add<int32_t>(if_any(t.varies(), t.caps.size()));
  layout.initials = block.add<int32_t>(if_any(t.varies(), t.initials.size()));
  layout.traits = block.add<int32_t>(if_any(t.varies(), t.traits.size()));
  layout.filters = block.add<Filter>(if_any(t.varies(), t.filters.size()));
  layout.effects = block.add<Effect>(if_any(t.varies(), t.effects.size()));
  layout.agent_initial = block.add<int32_t>(if_any(t.varies(), t.agent_initial.size()));
}

}  // namespace

void Tables::compute_layout() {
  occupancy_row_bytes = OccupancyRows::row_bytes_for(width);
  set_words = (max_objects + 63) / 64;
  const auto objects = static_cast<size_t>(max_objects), agents = static_cast<size_t>(num_agents), words = static_cast<size_t>(set_words);
  LayoutBuilder block;
  layout.header = block.add<WorldHeader>(1);
  layout.grid = block.add<uint16_t>(static_cast<size_t>(height) * static_cast<size_t>(width));
  layout.occupancy = block.add<uint8_t>(static_cast<size_t>(height) * static_cast<size_t>(occupancy_row_bytes));
  layout.tokens = block.add<TokenBlock>(objects);
  layout.token_bytes = block.add<uint8_t>(objects);
  layout.kinds = block.add<uint8_t>(objects);
  layout.profiles = block.add<uint8_t>(objects);
  layout.places = block.add<Place>(objects);
  layout.variables = block.add<int16_t>(objects * static_cast<size_t>(variable_stride));
  layout.ticking = block.add<uint64_t>(words);
  layout.dirty = block.add<uint64_t>(words);
  layout.stepping = block.add<uint64_t>(words);
  layout.rewards = block.add<int32_t>(agents);
  layout.returns = block.add<int64_t>(agents);
  layout.last_actions = block.add<uint8_t>(agents);
  layout.choices = block.add<uint8_t>(agents);
  layout.order = block.add<uint16_t>(agents);
  layout.stats = block.add<int32_t>(agents * static_cast<size_t>(num_stats));
  add_society(*this, block);
  layout.size = block.size();
}

MapPool::MapPool(const Tables& t, std::vector<int32_t> values) {
  const auto area = static_cast<size_t>(t.height) * static_cast<size_t>(t.width);
  if (values.empty() || values.size() % area != 0) throw std::invalid_argument("maps: the cells do not divide into maps of height x width");
  num_maps = static_cast<int>(values.size() / area);
  cells.reserve(values.size());
  grounds.reserve(values.size());
  for (int map = 0; map < num_maps; ++map) {
    const std::string what = "maps: map " + std::to_string(map);
    int num_agents = 0, num_things = 0;
    for (size_t i = 0; i < area; ++i) {
      const int value = values[static_cast<size_t>(map) * area + i], kind = value & 255, ground = value >> 8;
      if (value < 0 || kind >= t.num_kinds) throw std::invalid_argument(what + " has the unknown kind " + std::to_string(value));
      if (ground >= static_cast<int>(t.grounds.size())) {
        throw std::invalid_argument(what + " has the unknown ground " + std::to_string(ground));
      }
      cells.push_back(static_cast<int16_t>(kind));
      grounds.push_back(static_cast<uint8_t>(ground));
      num_things += kind > kAgentKind;
      if (kind != kAgentKind) continue;
      ++num_agents;
      spawn_cells.push_back(static_cast<int32_t>(i));
    }
    if (num_agents != t.num_initial_agents) {
      throw std::invalid_argument(what + " has " + std::to_string(num_agents) + " places for " + std::to_string(t.num_initial_agents) +
                                  " agents");
    }
    if (num_things + t.first_thing > t.max_objects) throw std::invalid_argument(what + " has more objects than max_objects");
  }
}

}  // namespace metta::colony
