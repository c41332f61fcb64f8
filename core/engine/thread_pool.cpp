#include "engine/thread_pool.hpp"

#include <system_error>

namespace metta {

namespace {
// A step takes tens of microseconds: looking again for a while is cheaper than sleeping and being woken.
constexpr int kSpins = 4000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}
}  // namespace

ThreadPool::ThreadPool(int num_threads) : num_threads_(num_threads), shares_(std::make_unique<Share[]>(static_cast<size_t>(num_threads))) {
  try {
    for (int thread = 1; thread < num_threads; ++thread) workers_.emplace_back([this, thread] { work(thread); });
  } catch (const std::system_error&) {  // more threads than the machine gives: those that began must end first
    close();
    throw;
  }
}

ThreadPool::~ThreadPool() { close(); }

void ThreadPool::close() {
  is_closing_.store(true);
  loop_.fetch_add(1);
  loop_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::run(int begin, int end, Body body, void* context) {
  body_ = body;
  context_ = context;
  for (int thread = 0; thread < num_threads_; ++thread) {
    const auto bound = [&](int t) { return begin + static_cast<int>(static_cast<int64_t>(end - begin) * t / num_threads_); };
    shares_[thread].end = bound(thread + 1);
    shares_[thread].next.store(bound(thread), std::memory_order_relaxed);
  }
  if (num_threads_ > 1) {
    num_working_.store(num_threads_ - 1, std::memory_order_relaxed);
    loop_.fetch_add(1, std::memory_order_release);
    loop_.notify_all();
  }
  run_shares(0);
  for (int left = num_working_.load(std::memory_order_acquire), spins = 0; left != 0; left = num_working_.load(std::memory_order_acquire)) {
    if (++spins < kSpins) pause();
    else num_working_.wait(left, std::memory_order_acquire);
  }
}

void ThreadPool::work(int thread) {
  for (uint64_t seen = 0;; ++seen) {  // every worker takes part in every loop, so it can count them itself
    wait_for_loop(seen);
    if (is_closing_.load()) return;
    run_shares(thread);
    if (num_working_.fetch_sub(1, std::memory_order_release) == 1) num_working_.notify_one();
  }
}

void ThreadPool::wait_for_loop(uint64_t seen) {
  for (int spins = 0; loop_.load(std::memory_order_acquire) == seen; ++spins) {
    if (spins < kSpins) pause();
    else loop_.wait(seen, std::memory_order_acquire);
  }
}

void ThreadPool::run_shares(int thread) {
  for (int k = 0; k < num_threads_; ++k) {
    Share& share = shares_[(thread + k) % num_threads_];
    for (int item = share.next.fetch_add(1, std::memory_order_relaxed); item < share.end;
         item = share.next.fetch_add(1, std::memory_order_relaxed)) {
      body_(context_, item);
    }
  }
}

}  // namespace metta
