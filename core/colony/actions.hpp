// Which actions are possible, and doing them: choose, world effects, act in shuffled order.
#pragma once

#include "colony/interpreter.hpp"

namespace metta::colony {

METTA_FN inline Scene scene_of_self(const World& w, int agent) { return {agent, agent, w.places[agent]}; }

// One byte an action: 1 possible in the coming step, 0 not. A dead agent can only do nothing.
METTA_FN inline void write_mask(World& w, int agent, uint8_t* mask) {
  const Tables& t = w.t;
  uint8_t possible[256];
  std::memset(possible, 1, static_cast<size_t>(t.mask_stride));
  const auto num_conditions = w.is_alive(agent) ? static_cast<int>(t.conditions.size()) : 0;
  Interpreter<> interpreter(w, w.header.tick + 1);
  const Scene scene = scene_of_self(w, agent);
  for (int c = 0; c < num_conditions; ++c) {
    if (interpreter.holds(t.conditions[static_cast<size_t>(c)], scene)) continue;
    const uint8_t* allowed = t.allowed_without.data() + c * t.mask_stride;
    for (int a = 0; a < t.mask_stride; a += 8) {
      const uint64_t both = load_unaligned<uint64_t>(possible + a) & load_unaligned<uint64_t>(allowed + a);
      std::memcpy(possible + a, &both, sizeof both);
    }
  }
  if (!w.is_alive(agent)) std::memset(possible + 1, 0, static_cast<size_t>(t.mask_stride) - 1);
  std::memcpy(mask, possible, static_cast<size_t>(t.num_actions));
}

METTA_FN inline bool is_possible(World& w, int agent, const Action& action) {
  if (!w.is_alive(agent)) return false;
  Interpreter<> interpreter(w);
  const Scene scene = scene_of_self(w, agent);
  for (int i = action.conditions.begin; i < action.conditions.begin + action.conditions.count; ++i) {
    const auto condition = static_cast<size_t>(w.t.action_conditions[static_cast<size_t>(i)]);
    if (!interpreter.holds(w.t.conditions[condition], scene)) return false;
  }
  return true;
}

// What each agent does: its action if the mask that it saw allows it, else nothing.
METTA_FN inline void choose_actions(World& w, const int32_t* actions, const uint8_t* masks) {
  for (int agent = 0; agent < w.t.num_agents; ++agent) {
    const int32_t wanted = actions[agent];
    const bool is_known = wanted >= 0 && wanted < w.t.num_actions;
    const int action = is_known ? wanted : kNoop;
    const bool is_done = is_known && masks[agent * w.t.num_actions + action] != 0;
    w.choices[agent] = static_cast<uint8_t>(is_done ? action : kNoop);
    if (!is_done) w.count(agent, w.t.actions[static_cast<size_t>(action)].stat_failed, w.is_alive(agent));
  }
}

METTA_FN inline Place aim(const World& w, int agent, const Action& action) {
  const Place from = w.places[agent];
  const int heading = w.get(agent, kHeading);
  int down = 0, right = 0;
  if (action.selector == Selector::kAbsolute) {
    down = kRowStep[action.forward_or_direction];
    right = kColStep[action.forward_or_direction];
  } else if (action.selector == Selector::kRelative) {
    const int side = (heading + 1) & 3;
    down = action.forward_or_direction * kRowStep[heading] + action.right * kRowStep[side];
    right = action.forward_or_direction * kColStep[heading] + action.right * kColStep[side];
  }
  return {static_cast<int16_t>(from.row + down), static_cast<int16_t>(from.col + right)};
}

// What is logged before the price is paid; a noop that costs nothing is no event.
template <class Log>
inline void log_attempt(const World& w, int agent, int action, Log log) {
  if (action == kNoop && w.t.actions[kNoop].costs.count == 0) return;
  const Place place = aim(w, agent, w.t.actions[static_cast<size_t>(action)]);
  const bool is_inside = w.is_inside(place.row, place.col);
  log.acted(w, agent, action, is_inside ? w.object_at(place.row, place.col) : kNone, is_inside ? place : kNowhere);
}

// Pays and tries the chosen action. Someone who acted earlier in this step may have made it impossible.
template <class Log>
METTA_APART inline void act(World& w, int agent, Log log) {
  const Tables& t = w.t;
  const int index = w.choices[agent];
  const Action& action = t.actions[static_cast<size_t>(index)];
  if (!is_possible(w, agent, action)) {
    w.count(agent, action.stat_failed, w.is_alive(agent));
    w.choices[agent] = kNoop;
    return;
  }
  Interpreter interpreter(w, log);
  if constexpr (Log::kIsOn) log_attempt(w, agent, index, log);
  interpreter.apply_all(action.costs, scene_of_self(w, agent));
  const Place place = aim(w, agent, action);
  bool is_done = false;
  if (w.is_alive(agent) && w.is_inside(place.row, place.col)) {  // the price may have been its life
    const int target = w.object_at(place.row, place.col);
    const int kind = target == kNone ? kEmptyKind : w.kinds[target];
    is_done = interpreter.run_first(t.action_rules[static_cast<size_t>(index * t.num_kinds + kind)], {agent, target, place});
  }
  w.count(agent, is_done ? action.stat_success : action.stat_failed, 1);
}

// A fresh order every step (Fisher-Yates, two draws from each random word), so that nobody is always first.
METTA_FN inline void shuffle_order(World& w, Purpose purpose, int n) {
  for (int i = 0; i < n; ++i) w.order[i] = static_cast<uint16_t>(i);
  uint64_t word = 0;
  for (int i = n - 1; i > 0; --i) {
    const bool takes_new_word = ((n - 1 - i) & 1) == 0;
    word = takes_new_word ? w.draw(purpose, static_cast<uint32_t>(i)) : word >> 32;
    const auto other = static_cast<int>(bounded(static_cast<uint32_t>(word), static_cast<uint32_t>(i) + 1));
    const uint16_t held = w.order[i];
    w.order[i] = w.order[other];
    w.order[other] = held;
  }
}

template <class Log>
METTA_FN inline void do_actions(World& w, Log log) {
  shuffle_order(w, Purpose::kOrder, w.t.num_agents);
  for (int i = 0; i < w.t.num_agents; ++i) act(w, w.order[i], log);
  for (int agent = 0; agent < w.t.num_agents; ++agent) w.last_actions[agent] = w.choices[agent];
}

}  // namespace metta::colony
