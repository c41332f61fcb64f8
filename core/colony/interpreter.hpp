// Reads the rule table: operands, filters, effects, and which rule of a list applies.
#pragma once

#include "colony/world.hpp"

namespace metta::colony {

// Who a rule is about. The target may be an empty cell: then `target` is kNone and only the place counts.
struct Scene {
  int actor;
  int target;
  Place place;  // of the target

  METTA_FN int object(Who who) const { return who == Who::kActor ? actor : target; }
};

class Interpreter {
 public:
  METTA_FN explicit Interpreter(World& world) : Interpreter(world, world.header.tick) {}
  // For a step other than the world's current one: `tick` is what EVERY looks at.
  METTA_FN Interpreter(World& world, uint32_t tick) : w(world), t(world.t), tick_(tick) {}

  METTA_FN bool holds(const Filter& filter, const Scene& scene) { return evaluate(filter, scene) != filter.negate; }

  METTA_FN bool all_hold(Range filters, const Scene& scene) {
    for (int i = filters.begin; i < filters.begin + filters.count; ++i) {
      if (!holds(t.filters[static_cast<size_t>(i)], scene)) return false;
    }
    return true;
  }

  METTA_FN void apply_all(Range effects, const Scene& scene) {
    for (int i = effects.begin; i < effects.begin + effects.count; ++i) apply(t.effects[static_cast<size_t>(i)], scene);
  }

  // The first rule of the list that applies runs. False if none does.
  METTA_FN bool run_first(Range rules, const Scene& scene) {
    for (int i = rules.begin; i < rules.begin + rules.count; ++i) {
      const Rule& rule = t.rules[static_cast<size_t>(i)];
      if (!all_hold(rule.filters, scene)) continue;
      apply_all(rule.effects, scene);
      return true;
    }
    return false;
  }

  // Every rule of the list that applies runs, in order, as long as the object lives.
  METTA_FN void run_all(Range rules, int object) {
    for (int i = rules.begin; i < rules.begin + rules.count && w.is_alive(object); ++i) run(t.rules[static_cast<size_t>(i)], object);
  }

  // A step rule of one object: it is both actor and target.
  METTA_FN void run(const Rule& rule, int object) {
    const Scene scene{object, object, w.places[object]};
    if (all_hold(rule.filters, scene)) apply_all(rule.effects, scene);
  }

  // True if the rule begins by waiting for another tick: then nobody needs to be looked at.
  METTA_FN bool is_out_of_season(const Rule& rule) {
    if (rule.filters.count == 0) return false;
    const Filter& first = t.filters[static_cast<size_t>(rule.filters.begin)];
    return first.op == FilterOp::kEvery && !holds(first, {kNone, kNone, kNowhere});
  }

 private:
  // An absent object (an empty cell, or one removed by an earlier effect) has 0 of everything.
  METTA_FN bool is_present(int object) const { return object != kNone && w.is_alive(object); }
  METTA_FN int variable_of(int object, int variable) const { return is_present(object) ? w.get(object, variable) : 0; }
  METTA_FN int trait_of(int object, int trait) const {
    return is_present(object) ? t.traits[static_cast<size_t>(w.profiles[object] * t.num_traits + trait)] : 0;
  }

  METTA_FN int value_of(const Operand& operand, const Scene& scene) const {
    switch (operand.mode) {
      case OperandMode::kActorTrait: return trait_of(scene.actor, operand.value);
      case OperandMode::kTargetTrait: return trait_of(scene.target, operand.value);
      case OperandMode::kActorVariable: return variable_of(scene.actor, operand.value);
      case OperandMode::kTargetVariable: return variable_of(scene.target, operand.value);
      default: return operand.value;
    }
  }

  METTA_FN bool evaluate(const Filter& filter, const Scene& scene) {
    const int object = scene.object(filter.who);
    const int wanted = value_of(filter.operand, scene);
    switch (filter.op) {
      case FilterOp::kAtLeast: return variable_of(object, filter.variable) >= wanted;
      case FilterOp::kAtMost: return variable_of(object, filter.variable) <= wanted;
      case FilterOp::kHasRoom: return is_present(object) && w.cap(object, filter.variable) - w.get(object, filter.variable) >= wanted;
      case FilterOp::kSame: return variable_of(scene.actor, filter.variable) == variable_of(scene.target, filter.variable);
      case FilterOp::kChance: return static_cast<int>(w.draw_chance()) < wanted;
      case FilterOp::kEvery: return static_cast<int>(tick_ % static_cast<uint32_t>(wanted)) == filter.extra1;
      case FilterOp::kNearby: return count_nearby(filter, scene) >= wanted;
      default: return false;
    }
  }

