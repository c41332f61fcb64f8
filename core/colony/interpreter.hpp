// Reads the rule table: operands, filters, effects, and which rule of a list applies.
#pragma once

#include "colony/birth.hpp"
#include "colony/events/recorder.hpp"
#include "colony/ground.hpp"
#include "colony/kinship.hpp"
#include "colony/world.hpp"

namespace metta::colony {

// Who a rule is about. The target may be an empty cell: then `target` is kNone and only the place counts, until something is
// spawned there.
struct Scene {
  int actor;
  int target;
  Place place;  // of the target
};

// Log: NoLog, or a Recorder that is told of everything that is done.
template <class Log = NoLog>
class Interpreter {
 public:
  METTA_FN explicit Interpreter(World& world, Log log = {}) : w(world), t(world.t), tick_(world.header.tick), log_(log) {}
  // For a step other than the world's current one: `tick` is what filters look at that ask for a time.
  METTA_FN Interpreter(World& world, uint32_t tick) : w(world), t(world.t), tick_(tick), log_() {}

  METTA_FN bool holds(const Filter& filter, const Scene& scene) { return evaluate(filter, scene) != (filter.negate != 0); }
  METTA_FN bool holds(int filter, const Scene& scene) { return holds(w.filters[filter], scene); }

  METTA_FN bool all_hold(Range filters, const Scene& scene) {
    for (int i = filters.begin; i < filters.begin + filters.count; ++i) {
      if (!holds(w.filters[i], scene)) return false;
    }
    return true;
  }

  METTA_FN void apply_all(Range effects, Scene scene) {
    for (int i = effects.begin; i < effects.begin + effects.count; ++i) {
      const Effect& effect = w.effects[i];
      if (effect.reach == kNone) apply(effect, scene);
      else apply_around(effect, scene);
    }
  }

