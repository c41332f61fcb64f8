// What lies under the objects: the ground of each cell, and traces that fade.
#pragma once

#include "colony/world.hpp"

namespace metta::colony {

METTA_FN inline int cell_of(const World& w, Place place) { return place.row * w.t.width + place.col; }

METTA_FN inline int ground_at(const World& w, Place place) {
  return w.t.has_ground() && place.is_on_map() ? w.ground[cell_of(w, place)] : 0;
}

METTA_FN inline void lay_ground(World& w, Place place, int kind) {
  if (!w.t.has_ground() || !place.is_on_map()) return;
  w.ground[cell_of(w, place)] = static_cast<uint8_t>(kind);
  if (kind != 0) w.ground_rows.set(place.row, place.col);
  else w.ground_rows.clear(place.row, place.col);
}

// Steps from a tick until the trace of a cell is gone; 0 = there is none.
METTA_FN inline int trace_left(const World& w, int cell, uint32_t tick) {
  const uint32_t end = w.trace_ends[cell];
  return end > tick ? static_cast<int>(end - tick) : 0;
}

METTA_FN inline int trace_at(const World& w, Place place, uint32_t tick) {
  if (!w.t.has_traces() || !place.is_on_map()) return 0;
  const int cell = cell_of(w, place);
  return trace_left(w, cell, tick) > 0 ? w.traces[cell] : 0;
}

METTA_FN inline void leave_trace(World& w, Place place, int kind, int steps) {
  if (!w.t.has_traces() || !place.is_on_map()) return;
  const int cell = cell_of(w, place);
  const bool is_one = kind != 0 && steps > 0;
  w.traces[cell] = static_cast<uint8_t>(is_one ? kind : 0);
  w.trace_ends[cell] = is_one ? w.header.tick + static_cast<uint32_t>(steps) : 0;
  if (is_one) w.trace_rows.set(place.row, place.col);
  else w.trace_rows.clear(place.row, place.col);
}

}  // namespace metta::colony
