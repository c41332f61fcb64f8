// Time spent in each phase of a step, for `metta bench sim`. The core has no clock: whoever measures lends one.
#pragma once

#include <array>
#include <cstdint>

namespace metta {

enum class Phase : uint8_t { kActions, kRules, kObservations, kResets, kCount };

class PhaseClock {
 public:
  using Now = uint64_t (*)();

  explicit PhaseClock(Now now) : now_(now) {}

  void start() { last_ = now_(); }
  void end(Phase phase) {
    const uint64_t time = now_();
    total_[static_cast<size_t>(phase)] += time - last_;
    last_ = time;
  }
  uint64_t total(Phase phase) const { return total_[static_cast<size_t>(phase)]; }

 private:
  Now now_;
  uint64_t last_ = 0;
  std::array<uint64_t, static_cast<size_t>(Phase::kCount)> total_{};
};

}  // namespace metta
