// Whether a block of bytes is a possible world of a game: what a snapshot from a file must pass before it is stepped.
// Checks everything that a step relies on; a world that passes can be odd, but no step reads or writes outside of it.
#pragma once

#include <stdexcept>
#include <string>

#include "colony/world.hpp"

namespace metta::colony {

class BlockCheck {
 public:
  BlockCheck(const Tables& tables, int num_maps, std::byte* block) : w_(tables, block), t(tables), num_maps_(num_maps) {}

  void run() {
    check_header();
    for (int object = 0; object < t.max_objects; ++object) check_object(object);
    check_occupancy();
    for (int agent = 0; agent < t.num_agents; ++agent) {
      require(w_.last_actions[agent] < t.num_actions, "a last action");
      require(is_within(w_.rewards[agent], kLimit), "a reward");
      require(is_within(w_.returns[agent], kLimit << 30), "a return");
    }
    for (const BitSet& set : {w_.ticking, w_.dirty, w_.stepping}) check_set(set);
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

  void check_object(int object) {
    const int kind = w_.kinds[object];
    require(kind == kEmptyKind || (kind < t.num_kinds && (kind == kAgentKind) == w_.is_agent(object)), "a kind");
    require(w_.profiles[object] < t.num_profiles, "a profile");
    const Place place = w_.places[object];
    require(w_.is_alive(object) ? w_.is_inside(place.row, place.col) && w_.object_at(place.row, place.col) == object : !place.is_on_map(),
            "a place");
    num_on_map_ += w_.is_alive(object);
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
