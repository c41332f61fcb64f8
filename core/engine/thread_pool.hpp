// A fixed set of threads that run one loop at a time together with the caller. Nothing is allocated after construction.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace metta {

class ThreadPool {
 public:
  using Body = void (*)(void* context, int item);

  explicit ThreadPool(int num_threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int num_threads() const { return num_threads_; }

  // Calls body(context, item) once for each item in [begin, end), and returns when all calls have returned.
  // Each thread starts on a share of its own (the same worlds every step stay in its cache) and then helps the others.
  void run(int begin, int end, Body body, void* context);

 private:
  struct alignas(64) Share {
    std::atomic<int> next{0};
    int end = 0;
  };

  void close();
  void work(int thread);
  void run_shares(int thread);
  void wait_for_loop(uint64_t seen);

  const int num_threads_;
  std::unique_ptr<Share[]> shares_;
  Body body_ = nullptr;
  void* context_ = nullptr;
  std::atomic<uint64_t> loop_{0};    // number of the current loop; workers wait for it to change
  std::atomic<int> num_working_{0};  // workers that have not finished the current loop
  std::atomic<bool> is_closing_{false};
  std::vector<std::thread> workers_;
};

}  // namespace metta
