// Wide and narrow writing of tokens against pushing them one by one.
#include <array>

#include "check.hpp"
#include "dice.hpp"
#include "engine/tokens.hpp"

namespace metta {
namespace {

struct Thing {
  TokenBlock block{};
  int num_bytes;
  uint8_t where;
};

Thing random_thing(Dice& dice) {
  Thing thing;
  thing.num_bytes = dice.between(0, kMaxBlockTokens) * kTokenBytes;
  thing.where = static_cast<uint8_t>(dice.between(0, 254));
  for (int at = 0; at < thing.num_bytes; at += kTokenBytes) {
    thing.block.bytes[at + 1] = static_cast<uint8_t>(dice.between(0, 254));
    thing.block.bytes[at + 2] = static_cast<uint8_t>(dice.between(1, 255));
  }
  return thing;
}

// What the row must hold afterwards: as many tokens as fit, then 255s.
std::vector<uint8_t> slow_row(const std::vector<Thing>& things, size_t num_tokens, int& dropped) {
  std::vector<uint8_t> row;
  dropped = 0;
  for (const Thing& thing : things) {
    for (int at = 0; at < thing.num_bytes; at += kTokenBytes) {
      if (row.size() == num_tokens * kTokenBytes) ++dropped;
      else row.insert(row.end(), {thing.where, thing.block.bytes[at + 1], thing.block.bytes[at + 2]});
    }
  }
  row.resize(num_tokens * kTokenBytes, kEmptyToken);
  return row;
}

TEST(writing_equals_a_slow_writer) {
  Dice dice(3);
  for (int round = 0; round < 3000; ++round) {
    const int num_tokens = dice.pick<int>({1, 2, 9, 10, 11, 20, 60, 200});
    // A guard behind the row: nothing may be written there.
    std::vector<uint8_t> row(static_cast<size_t>(num_tokens * kTokenBytes) + 64, kEmptyToken);
    std::fill(row.end() - 64, row.end(), uint8_t{77});
    int last_used = 0;
    for (int pass = 0; pass < 4; ++pass) {  // the same row again: what the pass before left must go
      std::vector<Thing> things;
      for (int i = dice.between(0, 30); i > 0; --i) things.push_back(random_thing(dice));
      TokenWriter writer(row.data(), num_tokens);
      int dropped = 0;
      for (const Thing& thing : things) {
        if (writer.has_wide_room() && !dice.one_in(3)) writer.write_wide(thing.block, static_cast<uint8_t>(thing.num_bytes), thing.where);
        else dropped += writer.write_narrow(thing.block, thing.num_bytes, thing.where);
      }
      const int used = writer.bytes_used();
      last_used = writer.finish(last_used);
      int expected_dropped = 0;
      std::vector<uint8_t> expected = slow_row(things, static_cast<size_t>(num_tokens), expected_dropped);
      expected.resize(row.size(), 77);
      CHECK(row == expected);
      CHECK_EQ(dropped, expected_dropped);
      CHECK_EQ(last_used, used);
    }
  }
}

TEST(a_value_of_zero_is_not_written) {
  std::array<uint8_t, 6> row;
  row.fill(kEmptyToken);
  TokenWriter writer(row.data(), 2);
  writer.write_value(kGlobalWhere, 1, 0);
  writer.write_value(kGlobalWhere, 2, 9);
  CHECK(!writer.is_full());
  writer.write_value(kGlobalWhere, 3, 0);
  CHECK_EQ(writer.finish(0), 3);
  CHECK(row == std::array<uint8_t, 6>({254, 2, 9, 255, 255, 255}));
}

}  // namespace
}  // namespace metta
