// The counter generator: known values, independent streams, uniform numbers.
#include <cmath>
#include <set>

#include "check.hpp"
#include "engine/hash.hpp"
#include "engine/random.hpp"

namespace metta {
namespace {

// The same arithmetic modulo 2^64 by 32-bit halves, written from the paper: five rounds of squaring, adding and rotating by 32.
uint64_t slow_multiply(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  for (int bit = 0; bit < 64; ++bit) {
    if ((a >> bit & 1) != 0) sum += b << bit;
  }
  return sum;
}

uint64_t slow_square_plus(uint64_t x, uint64_t added, bool is_rotated) {
  const uint64_t sum = slow_multiply(x, x) + added;
  return is_rotated ? sum / 0x100000000ull + (sum % 0x100000000ull) * 0x100000000ull : sum;
}

uint64_t slow_squares(uint64_t counter, uint64_t key) {
  const uint64_t y = slow_multiply(counter, key), z = y + key;
  const uint64_t first = slow_square_plus(y, y, true);
  const uint64_t second = slow_square_plus(first, z, true);
  const uint64_t third = slow_square_plus(second, y, true);
  const uint64_t fourth = slow_square_plus(third, z, false);
  const uint64_t turned = slow_square_plus(third, z, true);
  return fourth ^ (slow_square_plus(turned, y, false) / 0x100000000ull);
}

TEST(squares_equals_a_slow_version) {
  for (uint64_t i = 0; i < 2000; ++i) {
    const uint64_t key = mix64(i) | 1, counter = i % 3 == 0 ? i : mix64(~i);
    CHECK_EQ(squares64(counter, key), slow_squares(counter, key));
  }
}

// From an implementation in another language (Python's unbounded integers), so that no change goes unseen.
TEST(known_values) {
  CHECK_EQ(mix64(0), 0xe220a8397b1dcdafull);                      // first output of splitmix64 with seed 0
  CHECK_EQ(mix64(0x9e3779b97f4a7c15ull), 0x6e789e6aa1b965f4ull);  // and the second
  CHECK_EQ(squares64(0, 0x548c9decbce65297ull), 0x36d88366cee633a5ull);
  CHECK_EQ(squares64(1, 0x548c9decbce65297ull), 0x944716e00e60dfaaull);
  CHECK_EQ(squares64(123456789, 0xc58efd154ce32f6dull), 0xc7614a8831fbb0afull);
}

TEST(streams_differ) {
  std::set<uint64_t> keys, values;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    for (uint64_t stream = 0; stream < 40; ++stream) {
      keys.insert(stream_key(seed, stream));
      values.insert(squares64(counter_of(1, Purpose::kOrder, 0), stream_key(seed, stream)));
      CHECK_EQ(stream_key(seed, stream) & 1, 1ull);
    }
  }
  CHECK_EQ(keys.size(), 1600u);
  CHECK_EQ(values.size(), 1600u);
}

TEST(counters_of_different_purposes_never_meet) {
  std::set<uint64_t> counters;
  for (uint32_t tick : {0u, 1u, 2u, 1u << 30}) {
    for (uint32_t purpose = 1; purpose <= 5; ++purpose) {
      for (uint32_t index : {0u, 1u, 65535u, 0x3ffffffu}) counters.insert(counter_of(tick, static_cast<Purpose>(purpose), index));
    }
  }
  CHECK_EQ(counters.size(), 4u * 5u * 4u);
}

TEST(bounded_is_in_range_and_near_uniform) {
  CHECK_EQ(bounded(0xffffffffu, 7), 6u);
  CHECK_EQ(bounded(0, 7), 0u);
  CHECK_EQ(bounded(0xffffffffu, 1), 0u);
  for (const uint32_t bound : {2u, 3u, 7u, 10u, 24u}) {
    std::vector<int> counts(bound, 0);
    const int draws = 20000 * static_cast<int>(bound);
    for (int i = 0; i < draws; ++i) {
      const uint32_t value = bounded(static_cast<uint32_t>(squares64(static_cast<uint64_t>(i), stream_key(1, 2)) >> 32), bound);
      CHECK(value < bound);
      if (value < bound) ++counts[value];
    }
    for (const int count : counts) CHECK(std::abs(count - 20000) < 5 * 142);  // five standard deviations
  }
}

TEST(bits_are_balanced) {
  for (int bit = 0; bit < 64; ++bit) {
    int ones = 0;
    for (uint64_t i = 0; i < 10000; ++i)
      ones += static_cast<int>(squares64(counter_of(static_cast<uint32_t>(i), Purpose::kChance, 0), stream_key(3, 4)) >> bit & 1);
    CHECK(std::abs(ones - 5000) < 300);
  }
}

TEST(hash_sees_every_byte) {
  std::vector<std::byte> bytes(100, std::byte{0});
  std::set<uint64_t> hashes{hash_bytes(bytes.data(), bytes.size()), hash_bytes(bytes.data(), bytes.size() - 1)};
  for (auto& byte : bytes) {
    byte = std::byte{1};
    hashes.insert(hash_bytes(bytes.data(), bytes.size()));
    byte = std::byte{0};
  }
  CHECK_EQ(hashes.size(), 102u);
}

}  // namespace
}  // namespace metta
