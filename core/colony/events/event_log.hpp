// What happened in the last step of a world, event by event, for whoever looks on. No part of the world: with a log or without, the
// same steps give the same bytes.
#pragma once

#include <span>
#include <vector>

#include "colony/tables.hpp"

namespace metta::colony {

// Which columns each kind of event fills is said in src/mettagrid/events.py; its names are these.
enum class What : int32_t {
  kActed,
  kFired,
  kChanged,
  kHandedOver,
  kRewarded,
  kShared,
  kSpawned,
  kBecame,
  kRemoved,
  kBorn,
  kDied,
  kBonded,
  kParted,
  kCount
};

struct Event {
  What what;
  int32_t rule;            // the compiled rule that did it, or kNone
  int32_t actor;           // who acted, or the object of a step rule
  int32_t source, target;  // objects; kNone: nobody
  int32_t variable;        // or kNone
  int32_t amount;
  int32_t cell;  // where the target is: row * width + column, or kNone
};
constexpr int kEventColumns = sizeof(Event) / sizeof(int32_t);

// The events of one step. Grows up to its capacity; what does not fit is counted.
class EventLog {
 public:
  EventLog(size_t capacity, const Tables& t)
      : capacity_(capacity), values_(static_cast<size_t>(t.variable_stride)), net_(static_cast<size_t>(t.num_agents)) {}

  std::span<const Event> events() const { return events_; }
  int64_t num_dropped() const { return num_dropped_; }
  void clear() {
    events_.clear();
    num_dropped_ = 0;
  }

 private:
  friend class Recorder;

  void add(const Event& event) {
    if (events_.size() < capacity_) events_.push_back(event);
    else ++num_dropped_;
  }

  const size_t capacity_;
  std::vector<Event> events_;
  int64_t num_dropped_ = 0;
  int rule_ = kNone, actor_ = kNone;  // what is being done, and by whom
  std::vector<int16_t> values_;       // [variable_stride] an object's variables before it changed
  std::vector<int64_t> net_;          // [A] what a way of sharing was logged to change in the rewards
};

}  // namespace metta::colony
