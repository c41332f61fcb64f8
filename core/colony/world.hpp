// One world of the colony: typed views into its flat block, and the few operations that change it.
// Every change of the map, of a variable or of an object's life goes through here, so that grid, occupancy and cached tokens agree.
#pragma once

#include "colony/rules.hpp"
#include "colony/tables.hpp"
#include "engine/occupancy.hpp"
#include "engine/portable.hpp"
#include "engine/random.hpp"
#include "engine/tokens.hpp"

namespace metta::colony {

struct WorldHeader {
  uint64_t stream_key;   // of this world in this run
  uint64_t episode_key;  // of the current episode
  uint32_t episode;
  uint32_t tick;       // steps since the episode began
  uint32_t last_tick;  // the episode ends here
  uint32_t num_draws;  // chances drawn in this step: the index of the next draw
  int32_t num_alive;
  int32_t map;
  int64_t tokens_dropped;  // since the world began
  int32_t game;            // which of the batch's games is played
};

struct Place {
  int16_t row;
  int16_t col;
  METTA_FN bool is_on_map() const { return row >= 0; }
};

constexpr Place kNowhere{-1, -1};
constexpr int kRowStep[4] = {-1, 0, 1, 0};  // by heading: north, east, south, west
constexpr int kColStep[4] = {0, 1, 0, -1};

class World {
 public:
  METTA_FN World(const Tables& tables, std::byte* block)
      : t(tables),
        header(*at<WorldHeader>(block, tables.layout.header)),
        grid(at<uint16_t>(block, tables.layout.grid)),
        occupancy{at<uint8_t>(block, tables.layout.occupancy), tables.occupancy_row_bytes},
        tokens(at<TokenBlock>(block, tables.layout.tokens)),
        token_bytes(at<uint8_t>(block, tables.layout.token_bytes)),
        kinds(at<uint8_t>(block, tables.layout.kinds)),
        profiles(at<uint8_t>(block, tables.layout.profiles)),
        places(at<Place>(block, tables.layout.places)),
        variables(at<int16_t>(block, tables.layout.variables)),
        ticking{at<uint64_t>(block, tables.layout.ticking)},
        dirty{at<uint64_t>(block, tables.layout.dirty)},
        stepping{at<uint64_t>(block, tables.layout.stepping)},
        rewards(at<int32_t>(block, tables.layout.rewards)),
        returns(at<int64_t>(block, tables.layout.returns)),
        last_actions(at<uint8_t>(block, tables.layout.last_actions)),
        choices(at<uint8_t>(block, tables.layout.choices)),
        order(at<uint16_t>(block, tables.layout.order)),
        stats(at<int32_t>(block, tables.layout.stats)),
        ground(at<uint8_t>(block, tables.layout.ground)),
        ground_rows{at<uint8_t>(block, tables.layout.ground_rows), tables.occupancy_row_bytes},
        traces(at<uint8_t>(block, tables.layout.traces)),
        trace_ends(at<uint32_t>(block, tables.layout.trace_ends)),
        trace_rows{at<uint8_t>(block, tables.layout.trace_rows), tables.occupancy_row_bytes},
        kinship(at<uint8_t>(block, tables.layout.kinship)),
        partners(at<uint16_t>(block, tables.layout.partners)),
        courted(at<uint16_t>(block, tables.layout.courted)),
        court_ticks(at<uint32_t>(block, tables.layout.court_ticks)),
        left_ticks(at<uint32_t>(block, tables.layout.left_ticks)),
        shared(at<int32_t>(block, tables.layout.shared)),
        param_choices(at<uint16_t>(block, tables.layout.choices_of_params)),
        own_caps(at<int32_t>(block, tables.layout.caps)),
        own_initials(at<int32_t>(block, tables.layout.initials)),
        own_traits(at<int32_t>(block, tables.layout.traits)),
        own_filters(at<Filter>(block, tables.layout.filters)),
        own_effects(at<Effect>(block, tables.layout.effects)),
        own_agent_initial(at<int32_t>(block, tables.layout.agent_initial)),
        caps(tables.varies() ? own_caps : tables.caps.data()),
        initials(tables.varies() ? own_initials : tables.initials.data()),
        traits(tables.varies() ? own_traits : tables.traits.data()),
        filters(tables.varies() ? own_filters : tables.filters.data()),
        effects(tables.varies() ? own_effects : tables.effects.data()),
        agent_initial(tables.varies() ? own_agent_initial : tables.agent_initial.data()) {}

