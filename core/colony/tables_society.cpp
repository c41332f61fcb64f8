// Reads what a game has beside things and rules: ground, kinship, sharing, births, and numbers that vary.
#include <algorithm>

#include "colony/tables_reader.hpp"

namespace metta::colony {

namespace {

constexpr int kWhole = 65536;  // a chance or a share of 1

// One row of a table, with its name for errors.
struct Row {
  Row(const Reader& in, const std::string& name, int columns, int index)
      : values(in.table(name).data() + static_cast<size_t>(index) * static_cast<size_t>(columns)),
        what(name + " row " + std::to_string(index)) {}

  int in(int column, int low, int high, const char* meaning) const { return in_range(values[column], low, high, what + " " + meaning); }

  const int32_t* values;
  std::string what;
};

std::vector<uint8_t> scores_of(const Reader& in, const std::string& name) {
  const auto& values = in.table(name);
  all_in_range(values, 0, kFullKinship, name);
  return {values.begin(), values.end()};
}

}  // namespace

void read_ground(const Reader& in, Tables& t) {
  for (int i = 0; i < in.num_rows("grounds", 3); ++i) {
    const Row row(in, "grounds", 3, i);
    t.grounds.push_back({static_cast<int16_t>(row.in(0, kNone, t.num_features - 1, "feature")),
                         static_cast<uint8_t>(row.in(1, 1, 255, "shown value")), row.values[2] != 0});
  }
  in_range(static_cast<int>(t.grounds.size()), 1, 127, "number of grounds");
  t.trace_features = in.table("trace_features");
  in_range(static_cast<int>(t.trace_features.size()), 1, 255, "number of traces");
  all_in_range(t.trace_features, kNone, t.num_features - 1, "trace_features");
}

void read_reaches(const Reader& in, Tables& t) {
  for (int i = 0; i < in.num_rows("reaches", 6); ++i) {
    const Row row(in, "reaches", 6, i);
    t.reaches.push_back({static_cast<int16_t>(row.in(0, kNone, t.num_kinds - 1, "kind")), static_cast<int16_t>(row.in(1, 0, 64, "radius")),
                         static_cast<int16_t>(row.in(2, kNone, t.num_variables - 1, "variable")), row.values[3] != 0, row.values[4],
                         static_cast<int16_t>(row.in(5, kNone, t.num_variables - 1, "shared variable"))});
  }
}

void read_kinship(const Reader& in, Tables& t) {
  const auto& sizes = in.sized("kinship", 7);
  const auto agents = static_cast<size_t>(t.num_agents);
  KinshipTables& k = t.kinship;
  k.mode = static_cast<KinshipMode>(in_range(sizes[0], 0, static_cast<int>(KinshipMode::kCount) - 1, "kinship mode"));
  k.is_symmetric = sizes[2] != 0;
  k.shuffles = sizes[3] != 0;
  k.noise_mode = static_cast<KinshipNoise>(in_range(sizes[4], 0, static_cast<int>(KinshipNoise::kCount) - 1, "kinship noise mode"));
  k.templates = scores_of(in, "kinship_templates");
  k.values = scores_of(in, "kinship_values");
  k.noise = in.table("kinship_noise");
  all_in_range(k.noise, -kFullKinship, kFullKinship, "kinship_noise");
  if (k.mode != KinshipMode::kNone) in_range(t.num_agents, 1, 8192, "num_agents of a game with kinship");  // a draw for each pair
  if (k.mode == KinshipMode::kTemplates) {
    k.num_templates = in_range(sizes[1], 1, 1 << 20, "number of kinship_templates");
    in.sized("kinship_templates", static_cast<size_t>(k.num_templates) * agents * agents);
  }
  if (k.mode == KinshipMode::kRandomPairs && k.values.empty()) refuse("'kinship_values' is empty");
  if (k.noise_mode != KinshipNoise::kExact && k.noise.empty()) refuse("'kinship_noise' is empty");
  k.groups = in.table("kinship_groups");
  if (!k.groups.empty()) in.sized("kinship_groups", static_cast<size_t>(k.num_templates) * agents);
  if (!k.groups.empty() && t.group_variable == kNone) refuse("'kinship_groups' needs a group_variable");
  all_in_range(k.groups, 0, 32767, "kinship_groups");
  if (t.kinship_feature != kNone && k.mode == KinshipMode::kNone) refuse("a feature shows kinship, and there is none");
}

void read_sharing(const Reader& in, Tables& t) {
  for (int i = 0; i < in.num_rows("sharing", 6); ++i) {
    const Row row(in, "sharing", 6, i);
    const auto mode = static_cast<SharingMode>(row.in(0, 0, static_cast<int>(SharingMode::kCount) - 1, "mode"));
    const bool is_prestige = mode == SharingMode::kPrestige, needs_variable = is_prestige || mode == SharingMode::kGroup;
    const bool needs_kinship = mode == SharingMode::kKinship || mode == SharingMode::kFamily;
    if (needs_kinship && !t.has_kinship()) refuse(row.what + " shares by kinship, and there is none");
    t.sharing.push_back({mode, row.in(1, 0, is_prestige ? 1000000 : kWhole, "share"),
                         static_cast<int16_t>(row.in(2, needs_variable ? 0 : kNone, t.num_variables - 1, "variable")),
                         row.in(3, is_prestige ? 1 : 0, is_prestige ? 1 << 30 : kFullKinship, "limit"),
                         static_cast<int16_t>(row.in(4, kNone, t.num_stats - 1, "statistic")),
                         static_cast<int16_t>(row.in(5, kNone, t.num_stats - 1, "statistic"))});
  }
}

void read_births(const Reader& in, Tables& t) {
  in_range(in.num_rows("genes", 3), 0, 500, "number of genes");
  for (int i = 0; i < in.num_rows("genes", 3); ++i) {
    const Row row(in, "genes", 3, i);
    t.genes.push_back({static_cast<int16_t>(row.in(0, 0, t.num_variables - 1, "variable")), row.in(1, 0, kWhole, "mutation chance"),
                       row.in(2, 0, 32767, "mutation span")});
  }
}

namespace {

void check_value(const Reader& in, const Tables& t, const Patch& patch, int value, const std::string& what) {
  const auto cell = static_cast<size_t>(patch.cell);
  std::array<int32_t, kFilterColumns> row{};
  if (patch.table == PatchTable::kFilter || patch.table == PatchTable::kEffect) {
    const auto& rows = in.table(patch.table == PatchTable::kFilter ? "filters" : "effects");
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(cell / row.size() * row.size()), row.size(), row.begin());
    row[cell % row.size()] = value;
  }
  switch (patch.table) {
    case PatchTable::kFilter: filter_of(row.data(), t, what); break;
    case PatchTable::kEffect: effect_of(row.data(), t, what); break;
    case PatchTable::kMaxSteps: in_range(value, 1, t.max_steps, what); break;
    case PatchTable::kTrait: break;
    case PatchTable::kAgentInitial: in_range(value, kNone, 32767, what); break;
    default: in_range(value, 0, cell % static_cast<size_t>(t.num_variables) == kHeading ? 3 : 32767, what);
  }
}

size_t cells_of(const Tables& t, PatchTable table) {
  switch (table) {
    case PatchTable::kCap: return t.caps.size();
    case PatchTable::kInitial: return t.initials.size();
    case PatchTable::kTrait: return t.traits.size();
    case PatchTable::kFilter: return t.filters.size() * kFilterColumns;
    case PatchTable::kEffect: return t.effects.size() * kEffectColumns;
    case PatchTable::kAgentInitial: return t.agent_initial.size();
    default: return 1;
  }
}

// Columns that say what a row is: only its numbers may vary.
bool is_fixed_column(const Tables& t, const Patch& patch) {
  const int column = patch.cell % kFilterColumns;
  const bool is_filter = patch.table == PatchTable::kFilter;
  const bool is_mode_of_left =
      is_filter && column == 5 && t.filters[static_cast<size_t>(patch.cell / kFilterColumns)].op == FilterOp::kCompare;
  return (is_filter || patch.table == PatchTable::kEffect) && (column < 2 || column == 3 || is_mode_of_left);
}

}  // namespace

