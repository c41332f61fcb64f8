// The thread pool does every item once and never hangs; the lane keeps its order and hands errors to the right half.
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

#include "check.hpp"
#include "dice.hpp"
#include "engine/async_lane.hpp"
#include "engine/thread_pool.hpp"

namespace metta {
namespace {

struct Counts {
  std::vector<std::atomic<int>> done;
  explicit Counts(size_t size) : done(size) {}
};

void count_item(void* context, int item) {
  static_cast<Counts*>(context)->done[static_cast<size_t>(item)].fetch_add(1, std::memory_order_relaxed);
}

TEST(pool_does_every_item_exactly_once) {
  for (const int num_threads : {1, 2, 4, 7}) {
    ThreadPool pool(num_threads);
    CHECK_EQ(pool.num_threads(), num_threads);
    Dice dice(static_cast<uint64_t>(num_threads));
    Counts counts(64);
    for (int loop = 0; loop < 3000; ++loop) {
      const int begin = dice.between(0, 20), end = begin + dice.between(0, 40);
      for (auto& done : counts.done) done.store(0, std::memory_order_relaxed);
      pool.run(begin, end, count_item, &counts);
      for (int item = 0; item < 64; ++item) CHECK_EQ(counts.done[static_cast<size_t>(item)].load(), item >= begin && item < end ? 1 : 0);
    }
  }
}

// Workers that have gone to sleep between loops must wake up again.
TEST(pool_wakes_after_a_pause) {
  ThreadPool pool(4);
  Counts counts(16);
  for (int loop = 1; loop <= 20; ++loop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    pool.run(0, 16, count_item, &counts);
    for (auto& done : counts.done) CHECK_EQ(done.load(), loop);
  }
}

TEST(pool_comes_and_goes) {
  Counts counts(8);
  for (int round = 0; round < 200; ++round) {
    ThreadPool pool(1 + round % 7);
    if (round % 3 != 0) pool.run(0, 8, count_item, &counts);
  }
  for (auto& done : counts.done) CHECK_EQ(done.load(), 133);
}

struct Trace {
  std::vector<int> halves;
  int failing = -1;
};

void trace_half(void* context, int half) {
  auto* trace = static_cast<Trace*>(context);
  trace->halves.push_back(half);
  if (half == trace->failing) throw std::runtime_error("half " + std::to_string(half));
}

TEST(lane_keeps_the_order) {
  Trace trace;
  std::vector<int> sent;
  {
    AsyncLane lane(trace_half, &trace);
    Dice dice(5);
    for (int round = 0; round < 2000; ++round) {
      const int first = dice.between(0, 1);
      const bool sends_both = dice.one_in(2);
      lane.send(first);
      CHECK(lane.is_sent(first));
      CHECK(!lane.is_sent(1 - first));
      if (sends_both) lane.send(1 - first);
      CHECK_THROWS(std::logic_error, lane.send(first));
      CHECK_EQ(lane.recv(), first);
      if (sends_both) CHECK_EQ(lane.recv(), 1 - first);
      CHECK_THROWS(std::logic_error, lane.recv());
      sent.push_back(first);
      if (sends_both) sent.push_back(1 - first);
    }
  }
  CHECK(trace.halves == sent);
}

TEST(lane_gives_an_error_to_the_half_that_failed) {
  for (const int failing : {0, 1}) {
    Trace trace;
    trace.failing = failing;
    AsyncLane lane(trace_half, &trace);
    for (int round = 0; round < 50; ++round) {
      lane.send(0);
      lane.send(1);
      for (const int half : {0, 1}) {
        if (half == failing) CHECK_THROWS(std::runtime_error, lane.recv());
        else CHECK_EQ(lane.recv(), half);
      }
    }
  }
}

TEST(lane_closes_with_work_waiting) {
  for (int round = 0; round < 100; ++round) {
    Trace trace;
    AsyncLane lane(trace_half, &trace);
    lane.send(round % 2);
    if (round % 3 == 0) lane.send(1 - round % 2);
  }
}

}  // namespace
}  // namespace metta
