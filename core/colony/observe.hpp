// Observations: cached tokens of the objects in sight, plus what an agent knows about itself.
#pragma once

#include "colony/ground.hpp"
#include "colony/kinship.hpp"
#include "colony/world.hpp"

namespace metta::colony {

METTA_FN inline uint8_t token_value(const TokenSource& source, const int16_t* variables) {
  const int raw = (source.variable == kNone ? 0 : variables[source.variable]) + source.offset;
  if (raw <= 0) return 0;
  const int scaled = source.scale == 1 ? raw : (raw + source.scale - 1) / source.scale;
  return static_cast<uint8_t>(scaled > 255 ? 255 : scaled);
}

// Without branches on the values: which of them are 0 changes from step to step. Bytes behind the last token stay 0, so that
// equal worlds have equal blocks.
METTA_FN inline void rewrite_tokens(World& w, int object) {
  const Range range = w.t.kind_tokens[w.kinds[object]];
  const int16_t* const variables = w.variables + object * w.t.variable_stride;
  TokenBlock block{};
  int bytes = 0;
  for (int i = range.begin; i < range.begin + range.count; ++i) {
    const TokenSource& source = w.t.token_sources[static_cast<size_t>(i)];
    const uint8_t value = token_value(source, variables);
    block.bytes[bytes + 1] = value != 0 ? source.feature : uint8_t{0};
    block.bytes[bytes + 2] = value;
    bytes += value != 0 ? kTokenBytes : 0;
  }
  w.tokens[object] = block;
  w.token_bytes[object] = static_cast<uint8_t>(bytes);
}

METTA_FN inline void refresh_tokens(World& w) {
  w.dirty.for_each(w.t.set_words, [&](int object) { rewrite_tokens(w, object); });
  std::memset(w.dirty.words, 0, static_cast<size_t>(w.t.set_words) * sizeof(uint64_t));
}

// Writes one agent's row. Usually in one pass of wide stores; where the row is too short, again with the nearest first.
class Observer {
 public:
  METTA_FN Observer(World& world, int agent, int progress, uint8_t* row)
      : w(world), t(world.t), agent_(agent), progress_(progress), heading_(world.get(agent, kHeading)), out_(row, world.t.num_tokens) {
    const Place place = w.places[agent];
    top_ = place.row - t.view_height / 2;
    left_ = place.col - t.view_width / 2;
  }

  // Returns the bytes used; `last_used` is what this function returned for the same row the last time.
  METTA_FN int write(int last_used) {
    if (t.has_rich_view) sight_ = sight_radius();
    const bool has_all = write_globals() == 0 && (t.is_heading_up ? write_view<true>() : write_view<false>());
    if (!has_all) {
      out_.restart();
      w.header.tokens_dropped += write_near_first();
    }
    return out_.finish(last_used);
  }

 private:
  // Returns how many tokens were dropped: 1 if there was something to say and no room for it.
  METTA_FN int write_global(int feature, int value) {
    if (feature == kNone) return 0;
    if (out_.is_full()) return value > 0;
    out_.write_value(kGlobalWhere, static_cast<uint8_t>(feature), static_cast<uint8_t>(clamp(value, 0, 255)));
    return 0;
  }

  METTA_FN int write_globals() {
    const int32_t reward = w.rewards[agent_] / 10;
    int dropped = write_global(t.progress_feature, progress_);
    dropped += write_global(t.reward_feature, reward) + write_global(t.penalty_feature, -reward);
    dropped += write_global(t.last_action_features[w.last_actions[agent_]], 1);
    dropped += write_variables(t.self_tokens, agent_);
    if (t.world_object != kNone) dropped += write_variables(t.world_tokens, t.world_object);
    if (const int group = own_group(); group != kNone) dropped += write_variables(t.group_tokens, group);
    for (size_t p = 0; p < t.params.size(); ++p) {
      const Param& param = t.params[p];
      const auto token = static_cast<size_t>(param.tokens_begin + w.param_choices[p]);
      if (param.feature != kNone) dropped += write_global(param.feature, t.param_tokens[token]);
    }
    return dropped;
  }

