// Observation tokens: triples of bytes (where, feature, value), written many at a time.
#pragma once

#include "engine/portable.hpp"

namespace metta {

constexpr int kTokenBytes = 3;
constexpr uint8_t kEmptyToken = 255;   // all three bytes of an unused token
constexpr uint8_t kGlobalWhere = 254;  // "where" of what an agent knows about itself
constexpr int kMaxBlockTokens = 10;    // tokens of one object

// The tokens of one object, ready to be stored at once; the "where" bytes stay 0 until they are written.
struct alignas(32) TokenBlock {
  uint8_t bytes[32];
};
static_assert(kMaxBlockTokens * kTokenBytes <= static_cast<int>(sizeof(TokenBlock)));

// Appends tokens to one agent's row. Wide stores may write up to 32 bytes past the cursor; `finish` clears what they left.
class TokenWriter {
 public:
  METTA_FN TokenWriter(uint8_t* row, int num_tokens) : row_(row), cursor_(row), end_(row + num_tokens * kTokenBytes) {}

  // Room for a whole block and some bytes more.
  METTA_FN bool has_wide_room(int more = 0) const { return end_ - cursor_ >= static_cast<std::ptrdiff_t>(sizeof(TokenBlock)) + more; }
  METTA_FN int bytes_used() const { return static_cast<int>(cursor_ - row_); }
  METTA_FN uint8_t* cursor() const { return cursor_; }

  // Whole block in one store; only with wide room.
  METTA_FN void write_wide(const TokenBlock& block, uint8_t num_bytes, uint8_t where) {
    typedef uint8_t Wide __attribute__((vector_size(32)));
    constexpr Wide kWhereBytes = {255, 0, 0,   255, 0, 0,   255, 0, 0,   255, 0, 0,   255, 0, 0, 255,
                                  0,   0, 255, 0,   0, 255, 0,   0, 255, 0,   0, 255, 0,   0, 0, 0};
    Wide tokens;
    std::memcpy(&tokens, block.bytes, sizeof tokens);
    tokens |= kWhereBytes & where;
    std::memcpy(cursor_, &tokens, sizeof tokens);
    cursor_ += num_bytes;
  }

  // Token by token, as far as there is room. Returns how many were dropped.
  METTA_FN int write_narrow(const TokenBlock& block, int num_bytes, uint8_t where) {
    for (int at = 0; at < num_bytes; at += kTokenBytes) {
      if (cursor_ == end_) return (num_bytes - at) / kTokenBytes;
      append(where, block.bytes[at + 1], block.bytes[at + 2]);
    }
    return 0;
  }

  // One token; a value of 0 is not written. The caller has made sure of room for it.
  METTA_FN void write_value(uint8_t where, uint8_t feature, uint8_t value) {
    cursor_[0] = where;
    cursor_[1] = feature;
    cursor_[2] = value;
    cursor_ += value != 0 ? kTokenBytes : 0;
  }

  METTA_FN bool is_full() const { return cursor_ == end_; }
  METTA_FN void restart() { cursor_ = row_; }

  // Empties the rest of the row as far as anything was ever written: by this pass or by the one before (`last_used` bytes).
  METTA_FN int finish(int last_used) {
    const int used = bytes_used();
    int dirty = used + static_cast<int>(sizeof(TokenBlock));
    if (dirty < last_used) dirty = last_used;
    const uint8_t* const dirty_end = row_ + dirty;
    uint8_t* at = cursor_;
    for (; at < dirty_end && end_ - at >= 16; at += 16) std::memset(at, kEmptyToken, 16);
    if (at < dirty_end) std::memset(at, kEmptyToken, static_cast<size_t>(end_ - at));
    return used;
  }

 private:
  METTA_FN void append(uint8_t where, uint8_t feature, uint8_t value) {
    cursor_[0] = where;
    cursor_[1] = feature;
    cursor_[2] = value;
    cursor_ += kTokenBytes;
  }

  uint8_t* row_;
  uint8_t* cursor_;
  uint8_t* end_;
};

}  // namespace metta
