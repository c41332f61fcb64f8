// Observations: cached tokens of the objects in sight, plus what an agent knows about itself.
#pragma once

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
    for (const TokenSource& source : t.self_tokens) {
      dropped += write_global(source.feature, token_value(source, w.variables + agent_ * t.variable_stride));
    }
    return dropped;
  }

  // The cells in sight that hold something: 16 bits a row, four rows a word, so that a bit's number is its "where".
  METTA_FN uint64_t occupied(int first_row) const {
    uint64_t word = 0;
    for (int k = 0; k < 4; ++k) {
      const int view_row = first_row + k, row = top_ + view_row;
      if (view_row >= t.view_height || row < 0 || row >= t.height) continue;
      const uint64_t mask = t.row_masks[w.profiles[agent_]][static_cast<size_t>(view_row)];
      word |= (w.occupancy.window(row, left_) & mask) << (16 * k);
    }
    return word;
  }

  METTA_FN int object_in_view(int where) const { return w.object_at(top_ + (where >> 4), left_ + (where & 15)); }

  template <bool kTurns>
  METTA_FN bool write_view() {
    for (int first_row = 0; first_row < t.view_height; first_row += 4) {
      for (uint64_t rest = occupied(first_row); rest != 0; rest &= rest - 1) {
        if (!out_.has_wide_room()) return false;
        const int where = first_row * 16 + lowest_bit(rest);
        write_object<kTurns>(object_in_view(where), where);
      }
    }
    return true;
  }

  template <bool kTurns>
  METTA_FN void write_object(int object, int where) {
    uint8_t* const start = out_.cursor();
    const auto seen = kTurns ? t.turned[static_cast<size_t>(heading_)][static_cast<size_t>(where)] : static_cast<uint8_t>(where);
    out_.write_wide(w.tokens[object], w.token_bytes[object], seen);
    if (kTurns && shows_heading(object)) start[2] = turned_heading(start[2]);
  }

  // A heading is shown as 1..4; in a view that turns, relative to the observer's own.
  METTA_FN bool shows_heading(int object) const {
    const Range range = t.kind_tokens[w.kinds[object]];
    return range.count > 0 && t.token_sources[static_cast<size_t>(range.begin)].variable == kHeading;
  }
  METTA_FN uint8_t turned_heading(int value) const { return static_cast<uint8_t>(((value - 1 - heading_) & 3) + 1); }

  METTA_FN int write_near_first() {
    int dropped = write_globals();
    for (const uint8_t where : t.near_first) {
      const int view_row = where >> 4;
      if (!(occupied(view_row & ~3) >> (16 * (view_row & 3) + (where & 15)) & 1)) continue;
      const int object = object_in_view(where);
      TokenBlock block = w.tokens[object];
      if (t.is_heading_up && shows_heading(object)) block.bytes[2] = turned_heading(block.bytes[2]);
      const uint8_t seen = t.is_heading_up ? t.turned[static_cast<size_t>(heading_)][where] : where;
      dropped += out_.write_narrow(block, w.token_bytes[object], seen);
    }
    return dropped;
  }

  World& w;
  const Tables& t;
  const int agent_;
  const int progress_;  // 1..255 over the episode
  const int heading_;
  TokenWriter out_;
  int top_, left_;
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
