// No allocation in the step: counts operator new and malloc during 1,000 steps with resets, on one thread and on two.
#include <atomic>
#include <cstdlib>
#include <new>
#include <set>

#include "runner.hpp"

namespace {
std::atomic<long> num_allocations{0};
}

#if defined(__GLIBC__)
// The library's own entry, so that ours can stand in for it and count.
extern "C" void* __libc_malloc(size_t size);
extern "C" void* malloc(size_t size) {
  num_allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
#endif

// Not inlined: the compiler would see free() meet memory of operator new, and warn.
[[gnu::noinline]] void* operator new(size_t size) {
  num_allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace metta {
namespace {

int num_ended(ColonyBatch& batch) {
  int count = 0;
  for (const uint8_t flag : batch.arrays().episode_ended) count += flag;
  return count;
}

// Allocations in 1,000 steps; the first few steps may still set things up.
long count_allocations(uint64_t seed, int num_threads, bool uses_halves) {
  ColonyBatch batch = make_batch(random_game(seed), 4, num_threads);
  const auto streams = counting_streams(4);
  batch.reset(seed, streams, true);
  long before = 0;
  int num_resets = 0;
  for (uint64_t step = 0; step < 1010; ++step) {
    if (step == 10) before = num_allocations.load();
    script_actions(batch, seed, step, streams);
    if (uses_halves) {
      batch.send(0);
      batch.send(1);
      batch.recv();
      batch.recv();
    } else {
      batch.step();
    }
    num_resets += num_ended(batch);
  }
  const long count = num_allocations.load() - before;
  CHECK(num_resets > 0);
  return count;
}

TEST(allocations_are_counted) {
  const long before = num_allocations.load();
  ::operator delete(::operator new(1));
  CHECK(num_allocations.load() > before);
#if defined(__GLIBC__)
  const long before_malloc = num_allocations.load();
  void* volatile memory = std::malloc(1);
  std::free(memory);
  CHECK_EQ(num_allocations.load(), before_malloc + 1);
#endif
}

TEST(no_allocation_in_the_step) {
  std::set<std::string> features;
  for (const uint64_t seed : {1, 2, 3, 7, 9, 11}) {
    check::context() = "game " + std::to_string(seed);
    for (const auto& [name, values] : random_game(seed).tables) {
      if (values.size() > (name == "grounds" ? 3u : name == "trace_features" ? 1u : 0u)) features.insert(name);
    }
    CHECK_EQ(count_allocations(seed, 1, false), 0);
    CHECK_EQ(count_allocations(seed, 2, false), 0);
    CHECK_EQ(count_allocations(seed, 1, true), 0);
  }
  for (const char* name : {"grounds", "trace_features", "kinship_templates", "sharing", "genes", "patches"})
    CHECK(features.count(name) > 0);
}

}  // namespace
}  // namespace metta