  const Tables& t;
  WorldHeader& header;
  uint16_t* const grid;  // [height, width] object + 1, 0 = empty
  OccupancyRows occupancy;
  TokenBlock* const tokens;     // [O] what others see, ready to be written
  uint8_t* const token_bytes;   // [O]
  uint8_t* const kinds;         // [O] 0 = free slot; agents are objects 0..A-1
  uint8_t* const profiles;      // [O]
  Place* const places;          // [O]
  int16_t* const variables;     // [O, variable_stride]
  BitSet ticking;               // objects with a countdown that runs
  BitSet dirty;                 // objects whose tokens are out of date
  BitSet stepping;              // objects other than agents whose kind has step rules
  int32_t* const rewards;       // [A] of this step, in thousandths
  int64_t* const returns;       // [A] of this episode, in thousandths
  uint8_t* const last_actions;  // [A]
  uint8_t* const choices;       // [A] what each agent does this step, after the mask
  uint16_t* const order;        // [A]
  int32_t* const stats;         // [A, num_stats]

  // Empty in games without them.
  uint8_t* const ground;        // [height, width]
  OccupancyRows ground_rows;    // cells that are not plain
  uint8_t* const traces;        // [height, width] what was left on a cell
  uint32_t* const trace_ends;   // [height, width] the tick from which it is gone
  OccupancyRows trace_rows;     // cells with a trace, gone or not
  uint8_t* const kinship;       // [A, A] how near the second is to the first, of kFullKinship
  uint16_t* const partners;     // [A] agent + 1 that it is bonded to, 0 = nobody
  uint16_t* const courted;      // [A] agent + 1 that it courted last
  uint32_t* const court_ticks;  // [A] when
  uint32_t* const left_ticks;   // [A] when the slot's last agent died
  int32_t* const shared;        // [A] what a way of sharing changes in this step's rewards

  // The numbers of the rules: the game's own, or this world's copy where they vary.
  uint16_t* const param_choices;  // [num_params] which value was drawn
  int32_t* const own_caps;
  int32_t* const own_initials;
  int32_t* const own_traits;
  Filter* const own_filters;
  Effect* const own_effects;
  int32_t* const own_agent_initial;
  const int32_t* const caps;           // [P, V]
  const int32_t* const initials;       // [P, V]
  const int32_t* const traits;         // [P, R]
  const Filter* const filters;         // as the table of that name
  const Effect* const effects;         // likewise
  const int32_t* const agent_initial;  // [A, V]

  METTA_FN bool is_agent(int object) const { return object < t.num_agents; }
  METTA_FN bool is_alive(int object) const { return kinds[object] != kEmptyKind; }
  METTA_FN int get(int object, int variable) const { return variables[object * t.variable_stride + variable]; }
  METTA_FN int cap(int object, int variable) const { return caps[profiles[object] * t.num_variables + variable]; }
  METTA_FN bool is_on_map(int object) const { return places[object].is_on_map(); }
  METTA_FN bool is_free(int row, int col) const { return is_inside(row, col) && object_at(row, col) == kNone; }
  METTA_FN int partner(int agent) const { return partners[agent] - 1; }  // kNone = not bonded
  METTA_FN bool is_inside(int row, int col) const { return row >= 0 && col >= 0 && row < t.height && col < t.width; }
  METTA_FN int object_at(int row, int col) const { return grid[row * t.width + col] - 1; }  // kNone = empty

  METTA_FN void count(int object, int stat, int amount) {
    if (stat == kNone || !is_agent(object)) return;
    int32_t& total = stats[object * t.num_stats + stat];
    total = saturated(int64_t{total} + amount);
  }

  // Sets a variable, kept within 0..cap. Returns by how much it changed.
  METTA_FN int set(int object, int variable, int value) {
    int16_t& stored = variables[object * t.variable_stride + variable];
    const int before = stored;
    const int after = clamp(value, 0, cap(object, variable));
    if (after == before) return 0;
    stored = static_cast<int16_t>(after);
    if (t.is_public[static_cast<size_t>(variable)]) dirty.insert(object);
    if (t.is_countdown[static_cast<size_t>(variable)] && after > 0) ticking.insert(object);
    return after - before;
  }

