// Whether a block of bytes is a possible world of a game: what a snapshot from a file must pass before it is stepped.
// Checks everything that a step relies on; a world that passes can be odd, but no step reads or writes outside of it.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "colony/kinship.hpp"
#include "colony/params.hpp"
#include "colony/world.hpp"

namespace metta::colony {

class BlockCheck {
 public:
  BlockCheck(const Tables& tables, int num_maps, std::byte* block) : w_(tables, block), t(tables), num_maps_(num_maps) {}

  void run() {
    redo_numbers();
    check_header();
    for (int object = 0; object < t.max_objects; ++object) check_object(object);
    check_occupancy();
    for (int agent = 0; agent < t.num_agents; ++agent) {
      require(w_.last_actions[agent] < t.num_actions, "a last action");
      require(is_within(w_.rewards[agent], kLimit), "a reward");
      require(is_within(w_.returns[agent], kLimit << 30), "a return");
    }
    for (const BitSet& set : {w_.ticking, w_.dirty, w_.stepping}) check_set(set);
    for (int agent = 0; agent < t.num_agents; ++agent) check_relations(agent);
    check_ground();
    redo_tokens();
  }

 private:
  static constexpr int64_t kLimit = 1000000000;

  static void require(bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(std::string("snapshot: ") + what + " is not possible in this game");
  }

  static bool is_within(int64_t value, int64_t limit) { return -limit <= value && value <= limit; }

  void check_header() const {
    const WorldHeader& header = w_.header;
    require(header.last_tick >= 1 && header.last_tick <= static_cast<uint32_t>(t.max_steps), "the end of the episode");
    require(header.tick < header.last_tick, "the tick");
    require(header.map >= 0 && header.map < num_maps_, "the map");
    require(is_within(header.tokens_dropped, kLimit * kLimit) && header.tokens_dropped >= 0, "the number of dropped tokens");
    int num_alive = 0;
    for (int agent = 0; agent < t.num_agents; ++agent) num_alive += w_.is_alive(agent);
    require(header.num_alive == num_alive && num_alive > 0, "the number of agents alive");
  }

  // World and groups live without a place.
  bool is_placeless(int object) const { return object >= t.num_agents && object < t.first_thing; }

  void check_object(int object) {
    const int kind = w_.kinds[object];
    require(kind == kEmptyKind || (kind < t.num_kinds && (kind == kAgentKind) == w_.is_agent(object)), "a kind");
    require(!is_placeless(object) || kind == (object == t.world_object ? t.world_kind : t.group_kind), "a kind of world or group");
    require(w_.profiles[object] < t.num_profiles, "a profile");
    const Place place = w_.places[object];
    const bool is_placed = w_.is_alive(object) && !is_placeless(object);
    require(is_placed ? w_.is_inside(place.row, place.col) && w_.object_at(place.row, place.col) == object
                      : place.row == kNowhere.row && place.col == kNowhere.col,
            "a place");
    num_on_map_ += is_placed;
    for (int v = 0; v < t.num_variables; ++v) {
      require(w_.get(object, v) >= 0 && w_.get(object, v) <= (w_.is_alive(object) ? w_.cap(object, v) : 0), "a variable");
    }
  }

  // Every object is where the grid says (see above); so an equal number of each leaves no stranger.
  void check_occupancy() const {
    int num_in_grid = 0, num_bits = 0;
    for (int cell = 0; cell < t.height * t.width; ++cell) {
      num_in_grid += w_.grid[cell] != 0;
      require((w_.grid[cell] != 0) == ((w_.occupancy.window(cell / t.width, cell % t.width) & 1u) != 0), "the map");
    }
    for (int i = 0; i < t.height * t.occupancy_row_bytes; ++i) num_bits += __builtin_popcount(w_.occupancy.bits[i]);
    require(num_in_grid == num_on_map_ && num_bits == num_on_map_, "the map");
  }

  void check_set(const BitSet& set) const {
    set.for_each(t.set_words, [&](int object) { require(object < t.max_objects && w_.is_alive(object), "a set of objects"); });
  }

  void check_relations(int agent) const {
    const int mate = w_.partner(agent);
    require(w_.courted[agent] <= t.num_agents, "who was courted");
    require(mate == kNone || (mate < t.num_agents && mate != agent && w_.partner(mate) == agent), "a bond");
    require(mate == kNone || (w_.is_alive(agent) && w_.is_alive(mate)), "a bond");
    for (int other = 0; t.has_kinship() && other < t.num_agents; ++other) {
      require(kinship_of(w_, agent, other) <= kFullKinship, "a kinship score");
    }
  }

  void check_ground() const {
    for (int cell = 0; cell < t.height * t.width; ++cell) {
      const int row = cell / t.width, col = cell % t.width;
      if (t.has_ground()) {
        require(w_.ground[cell] < t.grounds.size(), "the ground");
        require((w_.ground[cell] != 0) == ((w_.ground_rows.window(row, col) & 1u) != 0), "the ground");
      }
      if (t.has_traces()) {
        require(w_.traces[cell] < t.trace_features.size(), "a trace");
        require((w_.traces[cell] != 0) == ((w_.trace_rows.window(row, col) & 1u) != 0), "a trace");
      }
    }
    const auto num_bits = [this](const OccupancyRows& rows) {
      int bits = 0;
      for (int i = 0; i < t.height * t.occupancy_row_bytes; ++i) bits += __builtin_popcount(rows.bits[i]);
      return bits;
    };
    const auto num_set = [this](const uint8_t* cells) {
      return static_cast<int>(t.height * t.width - std::count(cells, cells + t.height * t.width, 0));
    };
    if (t.has_ground()) require(num_bits(w_.ground_rows) == num_set(w_.ground), "the ground");
    if (t.has_traces()) require(num_bits(w_.trace_rows) == num_set(w_.traces), "a trace");
  }

  // Numbers that vary follow from what was drawn; they are not believed but written anew. So is the end of the episode, if it varies:
  // it may lie earlier, as the first episode of a world can.
  void redo_numbers() {
    if (!t.varies()) return;
    const uint32_t last_tick = w_.header.last_tick;
    for (size_t p = 0; p < t.params.size(); ++p) require(w_.param_choices[p] < t.params[p].count, "what was drawn for a number");
    write_own_numbers(w_);
    w_.header.last_tick = last_tick;
  }

  // Cached tokens are not believed but written anew; a true snapshot does not change by that.
  void redo_tokens() {
    for (int object = 0; object < t.max_objects; ++object) {
      if (w_.is_alive(object)) w_.dirty.insert(object);
    }
  }

  World w_;
  const Tables& t;
  const int num_maps_;
  int num_on_map_ = 0;
};

inline void check_block(const Tables& tables, int num_maps, std::byte* block) { BlockCheck(tables, num_maps, block).run(); }

}  // namespace metta::colony
