// Numbers that are drawn for every episode: a world of such a game has its own copy of the rules' numbers.
#pragma once

#include "colony/kinship.hpp"
#include "colony/world.hpp"

namespace metta::colony {

METTA_FN inline void patch_filter(Filter& filter, int column, int value) {
  switch (column) {
    case 2: filter.variable = static_cast<int16_t>(value); break;
    case 4: filter.operand.value = value; break;
    case 5: filter.extra1 = value; break;
    case 6: filter.extra2 = value; break;
    case 7: filter.negate = value != 0; break;
    default: break;
  }
}

METTA_FN inline void patch_effect(Effect& effect, int column, int value) {
  switch (column) {
    case 2: effect.variable = static_cast<int16_t>(value); break;
    case 4: effect.operand.value = value; break;
    case 5: effect.extra1 = value; break;
    case 6: effect.extra2 = value; break;
    case 7: effect.reach = value; break;
    default: break;
  }
}

METTA_FN inline void apply_patch(World& w, const Patch& patch) {
  const int value = w.t.patch_values[static_cast<size_t>(patch.values_begin + w.param_choices[patch.param])];
  switch (patch.table) {
    case PatchTable::kCap: w.own_caps[patch.cell] = value; break;
    case PatchTable::kInitial: w.own_initials[patch.cell] = value; break;
    case PatchTable::kTrait: w.own_traits[patch.cell] = value; break;
    case PatchTable::kFilter: patch_filter(w.own_filters[patch.cell / kFilterColumns], patch.cell % kFilterColumns, value); break;
    case PatchTable::kEffect: patch_effect(w.own_effects[patch.cell / kEffectColumns], patch.cell % kEffectColumns, value); break;
    case PatchTable::kAgentInitial: w.own_agent_initial[patch.cell] = value; break;
    default: w.header.last_tick = static_cast<uint32_t>(value); break;
  }
}

// The world's numbers from the game's and from what was drawn.
METTA_FN inline void write_own_numbers(World& w) {
  const auto copy = [](const auto& from, auto* to) {
    if (!from.empty()) std::memcpy(static_cast<void*>(to), from.data(), from.size() * sizeof(from[0]));
  };
  copy(w.t.caps, w.own_caps);
  copy(w.t.initials, w.own_initials);
  copy(w.t.traits, w.own_traits);
  copy(w.t.filters, w.own_filters);
  copy(w.t.effects, w.own_effects);
  copy(w.t.agent_initial, w.own_agent_initial);
  for (const Patch& patch : w.t.patches) apply_patch(w, patch);
}

METTA_FN inline void draw_params(World& w) {
  for (size_t p = 0; p < w.t.params.size(); ++p) {
    const auto count = static_cast<size_t>(w.t.params[p].count);
    w.param_choices[p] = static_cast<uint16_t>(draw_below(w, Purpose::kParam, static_cast<uint32_t>(p), count));
  }
  write_own_numbers(w);
}

}  // namespace metta::colony