  // The first rule of the list that applies runs. False if none does.
  METTA_FN bool run_first(Range rules, const Scene& scene) {
    for (int i = rules.begin; i < rules.begin + rules.count; ++i) {
      const Rule& rule = t.rules[static_cast<size_t>(i)];
      if (!all_hold(rule.filters, scene)) continue;
      if constexpr (Log::kIsOn) log_.fired(w, i, scene.actor, scene.target, scene.place);
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
    if (all_hold(rule.filters, scene)) {
      if constexpr (Log::kIsOn) log_.fired(w, static_cast<int>(&rule - t.rules.data()), object, object, scene.place);
      apply_all(rule.effects, scene);
    }
  }

  // True if the rule begins by waiting for another tick: then nobody needs to be looked at.
  METTA_FN bool is_out_of_season(const Rule& rule) {
    if (rule.filters.count == 0) return false;
    const Filter& first = w.filters[rule.filters.begin];
    return first.op == FilterOp::kEvery && !holds(first, {kNone, kNone, kNowhere});
  }

 private:
  METTA_FN int object_of(Who who, const Scene& scene) const {
    if (who == Who::kActor) return scene.actor;
    return who == Who::kTarget ? scene.target : placeless_object(who, scene);
  }

  METTA_SELDOM int placeless_object(Who who, const Scene& scene) const {
    return who == Who::kWorld ? t.world_object : group_of(scene.actor);
  }

  // Groups are numbered from 1; whoever is in none has none.
  METTA_FN int group_of(int object) const {
    if (t.group_variable == kNone || !is_present(object)) return kNone;
    const int group = w.get(object, t.group_variable);
    return group >= 1 && group <= t.num_groups ? t.first_group + group - 1 : kNone;
  }

  METTA_SELDOM Place place_of(Who who, const Scene& scene) const {
    if (who == Who::kTarget) return scene.place;
    const int object = object_of(who, scene);
    return is_present(object) ? w.places[object] : kNowhere;
  }

  // An absent object (an empty cell, or one removed by an earlier effect) has 0 of everything.
  METTA_FN bool is_present(int object) const { return object != kNone && w.is_alive(object); }
  METTA_FN bool is_live_agent(int object) const { return object != kNone && w.is_agent(object) && w.is_alive(object); }
  METTA_FN int variable_of(int object, int variable) const { return is_present(object) ? w.get(object, variable) : 0; }
  METTA_FN int trait_of(int object, int trait) const {
    return is_present(object) ? w.traits[w.profiles[object] * t.num_traits + trait] : 0;
  }

  METTA_FN int value_of(const Operand& operand, const Scene& scene) const {
    return operand.mode == OperandMode::kConstant ? operand.value : looked_up(operand, scene);
  }

  METTA_FN int looked_up(const Operand& operand, const Scene& scene) const {
    switch (operand.mode) {
      case OperandMode::kActorTrait: return trait_of(scene.actor, operand.value);
      case OperandMode::kTargetTrait: return trait_of(scene.target, operand.value);
      case OperandMode::kActorVariable: return variable_of(scene.actor, operand.value);
      case OperandMode::kTargetVariable: return variable_of(scene.target, operand.value);
      case OperandMode::kWorldVariable: return variable_of(t.world_object, operand.value);
      case OperandMode::kGroupVariable: return variable_of(group_of(scene.actor), operand.value);
      default: return operand.value;
    }
  }

  METTA_FN bool evaluate(const Filter& filter, const Scene& scene) {
    const int object = object_of(filter.who, scene);
    const int wanted = value_of(filter.operand, scene);
    switch (filter.op) {
      case FilterOp::kAtLeast: return variable_of(object, filter.variable) >= wanted;
      case FilterOp::kAtMost: return variable_of(object, filter.variable) <= wanted;
      case FilterOp::kHasRoom: return is_present(object) && w.cap(object, filter.variable) - w.get(object, filter.variable) >= wanted;
      case FilterOp::kSame: return variable_of(scene.actor, filter.variable) == variable_of(scene.target, filter.variable);
      case FilterOp::kChance: return happens(filter.operand.mode, wanted);
      case FilterOp::kEvery: return static_cast<int>(tick_ % static_cast<uint32_t>(wanted)) == filter.extra1;
      case FilterOp::kCompare: return value_of({static_cast<OperandMode>(filter.extra1), filter.extra2}, scene) >= wanted;
      default: return evaluate_surroundings(filter, scene, wanted);
    }
  }

  METTA_SELDOM bool evaluate_surroundings(const Filter& filter, const Scene& scene, int wanted) const {
    switch (filter.op) {
      case FilterOp::kNearby: return count_around(filter.extra1, filter.who, scene) >= wanted;
      case FilterOp::kTotal: return total_around(filter, scene) >= wanted;
      case FilterOp::kOnGround: return ground_at(w, place_of(filter.who, scene)) == filter.extra1;
      case FilterOp::kOnTrace: return trace_at(w, place_of(filter.who, scene), tick_) == filter.extra1;
      case FilterOp::kCanBear: return w.free_agent_slot(tick_) != kNone && w.free_cell_beside(place_of(filter.who, scene), 0).is_on_map();
      default: return evaluate_society(filter, scene, wanted);
    }
  }

  METTA_SELDOM bool evaluate_society(const Filter& filter, const Scene& scene, int wanted) const {
    const int object = object_of(filter.who, scene);
    const bool are_agents = is_live_agent(scene.actor) && is_live_agent(scene.target);
    switch (filter.op) {
      case FilterOp::kRelated: return are_agents && kinship_score(w, scene.actor, scene.target) >= wanted;
      case FilterOp::kBonded: return is_live_agent(object) && w.partner(object) != kNone;
      case FilterOp::kMates: return are_agents && w.partner(scene.actor) == scene.target;
      case FilterOp::kCourted:
        return are_agents && w.courted[scene.target] == scene.actor + 1 &&
               int64_t{w.header.tick} - w.court_ticks[scene.target] <= int64_t{wanted};
      default: return false;
    }
  }

  // A constant is in 1/65536; a trait or variable is in percent.
  METTA_FN bool happens(OperandMode mode, int chance) {
    const auto drawn = static_cast<int64_t>(w.draw_chance());
    return mode == OperandMode::kConstant ? drawn < chance : drawn * 100 < int64_t{chance} * 65536;
  }

  METTA_FN bool is_meant(const Reach& reach, int object, int shared) const {
    if (reach.kind != kNone && w.kinds[object] != reach.kind) return false;
    if (reach.same != kNone && w.get(object, reach.same) != shared) return false;
    if (reach.variable == kNone) return true;
    const int value = w.get(object, reach.variable);
    return reach.is_equal ? value == reach.value : value >= reach.value;
  }

  // Visits the things that a reach means, row by row, without the one in the middle.
  template <class Visit>
  METTA_FN void for_each_around(int reach_index, Who who, const Scene& scene, Visit&& visit) const {
    const Reach& reach = t.reaches[static_cast<size_t>(reach_index)];
    const Place center = place_of(who, scene);
    if (!center.is_on_map()) return;
    // Of the actor as it was before: it may be one of those who are visited.
    const int shared = reach.same == kNone ? 0 : variable_of(scene.actor, reach.same);
    const int top = clamp(center.row - reach.radius, 0, t.height - 1), bottom = clamp(center.row + reach.radius, 0, t.height - 1);
    const int left = clamp(center.col - reach.radius, 0, t.width - 1), right = clamp(center.col + reach.radius, 0, t.width - 1);
    for (int row = top; row <= bottom; ++row) {
      for (int col = left; col <= right; ++col) {
        const int object = w.object_at(row, col);
        if (object == kNone || (row == center.row && col == center.col)) continue;
        if (is_meant(reach, object, shared)) visit(object);
      }
    }
  }

  METTA_SELDOM int count_around(int reach, Who who, const Scene& scene) const {
    int found = 0;
    for_each_around(reach, who, scene, [&](int) { ++found; });
    return found;
  }

  METTA_SELDOM int total_around(const Filter& filter, const Scene& scene) const {
    int64_t total = 0;
    for_each_around(filter.extra1, filter.who, scene, [&](int object) { total += w.get(object, filter.variable); });
    return saturated(total);
  }

  METTA_SELDOM void apply_around(const Effect& effect, const Scene& scene) {
    const int amount = value_of(effect.operand, scene);
    if (effect.op == EffectOp::kGather) gather(effect, scene, amount);
    else for_each_around(effect.reach, effect.who, scene, [&](int object) { apply_to(effect, object, amount); });
  }

  // Takes an amount from all together: from each the same, as far as it has it, until the amount is reached.
  METTA_SELDOM void gather(const Effect& effect, const Scene& scene, int amount) {
    int num_givers = 1;
    while (amount > 0 && num_givers > 0) {
      num_givers = 0;
      for_each_around(effect.reach, effect.who, scene, [&](int object) { num_givers += w.get(object, effect.variable) > 0; });
      const int share = num_givers == 0 ? 0 : amount / num_givers > 1 ? amount / num_givers : 1;
      for_each_around(effect.reach, effect.who, scene,
                      [&](int object) { amount += add(object, effect.variable, -(share < amount ? share : amount)); });
    }
  }

  // What is done to one object, wherever it is.
  METTA_FN void apply_to(const Effect& effect, int object, int amount) {
    switch (effect.op) {
      case EffectOp::kAdd:
        if (is_present(object)) add(object, effect.variable, saturated(effect.extra1 == 1 ? -static_cast<int64_t>(amount) : amount));
        break;
      case EffectOp::kSet:
        if (is_present(object)) set(object, effect.variable, amount);
        break;
      case EffectOp::kReward:
        if (is_live_agent(object)) reward(object, amount);
        break;
      case EffectOp::kCount_:
        if (object != kNone) w.count(object, effect.extra1, amount);
        break;
      default: transform(effect, object); break;
    }
  }

  METTA_FN void reward(int agent, int amount) {
    const int before = w.rewards[agent];
    w.rewards[agent] = saturated(int64_t{before} + amount);
    if constexpr (Log::kIsOn) log_.rewarded(w, agent, w.rewards[agent] - before);
  }

  METTA_FN int add(int object, int variable, int amount) {
    const int change = w.add(object, variable, amount);
    if constexpr (Log::kIsOn) log_.changed(w, object, variable, change);
    return change;
  }

  METTA_FN void set(int object, int variable, int value) {
    const int change = w.set(object, variable, value);
    if constexpr (Log::kIsOn) log_.changed(w, object, variable, change);
  }

  METTA_SELDOM void transform(const Effect& effect, int object) {
    if (!is_present(object)) return;
    if constexpr (Log::kIsOn) log_.remember(w, object);
    if (effect.op == EffectOp::kRemove && w.is_on_map(object)) {
      if constexpr (Log::kIsOn) log_.removed(w, object);
      w.remove(object);
      return;
    }
    if (effect.op == EffectOp::kProfile && w.is_agent(object)) w.change_profile(object, effect.extra1);
    const bool can_become = effect.op == EffectOp::kBecome && object >= t.first_thing;
    if (can_become) w.become(object, effect.extra1, t.kind_profile[static_cast<size_t>(effect.extra1)]);
    if constexpr (Log::kIsOn) {
      if (can_become) log_.became(w, object);
      log_.changed_since(w, object);
    }
  }

  METTA_FN void apply(const Effect& effect, Scene& scene) {
    const int amount = value_of(effect.operand, scene);
    switch (effect.op) {
      case EffectOp::kAdd:
      case EffectOp::kSet:
      case EffectOp::kReward:
      case EffectOp::kCount_:
      case EffectOp::kRemove:
      case EffectOp::kBecome:
      case EffectOp::kProfile: apply_to(effect, object_of(effect.who, scene), amount); break;
      case EffectOp::kMove: transfer(effect, scene, amount); break;
      case EffectOp::kStep: step_to(scene); break;
      default: apply_seldom(effect, scene, amount); break;
    }
  }

  METTA_SELDOM void apply_seldom(const Effect& effect, Scene& scene, int amount) {
    switch (effect.op) {
      case EffectOp::kSwap:
        if (are_two_on_map(scene)) w.swap_places(scene.actor, scene.target);
        break;
      case EffectOp::kPush: push(scene); break;
      case EffectOp::kSpawn: spawn(effect, scene); break;
      case EffectOp::kLay: lay_ground(w, place_of(effect.who, scene), effect.extra1); break;
      case EffectOp::kTrace: leave_trace(w, place_of(effect.who, scene), effect.extra1, amount); break;
      case EffectOp::kBirth:
        if (is_live_agent(scene.actor)) {
          birth(scene.actor, are_two_agents(scene) ? scene.target : kNone, place_of(effect.who, scene), effect.extra1);
        }
        break;
      case EffectOp::kPart:
        if (const int object = object_of(effect.who, scene); is_live_agent(object)) {
          if constexpr (Log::kIsOn) log_.parted(w, object);
          w.part(object);
        }
        break;
      default:
        if (are_two_agents(scene)) relate(effect, scene, amount);
        break;
    }
  }

  METTA_SELDOM void birth(int mother, int father, Place place, int mutation) {
    if constexpr (Log::kIsOn) {
      const int child = w.free_agent_slot(w.header.tick);
      if (child != kNone) log_.remember(w, child);
      if (!bear(w, mother, father, place, mutation)) return;
      log_.born(w, child, mother, father);
      log_.changed_since(w, child);
    } else {
      bear(w, mother, father, place, mutation);
    }
  }

  METTA_FN bool are_two_on_map(const Scene& scene) const {
    return is_present(scene.actor) && is_present(scene.target) && scene.actor != scene.target && w.is_on_map(scene.actor) &&
           w.is_on_map(scene.target);
  }

  METTA_FN bool are_two_agents(const Scene& scene) const {
    return is_live_agent(scene.actor) && is_live_agent(scene.target) && scene.actor != scene.target;
  }

  METTA_SELDOM void relate(const Effect& effect, const Scene& scene, int amount) {
    const int a = scene.actor, b = scene.target;
    if (effect.op == EffectOp::kBond) {
      if constexpr (Log::kIsOn) log_.bonded(w, a, b);
      w.bond(a, b);
    } else if (effect.op == EffectOp::kCourt) {
      w.courted[a] = static_cast<uint16_t>(b + 1);
      w.court_ticks[a] = w.header.tick;
    } else if (t.has_kinship()) {
      const bool is_added = effect.extra1 == 1, is_mutual = effect.extra2 == 1;
      const auto changed = [&](int before) {
        return static_cast<uint8_t>(clamp(saturated(is_added ? before + int64_t{amount} : amount), 0, kFullKinship));
      };
      kinship_of(w, a, b) = changed(kinship_of(w, a, b));
      if (is_mutual) kinship_of(w, b, a) = changed(kinship_of(w, b, a));
    }
  }

  METTA_FN void transfer(const Effect& effect, const Scene& scene, int amount) {
    const int giver = object_of(effect.who, scene), receiver = object_of(static_cast<Who>(effect.extra1), scene);
    if (!is_present(giver) || !is_present(receiver) || giver == receiver) return;
    const int room = w.cap(receiver, effect.variable) - w.get(receiver, effect.variable);
    const int has = w.get(giver, effect.variable);
    int moved = amount < has ? amount : has;
    moved = moved < room ? moved : room;
    if (moved <= 0) return;
    if constexpr (Log::kIsOn) log_.handed_over(w, giver, receiver, effect.variable, moved);
    w.add(giver, effect.variable, -moved);
    w.add(receiver, effect.variable, moved);
  }

  METTA_FN void step_to(const Scene& scene) {
    const bool can_walk = is_present(scene.actor) && w.is_on_map(scene.actor);
    if (can_walk && w.is_free(scene.place.row, scene.place.col)) w.move_to(scene.actor, scene.place.row, scene.place.col);
  }

  METTA_SELDOM void push(const Scene& scene) {
    if (!are_two_on_map(scene)) return;
    const Place from = w.places[scene.actor], pushed = w.places[scene.target];
    const int row = pushed.row + (pushed.row > from.row) - (pushed.row < from.row);
    const int col = pushed.col + (pushed.col > from.col) - (pushed.col < from.col);
    if (!w.is_free(row, col)) return;
    w.move_to(scene.target, row, col);
    w.move_to(scene.actor, pushed.row, pushed.col);
  }

  // A free cell of the map: the first of some that are drawn; on a crowded map the next one after the last of these.
  METTA_SELDOM Place free_cell_anywhere() {
    Place place = kNowhere;
    for (int i = 0; i < 16; ++i) {
      const uint64_t bits = w.draw(Purpose::kPlace, w.header.num_draws++);
      place.row = static_cast<int16_t>(bounded(static_cast<uint32_t>(bits >> 32), static_cast<uint32_t>(t.height)));
      place.col = static_cast<int16_t>(bounded(static_cast<uint32_t>(bits), static_cast<uint32_t>(t.width)));
      if (w.is_free(place.row, place.col)) return place;
    }
    const int first = cell_of(w, place), area = t.height * t.width;
    for (int i = 1; i < area; ++i) {
      const int cell = (first + i) % area;
      if (w.is_free(cell / t.width, cell % t.width)) return {static_cast<int16_t>(cell / t.width), static_cast<int16_t>(cell % t.width)};
    }
    return kNowhere;
  }

  METTA_FN Place spawn_place(const Effect& effect, const Scene& scene) {
    switch (static_cast<SpawnPlace>(effect.extra2)) {
      case SpawnPlace::kThere: return scene.place;
      case SpawnPlace::kBeside:
        return w.free_cell_beside(place_of(effect.who, scene), static_cast<uint32_t>(w.draw(Purpose::kPlace, w.header.num_draws++) >> 61));
      default: return free_cell_anywhere();
    }
  }

  // What appears in the target's cell is the target from then on: the effects that follow can fill it.
  METTA_SELDOM void spawn(const Effect& effect, Scene& scene) {
    const Place place = spawn_place(effect, scene);
    if (!place.is_on_map() || !w.is_free(place.row, place.col)) return;
    const int object = w.free_slot();
    if (object == kNone) return;
    if constexpr (Log::kIsOn) log_.remember(w, object);
    w.put(object, place.row, place.col);
    w.become(object, effect.extra1, t.kind_profile[static_cast<size_t>(effect.extra1)]);
    if constexpr (Log::kIsOn) {
      log_.spawned(w, object);
      log_.changed_since(w, object);
    }
    if (object == scene.actor) scene.actor = kNone;  // the slot of one removed just now: the new thing is somebody else
    if (object == scene.target) scene.target = kNone;
    if (static_cast<SpawnPlace>(effect.extra2) == SpawnPlace::kThere) scene.target = object;
  }

  World& w;
  const Tables& t;
  const uint32_t tick_;
  [[no_unique_address]] const Log log_;
};

}  // namespace metta::colony