  METTA_FN int write_variables(const std::vector<TokenSource>& sources, int object) {
    int dropped = 0;
    for (const TokenSource& source : sources) {
      dropped += write_global(source.feature, token_value(source, w.variables + object * t.variable_stride));
    }
    return dropped;
  }

  METTA_FN int own_group() const {
    if (t.group_variable == kNone || t.num_groups == 0) return kNone;
    const int group = w.get(agent_, t.group_variable);
    return group >= 1 && group <= t.num_groups ? t.first_group + group - 1 : kNone;
  }

  // How far it sees by its own variable and by that of the world, where they have one; 8 is everything.
  METTA_SELDOM size_t sight_radius() const {
    if (t.sight_variable == kNone) return 8;
    int radius = 8;
    for (const int object : {agent_, t.world_object}) {
      if (object == kNone || w.cap(object, t.sight_variable) == 0) continue;
      const int own = w.get(object, t.sight_variable);
      radius = own < radius ? own : radius;
    }
    return static_cast<size_t>(radius);
  }

  // The cells in sight that `rows` marks: 16 bits a row, four rows a word, so that a bit's number is its "where".
  METTA_FN uint64_t marked(const OccupancyRows& rows, int first_row) const {
    uint64_t word = 0;
    for (int k = 0; k < 4; ++k) {
      const int view_row = first_row + k, row = top_ + view_row;
      if (view_row >= t.view_height || row < 0 || row >= t.height) continue;
      uint64_t mask = t.row_masks[w.profiles[agent_]][static_cast<size_t>(view_row)];
      if (t.sight_variable != kNone) mask &= t.sight_masks[sight_][static_cast<size_t>(view_row)];
      word |= (rows.window(row, left_) & mask) << (16 * k);
    }
    return word;
  }
  METTA_FN bool is_marked(const OccupancyRows& rows, int where) const { return (marked(rows, (where >> 4) & ~3) >> (where & 63) & 1) != 0; }

  METTA_FN int object_in_view(int where) const { return w.object_at(top_ + (where >> 4), left_ + (where & 15)); }

  METTA_FN int cell_in_view(int where) const { return (top_ + (where >> 4)) * t.width + left_ + (where & 15); }

  template <bool kTurns>
  METTA_FN uint8_t seen_at(int where) const {
    return kTurns ? t.turned[static_cast<size_t>(heading_)][static_cast<size_t>(where)] : static_cast<uint8_t>(where);
  }

  template <bool kTurns>
  METTA_FN bool write_view() {
    return t.has_rich_view ? write_rich_view<kTurns>() : write_objects<kTurns, false>();
  }

  template <bool kTurns, bool kRich>
  METTA_FN bool write_objects() {
    for (int first_row = 0; first_row < t.view_height; first_row += 4) {
      for (uint64_t rest = marked(w.occupancy, first_row); rest != 0; rest &= rest - 1) {
        if (!out_.has_wide_room(kRich ? 2 * kTokenBytes : 0)) return false;
        const int where = first_row * 16 + lowest_bit(rest), object = object_in_view(where);
        if (kRich && is_hidden(object, where)) continue;
        write_object<kTurns>(object, where);
        if (kRich) write_relations(object, seen_at<kTurns>(where));
      }
    }
    return true;
  }

  template <bool kTurns>
  METTA_FN void write_object(int object, int where) {
    uint8_t* const start = out_.cursor();
    out_.write_wide(w.tokens[object], w.token_bytes[object], seen_at<kTurns>(where));
    if (kTurns && shows_heading(object)) start[2] = turned_heading(start[2]);
  }

  // Objects with what they are to the observer, then the ground, then traces.
  template <bool kTurns>
  METTA_SELDOM bool write_rich_view() {
    if (!write_objects<kTurns, true>()) return false;
    return (!t.has_ground() ||
            write_layer<kTurns>(w.ground_rows, [this](int where) { return write_ground(where, seen_at<kTurns>(where)); })) &&
           (!t.has_traces() || write_layer<kTurns>(w.trace_rows, [this](int where) { return write_trace(where, seen_at<kTurns>(where)); }));
  }