void read_params(const Reader& in, Tables& t) {
  t.param_tokens = in.table("param_tokens");
  t.patch_values = in.table("patch_values");
  all_in_range(t.param_tokens, 0, 255, "param_tokens");
  for (int i = 0; i < in.num_rows("params", 4); ++i) {
    const Row row(in, "params", 4, i);
    const int count = row.in(0, 1, 1024, "count");
    const int feature = row.in(1, kNone, t.num_features - 1, "feature");
    t.params.push_back({count, static_cast<int16_t>(feature),
                        feature == kNone ? 0 : range_of(row.values[2], count, t.param_tokens.size(), row.what + " tokens").begin});
  }
  for (int i = 0; i < in.num_rows("patches", 4); ++i) {
    const Row row(in, "patches", 4, i);
    Patch patch{row.in(0, 0, static_cast<int>(t.params.size()) - 1, "param"),
                static_cast<PatchTable>(row.in(1, 0, static_cast<int>(PatchTable::kCount) - 1, "table")), row.values[2], 0};
    row.in(2, 0, static_cast<int>(cells_of(t, patch.table)) - 1, "cell");
    if (is_fixed_column(t, patch)) refuse(row.what + ": what a rule's word is cannot vary, only its numbers");
    const int count = t.params[static_cast<size_t>(patch.param)].count;
    patch.values_begin = range_of(row.values[3], count, t.patch_values.size(), row.what + " values").begin;
    for (int d = 0; d < count; ++d)
      check_value(in, t, patch, t.patch_values[static_cast<size_t>(patch.values_begin + d)], row.what + " value");
    t.patches.push_back(patch);
  }
}

}  // namespace metta::colony
