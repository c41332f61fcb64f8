// Which actions the coming step allows: the conditions of actions, read from the raw tables in the most obvious way.
#include <algorithm>

#include "slow_view.hpp"

namespace metta {

int SlowView::group_of(int agent) const {
  const int variable = raw("sizes", kGroupVariable);
  const int group = variable < 0 ? 0 : w_.get(agent, variable);
  if (group < 1 || group > raw("sizes", kNumGroups)) return -1;
  return raw("sizes", kNumAgents) + (raw("sizes", kWorldKind) >= 0 ? 1 : 0) + group - 1;
}

// In a condition, the target is the agent itself.
int SlowView::object_of(int who, int agent) const {
  if (who == 2) return raw("sizes", kWorldKind) >= 0 ? raw("sizes", kNumAgents) : -1;
  return who == 3 ? group_of(agent) : agent;
}

int SlowView::variable_of(int object, int variable) const { return object < 0 ? 0 : w_.get(object, variable); }

int SlowView::operand(int mode, int index, int agent) const {
  const int num_traits = num_rows("profile_trait", num_rows("profile_radius", 1));
  switch (mode) {
    case 1: return raw("profile_trait", w_.profiles[agent] * num_traits + index);
    case 3: return variable_of(agent, index);
    case 5: return variable_of(object_of(2, agent), index);
    case 6: return variable_of(object_of(3, agent), index);
    default: return index;
  }
}

bool SlowView::has_room(int object, int variable, int wanted) const {
  if (object < 0) return false;
  const int cap = raw("profile_cap", w_.profiles[object] * num_rows("var_countdown", 1) + variable);
  return cap - w_.get(object, variable) >= wanted;
}

bool SlowView::is_meant(int reach, int object, int agent) const {
  const int kind = raw("reaches", reach * 6), variable = raw("reaches", reach * 6 + 2), same = raw("reaches", reach * 6 + 5);
  if (kind >= 0 && w_.kinds[object] != kind) return false;
  if (same >= 0 && w_.get(object, same) != w_.get(agent, same)) return false;
  if (variable < 0) return true;
  const int wanted = raw("reaches", reach * 6 + 4), has = w_.get(object, variable);
  return raw("reaches", reach * 6 + 3) != 0 ? has == wanted : has >= wanted;
}

// The things that a reach means around an object, without what stands in the middle.
std::vector<int> SlowView::around(int reach, int object, int agent) const {
  std::vector<int> found;
  const int radius = raw("reaches", reach * 6 + 1);
  if (object < 0 || w_.places[object].row < 0) return found;
  for (int other = 0; other < raw("sizes", kMaxObjects); ++other) {
    const colony::Place center = w_.places[object], place = w_.places[other];
    if (other == object || place.row < 0) continue;
    const int distance = std::max(std::abs(place.row - center.row), std::abs(place.col - center.col));
    if (distance <= radius && is_meant(reach, other, agent)) found.push_back(other);
  }
  return found;
}

int SlowView::ground_of(int object) const {
  if (object < 0 || w_.places[object].row < 0 || num_rows("grounds", 3) == 1) return 0;
  return w_.ground[w_.places[object].row * raw("sizes", kWidth) + w_.places[object].col];
}

int SlowView::trace_of(int object) const {
  if (object < 0 || w_.places[object].row < 0 || num_rows("trace_features", 1) == 1) return 0;
  const int at = w_.places[object].row * raw("sizes", kWidth) + w_.places[object].col;
  return w_.trace_ends[at] > w_.header.tick + 1 ? w_.traces[at] : 0;  // of the coming step
}

bool SlowView::can_bear(int object) const {
  if (object < 0 || w_.places[object].row < 0) return false;
  bool has_slot = false, has_cell = false;
  for (int agent = 0; agent < raw("sizes", kNumAgents); ++agent) has_slot |= w_.kinds[agent] == 0;
  for (int down = -1; down <= 1; ++down) {
    for (int right = -1; right <= 1; ++right) {
      const int row = w_.places[object].row + down, col = w_.places[object].col + right;
      has_cell |= is_inside(row, col) && object_at(row, col) < 0;
    }
  }
  return has_slot && has_cell;
}

bool SlowView::holds(int filter, int agent) const {
  const auto column = [&](int index) { return raw("filters", filter * 8 + index); };
  const int object = object_of(column(1), agent), wanted = operand(column(3), column(4), agent);
  bool result = false;
  switch (static_cast<colony::FilterOp>(column(0))) {
    case colony::FilterOp::kAtLeast: result = variable_of(object, column(2)) >= wanted; break;
    case colony::FilterOp::kAtMost: result = variable_of(object, column(2)) <= wanted; break;
    case colony::FilterOp::kHasRoom: result = has_room(object, column(2), wanted); break;
    case colony::FilterOp::kEvery: result = static_cast<int>(w_.header.tick + 1) % wanted == column(5); break;
    case colony::FilterOp::kNearby: result = static_cast<int>(around(column(5), object, agent).size()) >= wanted; break;
    case colony::FilterOp::kTotal: {
      int64_t total = 0;
      for (const int other : around(column(5), object, agent)) total += w_.get(other, column(2));
      result = total >= wanted;
      break;
    }
    case colony::FilterOp::kCompare: result = operand(column(5), column(6), agent) >= wanted; break;
    case colony::FilterOp::kBonded: result = object >= 0 && object < raw("sizes", kNumAgents) && w_.partners[object] != 0; break;
    case colony::FilterOp::kOnGround: result = ground_of(object) == column(5); break;
    case colony::FilterOp::kOnTrace: result = trace_of(object) == column(5); break;
    case colony::FilterOp::kCanBear: result = can_bear(object); break;
    default: break;
  }
  return result != (column(7) != 0);
}

std::vector<uint8_t> SlowView::action_mask(int agent) const {
  std::vector<uint8_t> mask;
  for (int action = 0; action < num_rows("actions", 3); ++action) {
    bool is_possible = action == 0 || w_.kinds[agent] != 0;
    for (int i = raw("action_conditions_begin", action); is_possible && i < raw("action_conditions_begin", action + 1); ++i) {
      is_possible = holds(raw("conditions", raw("action_conditions", i)), agent);
    }
    mask.push_back(is_possible);
  }
  return mask;
}

}  // namespace metta
