// The extension mettagrid._core: batches of the colony for Python. Buffers in, buffers out, no rules.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <memory>
#include <optional>

#include "colony/colony.hpp"
#include "colony/world.hpp"
#include "engine/batch.hpp"
#include "maps.hpp"
#include "memory_speed.hpp"

namespace nb = nanobind;

namespace metta {
namespace {

using colony::Colony;
using colony::World;
using Actions = nb::ndarray<const int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Maps = nb::ndarray<const int32_t, nb::ndim<3>, nb::c_contig, nb::device::cpu>;
using Streams = nb::ndarray<const int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

uint64_t nanoseconds() {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count());
}

// A view of memory that `owner` keeps alive.
template <class T>
nb::object view(T* data, std::initializer_list<size_t> shape, nb::handle owner) {
  return nb::cast(nb::ndarray<nb::numpy, T>(data, shape, owner));
}

class ColonyBatch {
 public:
  // Of several games, each with its own maps; tables_of says which tables each game has.
  ColonyBatch(const std::vector<colony::RawTables>& tables, const std::vector<Maps>& maps, const std::vector<int>& tables_of,
              int num_worlds, int num_threads)
      : batch_(Colony(games_of(tables, maps, tables_of)), checked(num_worlds, "num_worlds"), checked(num_threads, "num_threads")) {}

  Batch<Colony>& batch() { return batch_; }

  void reset(uint64_t seed, const Streams& streams, bool desync) {
    if (streams.shape(0) != static_cast<size_t>(batch_.num_worlds()))
      throw std::invalid_argument("streams must have one number for each world");
    batch_.reset(seed, {streams.data(), streams.shape(0)}, desync);
  }

  void take_actions(const Actions& actions, int begin, int end) {
    batch_.refuse_while_sent(begin, end);
    const auto rows = static_cast<size_t>(end - begin) * static_cast<size_t>(batch_.shape().num_agents);
    if (actions.shape(0) != rows) {
      throw std::invalid_argument("actions has " + std::to_string(actions.shape(0)) + " rows, needs " + std::to_string(rows));
    }
    int32_t* own = batch_.arrays().actions.data() + begin * batch_.shape().num_agents;
    if (actions.data() != own) std::memcpy(own, actions.data(), rows * sizeof(int32_t));
  }

  void step(const Actions& actions) {
    take_actions(actions, 0, batch_.num_worlds());
    nb::gil_scoped_release unlocked;
    batch_.step();
  }

  void send(int half, const Actions& actions) {
    if (half != 0 && half != 1) throw std::invalid_argument("half must be 0 or 1, got " + std::to_string(half));
    take_actions(actions, half == 0 ? 0 : batch_.split(), half == 0 ? batch_.split() : batch_.num_worlds());
    batch_.send(half);
  }

  void set_maps(const Maps& maps, int game) {
    std::vector<int32_t> cells = cells_of(maps);
    nb::gil_scoped_release unlocked;
    batch_.set_maps(std::move(cells), game);
  }

  int recv() {
    nb::gil_scoped_release unlocked;
    return batch_.recv();
  }

  // Steps once with a clock and adds each phase's nanoseconds: (actions, rules, observations, resets).
  std::vector<uint64_t> timed_step(const Actions& actions) {
    if (batch_.num_threads() != 1)
      throw std::invalid_argument("timed_step measures one thread; the batch has " + std::to_string(batch_.num_threads()));
    take_actions(actions, 0, batch_.num_worlds());
    PhaseClock clock(nanoseconds);
    batch_.timed_step(clock);
    std::vector<uint64_t> totals;
    for (int phase = 0; phase < static_cast<int>(Phase::kCount); ++phase) totals.push_back(clock.total(static_cast<Phase>(phase)));
    return totals;
  }