  METTA_FN int count_nearby(const Filter& filter, const Scene& scene) const {
    const Place center = filter.who == Who::kActor ? w.places[scene.actor] : scene.place;
    if (!center.is_on_map()) return 0;
    int found = 0;
    for (int row = center.row - filter.extra2; row <= center.row + filter.extra2; ++row) {
      for (int col = center.col - filter.extra2; col <= center.col + filter.extra2; ++col) {
        if (!w.is_inside(row, col) || (row == center.row && col == center.col)) continue;
        const int object = w.object_at(row, col);
        const bool is_kind = object != kNone && (filter.extra1 == kNone || w.kinds[object] == filter.extra1);
        found += is_kind && (filter.variable == kNone || w.get(object, filter.variable) >= 1);
      }
    }
    return found;
  }

  METTA_FN void apply(const Effect& effect, const Scene& scene) {
    const int object = scene.object(effect.who);
    const int amount = value_of(effect.operand, scene);
    switch (effect.op) {
      case EffectOp::kAdd:
        if (is_present(object)) w.add(object, effect.variable, saturated(effect.extra1 == 1 ? -static_cast<int64_t>(amount) : amount));
        break;
      case EffectOp::kSet:
        if (is_present(object)) w.set(object, effect.variable, amount);
        break;
      case EffectOp::kMove: transfer(effect, scene, amount); break;
      case EffectOp::kStep: step_to(scene); break;
      case EffectOp::kSwap:
        if (are_two(scene)) w.swap_places(scene.actor, scene.target);
        break;
      case EffectOp::kPush: push(scene); break;
      case EffectOp::kRemove:
        if (is_present(object)) w.remove(object);
        break;
      case EffectOp::kSpawn: spawn(effect.extra1, scene.place); break;
      case EffectOp::kBecome:
        if (is_present(object) && !w.is_agent(object)) w.become(object, effect.extra1, t.kind_profile[static_cast<size_t>(effect.extra1)]);
        break;
      case EffectOp::kReward:
        if (is_present(object) && w.is_agent(object)) w.rewards[object] = saturated(int64_t{w.rewards[object]} + amount);
        break;
      case EffectOp::kCount_:
        if (object != kNone) w.count(object, effect.extra1, amount);
        break;
      case EffectOp::kProfile:
        if (is_present(object)) w.change_profile(object, effect.extra1);
        break;
      default: break;
    }
  }

  METTA_FN bool are_two(const Scene& scene) const {
    return is_present(scene.actor) && is_present(scene.target) && scene.actor != scene.target;
  }

  METTA_FN void transfer(const Effect& effect, const Scene& scene, int amount) {
    if (!are_two(scene)) return;
    const int giver = scene.object(effect.who);
    const int receiver = effect.who == Who::kActor ? scene.target : scene.actor;
    const int room = w.cap(receiver, effect.variable) - w.get(receiver, effect.variable);
    const int has = w.get(giver, effect.variable);
    int moved = amount < has ? amount : has;
    moved = moved < room ? moved : room;
    if (moved <= 0) return;
    w.add(giver, effect.variable, -moved);
    w.add(receiver, effect.variable, moved);
  }

  METTA_FN bool is_free(int row, int col) const { return w.is_inside(row, col) && w.object_at(row, col) == kNone; }

  METTA_FN void step_to(const Scene& scene) {
    if (is_present(scene.actor) && is_free(scene.place.row, scene.place.col)) w.move_to(scene.actor, scene.place.row, scene.place.col);
  }

  METTA_FN void push(const Scene& scene) {
    if (!are_two(scene)) return;
    const Place from = w.places[scene.actor], pushed = w.places[scene.target];
    const int row = pushed.row + (pushed.row > from.row) - (pushed.row < from.row);
    const int col = pushed.col + (pushed.col > from.col) - (pushed.col < from.col);
    if (!is_free(row, col)) return;
    w.move_to(scene.target, row, col);
    w.move_to(scene.actor, pushed.row, pushed.col);
  }

  METTA_FN void spawn(int kind, Place place) {
    if (!place.is_on_map() || !is_free(place.row, place.col)) return;
    const int object = w.free_slot();
    if (object == kNone) return;
    w.put(object, place.row, place.col);
    w.become(object, kind, t.kind_profile[static_cast<size_t>(kind)]);
  }

  World& w;
  const Tables& t;
  const uint32_t tick_;
};

}  // namespace metta::colony
