// How a step tells what it does. The step functions take a log as a policy: NoLog costs nothing, a Recorder writes into an EventLog.
#pragma once

#include <algorithm>

#include "colony/events/event_log.hpp"
#include "colony/ground.hpp"
#include "colony/world.hpp"

namespace metta::colony {

// The log of a world that nobody looks at.
struct NoLog {
  static constexpr bool kIsOn = false;
};

// Writes what a step does into a log. Cheap to copy: all state is the log's.
class Recorder {
 public:
  static constexpr bool kIsOn = true;

  explicit Recorder(EventLog& log) : log_(&log) {}

  // An agent tries an action: it pays the price, whatever comes of it.
  void acted(const World& w, int agent, int action, int target, Place place) const {
    begin(kNone, agent);
    add({What::kActed, kNone, agent, kNone, target, kNone, action, cell(w, place)});
  }

  // Doing nothing to oneself is no event.
  void fired(const World& w, int rule, int actor, int target, Place place) const {
    const Rule& fired = w.t.rules[static_cast<size_t>(rule)];
    if (actor == target && fired.filters.count == 0 && fired.effects.count == 0) return;
    begin(rule, actor);
    add({What::kFired, rule, actor, kNone, target, kNone, 0, cell(w, place)});
  }

  void changed(const World& w, int object, int variable, int change) const {
    if (change != 0) tell(w, What::kChanged, object, kNone, variable, change);
  }

  void handed_over(const World& w, int giver, int receiver, int variable, int amount) const {
    tell(w, What::kHandedOver, receiver, giver, variable, amount);
  }

  void rewarded(const World& w, int agent, int amount) const {
    if (amount != 0) tell(w, What::kRewarded, agent, kNone, kNone, amount);
  }

  // Around whatever changes many variables of an object at once.
  void remember(const World& w, int object) const { std::copy_n(row(w, object), log_->values_.size(), log_->values_.begin()); }
  void changed_since(const World& w, int object) const {
    for (int v = 0; v < w.t.num_variables; ++v) changed(w, object, v, row(w, object)[v] - log_->values_[static_cast<size_t>(v)]);
  }

  void spawned(const World& w, int object) const { tell(w, What::kSpawned, object, kNone, kNone, w.kinds[object]); }
  void became(const World& w, int object) const { tell(w, What::kBecame, object, kNone, kNone, w.kinds[object]); }
  void born(const World& w, int child, int mother, int father) const {
    add({What::kBorn, log_->rule_, mother, father, child, kNone, 0, cell(w, w.places[child])});
  }

  // Before it happens.
  void removed(const World& w, int object) const {
    if (w.is_agent(object)) parted(w, object);
    tell(w, w.is_agent(object) ? What::kDied : What::kRemoved, object, kNone, kNone, w.kinds[object]);
  }

  void bonded(const World& w, int a, int b) const {
    if (w.partner(a) == b) return;
    parted(w, a);
    parted(w, b);
    tell(w, What::kBonded, b, a, kNone, 0);
  }

  void parted(const World& w, int agent) const {
    if (w.partner(agent) != kNone) tell(w, What::kParted, w.partner(agent), agent, kNone, 0);
  }

  void sharing_begins() const {
    begin(kNone, kNone);
    std::fill(log_->net_.begin(), log_->net_.end(), 0);
  }

  // `way` is the number of a row of Tables::sharing.
  void shared(int way, int from, int to, int64_t part) const {
    net(from) -= part;
    net(to) += part;
    add({What::kShared, kNone, kNone, from, to, way, saturated(part), kNone});
  }

  // What comes from nobody: rewards of ranks, and what the limits of rewards cut off.
  void sharing_ends(int way, int agent, int change) const {
    if (change != net(agent)) add({What::kShared, kNone, kNone, kNone, agent, way, saturated(change - net(agent)), kNone});
  }

 private:
  void begin(int rule, int actor) const {
    log_->rule_ = rule;
    log_->actor_ = actor;
  }

  void tell(const World& w, What what, int target, int source, int variable, int amount) const {
    add({what, log_->rule_, log_->actor_, source, target, variable, amount, cell(w, w.places[target])});
  }

  void add(const Event& event) const { log_->add(event); }
  int64_t& net(int agent) const { return log_->net_[static_cast<size_t>(agent)]; }
  static const int16_t* row(const World& w, int object) { return w.variables + object * w.t.variable_stride; }
  static int cell(const World& w, Place place) { return place.is_on_map() ? cell_of(w, place) : kNone; }

  EventLog* log_;
};

}  // namespace metta::colony