 private:
  static std::vector<int32_t> cells_of(const Maps& maps) { return {maps.data(), maps.data() + maps.size()}; }
  static std::vector<colony::Game> games_of(const std::vector<colony::RawTables>& tables, const std::vector<Maps>& maps,
                                            const std::vector<int>& tables_of) {
    std::vector<std::shared_ptr<const colony::Tables>> shared;
    for (const auto& raw : tables) shared.push_back(std::make_shared<const colony::Tables>(raw));
    if (maps.empty() || maps.size() != tables_of.size()) throw std::invalid_argument("every game needs maps and the number of its tables");
    std::vector<colony::Game> games;
    for (size_t game = 0; game < maps.size(); ++game)
      games.emplace_back(shared.at(static_cast<size_t>(tables_of[game])), cells_of(maps[game]));
    return games;
  }

  static int checked(int value, const char* name) {
    if (value < 1) throw std::invalid_argument(std::string(name) + " must be at least 1, got " + std::to_string(value));
    return value;
  }

  Batch<Colony> batch_;
};

nb::dict arrays_of(nb::handle self) {
  auto& batch = nb::cast<ColonyBatch&>(self).batch();
  auto& a = batch.arrays();
  const auto n = static_cast<size_t>(batch.num_rows()), w = static_cast<size_t>(batch.num_worlds());
  const auto tokens = static_cast<size_t>(batch.shape().num_tokens), actions = static_cast<size_t>(batch.shape().num_actions);
  const auto flags = [&](const LargeArray<uint8_t>& bytes, std::initializer_list<size_t> shape) {
    return view(reinterpret_cast<bool*>(bytes.data()), shape, self);
  };
  nb::dict out;
  out["observations"] = view(a.observations.data(), {n, tokens, size_t{3}}, self);
  out["final_observations"] = view(a.final_observations.data(), {n, tokens, size_t{3}}, self);
  out["rewards"] = view(a.rewards.data(), {n}, self);
  out["terminated"] = flags(a.terminated, {n});
  out["truncated"] = flags(a.truncated, {n});
  out["alive"] = flags(a.alive, {n});
  out["action_mask"] = flags(a.action_mask, {n, actions});
  out["actions"] = view(a.actions.data(), {n}, self);
  out["episode_ended"] = flags(a.episode_ended, {w});
  out["episode_length"] = view(a.episode_length.data(), {w}, self);
  out["episode_games"] = view(a.episode_game.data(), {w}, self);
  out["games"] = view(a.game.data(), {w}, self);
  out["next_games"] = view(a.next_game.data(), {w}, self);
  out["episode_return"] = view(a.episode_return.data(), {n}, self);
  out["episode_stats"] = view(a.episode_stats.data(), {n, static_cast<size_t>(batch.shape().num_stats)}, self);
  return out;
}

// The state of one world for whoever draws or inspects it. Views, valid as long as the batch is.
nb::dict world_of(nb::handle self, int world) {
  auto& batch = nb::cast<ColonyBatch&>(self).batch();
  std::byte* const block = batch.block(world);
  const World w(batch.game().tables_of(block), block);
  const auto objects = static_cast<size_t>(w.t.max_objects), agents = static_cast<size_t>(w.t.num_agents);
  nb::dict out;
  out["tick"] = w.header.tick;
  out["episode"] = w.header.episode;
  out["grid"] = view(w.grid, {static_cast<size_t>(w.t.height), static_cast<size_t>(w.t.width)}, self);
  out["kinds"] = view(w.kinds, {objects}, self);
  out["profiles"] = view(w.profiles, {objects}, self);
  out["places"] = view(reinterpret_cast<int16_t*>(w.places), {objects, size_t{2}}, self);
  out["variables"] = view(w.variables, {objects, static_cast<size_t>(w.t.variable_stride)}, self);
  out["rewards"] = view(w.rewards, {agents}, self);
  out["last_actions"] = view(w.last_actions, {agents}, self);
  out["stats"] = view(w.stats, {agents, static_cast<size_t>(w.t.num_stats)}, self);
  const auto cells = [&](auto* data, bool is_there) {
    return view(data, {is_there ? static_cast<size_t>(w.t.height) : 0, is_there ? static_cast<size_t>(w.t.width) : 0}, self);
  };
  out["ground"] = cells(w.ground, w.t.has_ground());
  out["traces"] = cells(w.traces, w.t.has_traces());
  out["trace_ends"] = cells(w.trace_ends, w.t.has_traces());
  out["partners"] = view(w.partners, {agents}, self);
  const size_t kin = w.t.has_kinship() ? agents : 0;
  out["kinship"] = view(w.kinship, {kin, kin}, self);
  return out;
}

// The events of a world's last step as rows of kEventColumns numbers, and how many did not fit. A copy: the next step writes anew.
nb::tuple events_of(ColonyBatch& self, int world) {
  const colony::EventLog* const log = self.batch().events(world);
  if (log == nullptr)
    throw std::invalid_argument("the events of world " + std::to_string(world) + " are not logged: call log_events first");
  const size_t count = log->events().size();
  auto* const copy = new int32_t[count * colony::kEventColumns + 1];
  if (count > 0) std::memcpy(copy, log->events().data(), log->events().size_bytes());
  const nb::capsule owner(copy, [](void* data) noexcept { delete[] static_cast<int32_t*>(data); });
  return nb::make_tuple(view(copy, {count, static_cast<size_t>(colony::kEventColumns)}, owner), log->num_dropped());
}

nb::bytes snapshot(ColonyBatch& self, int world) {
  const auto bytes = self.batch().snapshot(world);
  return nb::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void restore(ColonyBatch& self, int world, nb::bytes data) {
  self.batch().restore(world, {reinterpret_cast<const std::byte*>(data.c_str()), data.size()});
}

}  // namespace
}  // namespace metta

