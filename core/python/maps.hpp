// The submodule mettagrid._core.maps: functions that draw into a rectangle of a map.
#pragma once

#include <nanobind/nanobind.h>

namespace metta {

void bind_maps(nanobind::module_& m);

}  // namespace metta
