// Passing rewards on. Every way keeps the sum of all rewards: what does not divide stays with whoever earned it.
// Only agents that earned something in the step cost anything, so rare rewards are cheap among thousands of agents.
#pragma once

#include "colony/events/recorder.hpp"
#include "colony/kinship.hpp"

namespace metta::colony {

// How much of a gift of `from` goes to `to`, relative to the others. The earner itself takes part.
METTA_FN inline int sharing_weight(const World& w, const Sharing& way, int from, int to) {
  switch (way.mode) {
    case SharingMode::kKinship: return kinship_score(w, from, to);
    case SharingMode::kGroup: return w.get(from, way.variable) == w.get(to, way.variable);
    case SharingMode::kFamily: return kinship_score(w, from, to) >= way.limit;
    default: return from == to;
  }
}

METTA_FN inline int number_of(const World& w, const Sharing& way) { return static_cast<int>(&way - w.t.sharing.data()); }

template <class Log>
METTA_FN inline void hand_over(World& w, const Sharing& way, int from, int to, int64_t part, [[maybe_unused]] Log log) {
  w.shared[from] = saturated(int64_t{w.shared[from]} - part);
  w.shared[to] = saturated(int64_t{w.shared[to]} + part);
  w.count(from, way.stat_given, saturated(part));
  w.count(to, way.stat_received, saturated(part));
  if constexpr (Log::kIsOn) log.shared(number_of(w, way), from, to, part);
}

// r_i' = (1 - s) r_i + s * sum_j weight(j, i) / sum_k weight(j, k) * r_j
template <class Log>
METTA_FN inline void share_among(World& w, const Sharing& way, int from, int64_t gift, Log log) {
  int64_t total = 0;
  for (int to = 0; to < w.t.num_agents; ++to) total += to == from || w.is_alive(to) ? sharing_weight(w, way, from, to) : 0;
  if (total == 0) return;
  for (int to = 0; to < w.t.num_agents; ++to) {
    if (to == from || !w.is_alive(to)) continue;
    const int64_t part = gift * sharing_weight(w, way, from, to) / total;
    if (part != 0) hand_over(w, way, from, to, part, log);
  }
}

// r_a' = (1 - s) r_a + s r_b for two who are bonded.
template <class Log>
METTA_FN inline void share_with_mate(World& w, const Sharing& way, int from, int64_t gift, Log log) {
  const int mate = w.partner(from);
  if (mate != kNone) hand_over(w, way, from, mate, gift, log);
}

// Every `limit` steps agents are ranked by a variable: r_i += share * (lower - higher) / (n - 1). The sum is 0, but for rounding.
METTA_FN inline void reward_ranks(World& w, const Sharing& way) {
  if (w.header.tick % static_cast<uint32_t>(way.limit) != 0 || w.header.num_alive < 2) return;
  for (int agent = 0; agent < w.t.num_agents; ++agent) {
    if (!w.is_alive(agent)) continue;
    int64_t lead = 0;
    const int value = w.get(agent, way.variable);
    for (int other = 0; other < w.t.num_agents; ++other) {
      if (!w.is_alive(other)) continue;
      lead += (w.get(other, way.variable) < value) - (w.get(other, way.variable) > value);
    }
    w.shared[agent] = saturated(int64_t{way.share} * lead / (w.header.num_alive - 1));
  }
}

template <class Log>
METTA_APART inline void share_rewards(World& w, Log log) {
  for (const Sharing& way : w.t.sharing) {
    std::memset(w.shared, 0, static_cast<size_t>(w.t.num_agents) * sizeof(int32_t));
    if constexpr (Log::kIsOn) log.sharing_begins();
    if (way.mode == SharingMode::kPrestige) reward_ranks(w, way);
    for (int agent = 0; agent < w.t.num_agents && way.mode != SharingMode::kPrestige; ++agent) {
      if (w.rewards[agent] == 0 || !w.is_alive(agent)) continue;  // the dead keep what they earned
      const int64_t gift = int64_t{w.rewards[agent]} * way.share / 65536;
      if (way.mode == SharingMode::kBond) share_with_mate(w, way, agent, gift, log);
      else share_among(w, way, agent, gift, log);
    }
    for (int agent = 0; agent < w.t.num_agents; ++agent) {
      const int before = w.rewards[agent];
      w.rewards[agent] = saturated(int64_t{before} + w.shared[agent]);
      if constexpr (Log::kIsOn) log.sharing_ends(number_of(w, way), agent, w.rewards[agent] - before);
    }
  }
}

}  // namespace metta::colony