NB_MODULE(_core, m) {
  using namespace metta;
  nb::class_<ColonyBatch>(m, "ColonyBatch")
      .def(nb::init<const std::vector<colony::RawTables>&, const std::vector<Maps>&, const std::vector<int>&, int, int>(),
           nb::arg("tables"), nb::arg("maps"), nb::arg("tables_of"), nb::arg("num_worlds"), nb::arg("num_threads"))
      .def("reset", &ColonyBatch::reset, nb::arg("seed"), nb::arg("streams").noconvert(), nb::arg("desync"))
      .def("step", &ColonyBatch::step, nb::arg("actions").noconvert())
      .def("send", &ColonyBatch::send, nb::arg("half"), nb::arg("actions").noconvert())
      .def("recv", &ColonyBatch::recv)
      .def("set_maps", &ColonyBatch::set_maps, nb::arg("maps").noconvert(), nb::arg("game") = 0)
      .def("timed_step", &ColonyBatch::timed_step, nb::arg("actions").noconvert())
      .def("arrays", [](nb::handle self) { return arrays_of(self); })
      .def(
          "world", [](nb::handle self, int world) { return world_of(self, world); }, nb::arg("world"))
      .def(
          "log_events", [](ColonyBatch& self, int world, size_t capacity) { self.batch().log_events(world, capacity); }, nb::arg("world"),
          nb::arg("capacity"))
      .def("events", &events_of, nb::arg("world"))
      .def("snapshot", &snapshot, nb::arg("world"))
      .def("restore", &restore, nb::arg("world"), nb::arg("data"))
      .def(
          "fork", [](ColonyBatch& self, int source, int target) { self.batch().fork(source, target); }, nb::arg("source"),
          nb::arg("target"))
      .def(
          "hash", [](ColonyBatch& self, int world) { return self.batch().hash(world); }, nb::arg("world"))
      .def(
          "tokens_dropped", [](ColonyBatch& self, int world) { return self.batch().tokens_dropped(world); }, nb::arg("world"))
      .def_prop_ro("world_bytes", [](ColonyBatch& self) { return self.batch().world_bytes(); });
  m.def("fill_speed", &fill_speed, nb::arg("num_bytes"), nb::arg("seconds"),
        "Bytes per second that one thread writes to a buffer of num_bytes: the floor that `metta bench sim` compares with.");
  bind_maps(m);
#ifdef NDEBUG
  m.attr("is_debug_build") = false;
#else
  m.attr("is_debug_build") = true;
#endif
}
