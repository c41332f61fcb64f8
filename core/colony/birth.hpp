// Children: a free slot of an agent comes to life beside its parents, with a body and variables from both.
#pragma once

#include "colony/kinship.hpp"

namespace metta::colony {

// A random word for one question about a birth; births of one step are told apart by the child's slot.
METTA_FN inline uint64_t draw_for_child(const World& w, int child, uint32_t question) {
  return w.draw(Purpose::kBirth, static_cast<uint32_t>(child) * 512u + question);
}

METTA_FN inline int choose_parent(const World& w, int child, uint32_t question, int mother, int father) {
  return father != kNone && (draw_for_child(w, child, question) >> 63) != 0 ? father : mother;
}

METTA_FN inline int choose_body(const World& w, int child, int mother, int father, int mutation) {
  const uint64_t bits = draw_for_child(w, child, 0);
  const bool mutates = static_cast<int>(bits & 0xffff) < mutation && !w.t.body_draws.empty();
  const auto num_bodies = static_cast<uint32_t>(w.t.body_draws.size());
  if (mutates) return w.t.body_draws[bounded(static_cast<uint32_t>(bits >> 32), num_bodies)];
  return w.profiles[choose_parent(w, child, 1, mother, father)];
}

// Each gene comes from one of the parents; a mutation changes it by up to its span, either way.
METTA_FN inline void inherit_genes(World& w, int child, int mother, int father) {
  for (size_t g = 0; g < w.t.genes.size(); ++g) {
    const Gene& gene = w.t.genes[g];
    const auto question = static_cast<uint32_t>(2 + g);
    int value = w.get(choose_parent(w, child, question, mother, father), gene.variable);
    const uint64_t bits = draw_for_child(w, child, question);
    const bool mutates = static_cast<int>(bits & 0xffff) < gene.mutation;
    const auto choices = static_cast<uint32_t>(2 * gene.span + 1);
    if (mutates) value += static_cast<int>(bounded(static_cast<uint32_t>(bits >> 16), choices)) - gene.span;
    w.set(child, gene.variable, value);
  }
}

// Who courted the last one in a child's slot did not court the child.
METTA_FN inline void forget_courting(World& w, int child) {
  for (int other = 0; other < w.t.num_agents; ++other) {
    if (w.courted[other] == child + 1) w.courted[other] = 0;
  }
}

// False if there is no slot, or no room beside the place.
METTA_FN inline bool bear(World& w, int mother, int father, Place place, int mutation) {
  const int child = w.free_agent_slot(w.header.tick);
  const auto first = static_cast<uint32_t>(w.draw(Purpose::kPlace, w.header.num_draws++) >> 61);
  const Place cell = w.free_cell_beside(place, first);
  if (child == kNone || !cell.is_on_map()) return false;
  const int body = choose_body(w, child, mother, father, mutation);
  w.put(child, cell.row, cell.col);
  w.become(child, kAgentKind, body);
  inherit_genes(w, child, mother, father);
  inherit_kinship(w, child, mother, father);
  forget_courting(w, child);
  w.last_actions[child] = kNoop;
  w.choices[child] = kNoop;
  ++w.header.num_alive;
  return true;
}

}  // namespace metta::colony
