// The step of a world whose events are logged.
#include "colony/step.hpp"

namespace metta::colony {

void Colony::step(std::byte* block, const int32_t* actions, WorldRows& rows, PhaseClock* clock, EventLog& log) const {
  log.clear();
  step_with(block, actions, rows, clock, Recorder(log));
}

}  // namespace metta::colony
