// What happens by itself each step: countdowns run, then the rules of every kind that hang on "step".
#pragma once

#include "colony/interpreter.hpp"

namespace metta::colony {

METTA_FN inline void run_countdowns(World& w) {
  w.ticking.for_each(w.t.set_words, [&](int object) {
    bool is_running = false;
    for (const int32_t variable : w.t.countdowns) {
      const int left = w.get(object, variable);
      if (left > 0) w.set(object, variable, left - 1);
      is_running |= left > 1;
    }
    if (!is_running) w.ticking.erase(object);
  });
}

// Traces that are gone cost nothing from now on. Whether they are gone does not depend on this.
METTA_FN inline void sweep_traces(World& w) {
  constexpr uint32_t kPeriod = 32;
  if (!w.t.has_traces() || w.header.tick % kPeriod != 0) return;
  for (int row = 0; row < w.t.height; ++row) {
    for (int col = 0; col < w.t.width; ++col) {
      const Place place{static_cast<int16_t>(row), static_cast<int16_t>(col)};
      if (w.traces[cell_of(w, place)] != 0 && trace_at(w, place, w.header.tick) == 0) leave_trace(w, place, 0, 0);
    }
  }
}

// Rule by rule, each for every agent in turn, then for every other object whose kind has step rules.
template <class Log>
METTA_APART inline void run_step_rules(World& w, Log log) {
  Interpreter interpreter(w, log);
  const Range of_agents = w.t.step_rules[kAgentKind];
  for (int i = of_agents.begin; i < of_agents.begin + of_agents.count; ++i) {
    const Rule& rule = w.t.rules[static_cast<size_t>(i)];
    if (interpreter.is_out_of_season(rule)) continue;
    for (int agent = 0; agent < w.t.num_agents; ++agent) {
      if (w.is_alive(agent)) interpreter.run(rule, agent);
    }
  }
  w.stepping.for_each(w.t.set_words, [&](int object) {
    if (w.is_alive(object)) interpreter.run_all(w.t.step_rules[w.kinds[object]], object);
  });
}

}  // namespace metta::colony
