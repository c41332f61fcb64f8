// Who is near to whom: scores dealt at the start of an episode, inherited by children, shown exactly or with an error.
#pragma once

#include "colony/world.hpp"

namespace metta::colony {

METTA_FN inline uint8_t& kinship_of(const World& w, int agent, int other) {
  return w.kinship[static_cast<size_t>(agent) * static_cast<size_t>(w.t.num_agents) + static_cast<size_t>(other)];
}

// How near `other` is to `agent`, of kFullKinship. Without kinship everybody is near to itself alone.
METTA_FN inline int kinship_score(const World& w, int agent, int other) {
  if (agent == other) return kFullKinship;
  return w.t.has_kinship() ? kinship_of(w, agent, other) : 0;
}

METTA_FN inline uint32_t draw_below(const World& w, Purpose purpose, uint32_t index, size_t bound) {
  return bounded(static_cast<uint32_t>(w.draw(purpose, index) >> 32), static_cast<uint32_t>(bound));
}

// One of the prepared matrices; agents take its places in a new order if the game says so.
METTA_FN inline void deal_template(World& w) {
  const KinshipTables& k = w.t.kinship;
  const auto n = static_cast<size_t>(w.t.num_agents);
  const size_t which = draw_below(w, Purpose::kKinship, 0, static_cast<size_t>(k.num_templates));
  const uint8_t* const scores = k.templates.data() + which * n * n;
  for (size_t a = 0; a < n; ++a) {
    uint8_t* const row = w.kinship + w.order[a] * n;
    for (size_t b = 0; b < n; ++b) row[w.order[b]] = scores[a * n + b];
  }
  if (k.groups.empty()) return;
  for (size_t a = 0; a < n; ++a) {
    if (w.is_alive(w.order[a])) w.set(w.order[a], w.t.group_variable, k.groups[which * n + a]);
  }
}

METTA_FN inline void deal_random_pairs(World& w) {
  const KinshipTables& k = w.t.kinship;
  const int n = w.t.num_agents;
  for (int a = 0; a < n; ++a) {
    for (int b = 0; b < n; ++b) {
      const bool is_mirrored = k.is_symmetric && b < a;
      const auto index = static_cast<uint32_t>(is_mirrored ? b * n + a : a * n + b);
      kinship_of(w, a, b) = a == b ? uint8_t{kFullKinship} : k.values[draw_below(w, Purpose::kKinship, index, k.values.size())];
    }
  }
}

// Relatedness by descent: to everybody the mean of its parents'. A single parent counts as half.
METTA_FN inline void inherit_kinship(World& w, int child, int mother, int father) {
  if (!w.t.has_kinship()) return;
  for (int other = 0; other < w.t.num_agents; ++other) {
    const int of_father = father == kNone ? 0 : kinship_score(w, father, other);
    const int to_father = father == kNone ? 0 : kinship_score(w, other, father);
    kinship_of(w, child, other) = static_cast<uint8_t>((kinship_score(w, mother, other) + of_father) / 2);
    kinship_of(w, other, child) = static_cast<uint8_t>((kinship_score(w, other, mother) + to_father) / 2);
  }
  kinship_of(w, child, child) = kFullKinship;
}

// What `agent` is shown of how near `other` is. An error of an episode is drawn for the same tick every time: no state is needed.
METTA_FN inline int shown_kinship(const World& w, int agent, int other) {
  const KinshipTables& k = w.t.kinship;
  const int score = kinship_score(w, agent, other);
  if (k.noise_mode == KinshipNoise::kExact) return score;
  const uint32_t tick = k.noise_mode == KinshipNoise::kPerObservation ? w.header.tick : 0;
  const auto index = static_cast<uint32_t>(agent * w.t.num_agents + other);
  const uint64_t bits = squares64(counter_of(tick, Purpose::kKinshipNoise, index), w.header.episode_key);
  const int error = k.noise[bounded(static_cast<uint32_t>(bits >> 32), static_cast<uint32_t>(k.noise.size()))];
  return clamp(score + error, 0, kFullKinship);
}

}  // namespace metta::colony