  // Adds to a variable and counts what an agent gained or lost. Returns the change.
  METTA_FN int add(int object, int variable, int amount) {
    const int change = set(object, variable, get(object, variable) + amount);
    if (change > 0) count(object, t.stat_gained[static_cast<size_t>(variable)], change);
    if (change < 0) count(object, t.stat_lost[static_cast<size_t>(variable)], -change);
    return change;
  }

  METTA_FN void put(int object, int row, int col) {
    grid[row * t.width + col] = static_cast<uint16_t>(object + 1);
    occupancy.set(row, col);
    places[object] = {static_cast<int16_t>(row), static_cast<int16_t>(col)};
  }

  METTA_FN void lift(int object) {
    const Place place = places[object];
    grid[place.row * t.width + place.col] = 0;
    occupancy.clear(place.row, place.col);
    places[object] = kNowhere;
  }

  METTA_FN void move_to(int object, int row, int col) {
    lift(object);
    put(object, row, col);
  }

  METTA_FN void swap_places(int a, int b) {
    const Place first = places[a], second = places[b];
    put(a, second.row, second.col);
    put(b, first.row, first.col);
  }

  // Gives a slot its kind and body and that body's first values.
  METTA_FN void become(int object, int kind, int profile) {
    kinds[object] = static_cast<uint8_t>(kind);
    profiles[object] = static_cast<uint8_t>(profile);
    const int32_t* initial = initials + profile * t.num_variables;
    for (int v = 0; v < t.num_variables; ++v) set(object, v, initial[v]);
    dirty.insert(object);
    if (!is_agent(object) && t.step_rules[static_cast<size_t>(kind)].count > 0) stepping.insert(object);
    else stepping.erase(object);
  }

  METTA_FN void change_profile(int object, int profile) {
    profiles[object] = static_cast<uint8_t>(profile);
    for (int v = 0; v < t.num_variables; ++v) set(object, v, get(object, v));
  }

  METTA_FN void bond(int a, int b) {
    part(a);
    part(b);
    partners[a] = static_cast<uint16_t>(b + 1);
    partners[b] = static_cast<uint16_t>(a + 1);
  }

  METTA_FN void part(int agent) {
    const int mate = partner(agent);
    partners[agent] = 0;
    if (mate != kNone) partners[mate] = 0;
  }

  METTA_FN void remove(int object) {
    lift(object);
    if (is_agent(object)) {
      part(object);
      courted[object] = 0;
      left_ticks[object] = header.tick;
    }
    kinds[object] = kEmptyKind;
    std::memset(variables + object * t.variable_stride, 0, static_cast<size_t>(t.variable_stride) * sizeof(int16_t));
    ticking.erase(object);
    dirty.erase(object);
    stepping.erase(object);
    header.num_alive -= is_agent(object);
  }

  // A free slot for a thing, or kNone.
  METTA_FN int free_slot() const {
    for (int object = t.first_thing; object < t.max_objects; ++object) {
      if (!is_alive(object)) return object;
    }
    return kNone;
  }

  // A slot for a child born at a tick, or kNone. Nobody is born into the slot of someone who died in the same step: first that end
  // is told.
  METTA_FN int free_agent_slot(uint32_t tick) const {
    for (int agent = 0; agent < t.num_agents; ++agent) {
      if (!is_alive(agent) && left_ticks[agent] < tick) return agent;
    }
    return kNone;
  }

  // A free one of the eight cells around a place, beginning with a drawn one; kNowhere if all are taken.
  METTA_FN Place free_cell_beside(Place center, uint32_t first) const {
    constexpr int kRow[8] = {-1, -1, 0, 1, 1, 1, 0, -1}, kCol[8] = {0, 1, 1, 1, 0, -1, -1, -1};
    for (uint32_t i = 0; i < 8 && center.is_on_map(); ++i) {
      const int row = center.row + kRow[(first + i) & 7], col = center.col + kCol[(first + i) & 7];
      if (is_free(row, col)) return {static_cast<int16_t>(row), static_cast<int16_t>(col)};
    }
    return kNowhere;
  }

  METTA_FN uint64_t draw(Purpose purpose, uint32_t index) const {
    return squares64(counter_of(header.tick, purpose, index), header.episode_key);
  }
  METTA_FN uint32_t draw_chance() { return static_cast<uint32_t>(draw(Purpose::kChance, header.num_draws++) >> 48); }

 private:
  template <class T>
  METTA_FN static T* at(std::byte* block, size_t offset) {
    return reinterpret_cast<T*>(block + offset);
  }
};

}  // namespace metta::colony