  template <bool kTurns, class Write>
  METTA_FN bool write_layer(const OccupancyRows& rows, Write&& write) {
    for (int first_row = 0; first_row < t.view_height; first_row += 4) {
      for (uint64_t rest = marked(rows, first_row); rest != 0; rest &= rest - 1) {
        if (write(first_row * 16 + lowest_bit(rest)) != 0) return false;
      }
    }
    return true;
  }

  // On ground that hides, one is seen from the cells around only.
  METTA_SELDOM bool is_hidden(int object, int where) const {
    if (!t.has_ground() || object == agent_ || !t.grounds[w.ground[cell_in_view(where)]].hides) return false;
    const int down = (where >> 4) - t.view_height / 2, right = (where & 15) - t.view_width / 2;
    return down < -1 || down > 1 || right < -1 || right > 1;
  }

  // These return how many tokens were dropped.
  METTA_SELDOM int write_token(int feature, int value, uint8_t seen) {
    if (feature == kNone || value <= 0) return 0;
    if (out_.is_full()) return 1;
    out_.write_value(seen, static_cast<uint8_t>(feature), static_cast<uint8_t>(value < 255 ? value : 255));
    return 0;
  }

  METTA_SELDOM int write_relations(int object, uint8_t seen) {
    if (!w.is_agent(object) || object == agent_) return 0;
    int dropped = 0;
    if (t.kinship_feature != kNone) dropped += write_token(t.kinship_feature, shown_kinship(w, agent_, object), seen);
    if (t.mate_feature != kNone) dropped += write_token(t.mate_feature, w.partner(agent_) == object, seen);
    return dropped;
  }

  METTA_SELDOM int write_ground(int where, uint8_t seen) {
    const Ground& ground = t.grounds[w.ground[cell_in_view(where)]];
    return write_token(ground.feature, ground.shown, seen);
  }

  METTA_SELDOM int write_trace(int where, uint8_t seen) {
    const int cell = cell_in_view(where);
    return write_token(t.trace_features[w.traces[cell]], trace_left(w, cell, w.header.tick), seen);
  }

  // A heading is shown as 1..4; in a view that turns, relative to the observer's own.
  METTA_FN bool shows_heading(int object) const {
    const Range range = t.kind_tokens[w.kinds[object]];
    return range.count > 0 && t.token_sources[static_cast<size_t>(range.begin)].variable == kHeading;
  }
  METTA_FN uint8_t turned_heading(int value) const { return static_cast<uint8_t>(((value - 1 - heading_) & 3) + 1); }

  METTA_SELDOM int write_near_first() {
    int dropped = write_globals();
    for (const uint8_t where : t.near_first) {
      const uint8_t seen = t.is_heading_up ? t.turned[static_cast<size_t>(heading_)][where] : where;
      if (is_marked(w.occupancy, where)) dropped += write_narrow(object_in_view(where), where, seen);
      if (t.has_ground() && is_marked(w.ground_rows, where)) dropped += write_ground(where, seen);
      if (t.has_traces() && is_marked(w.trace_rows, where)) dropped += write_trace(where, seen);
    }
    return dropped;
  }

  METTA_SELDOM int write_narrow(int object, int where, uint8_t seen) {
    if (is_hidden(object, where)) return 0;
    TokenBlock block = w.tokens[object];
    if (t.is_heading_up && shows_heading(object)) block.bytes[2] = turned_heading(block.bytes[2]);
    const int dropped = out_.write_narrow(block, w.token_bytes[object], seen);
    return dropped + write_relations(object, seen);
  }

  World& w;
  const Tables& t;
  const int agent_;
  const int progress_;  // 1..255 over the episode
  const int heading_;
  TokenWriter out_;
  int top_, left_;
  size_t sight_ = 8;
};

// An agent that is not in the world sees nothing.
METTA_FN inline int write_observation(World& w, int agent, int progress, uint8_t* row, int last_used) {
  if (!w.is_alive(agent)) {
    std::memset(row, kEmptyToken, static_cast<size_t>(last_used));
    return 0;
  }
  return Observer(w, agent, progress, row).write(last_used);
}

}  // namespace metta::colony
