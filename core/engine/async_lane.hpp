// One background thread that does what it is sent, in order: the halves of a batch while the policy thinks about the other half.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace metta {

class AsyncLane {
 public:
  using Job = void (*)(void* context, int half);  // half: 0 or 1

  AsyncLane(Job job, void* context) : job_(job), context_(context), thread_([this] { work(); }) {}

  ~AsyncLane() {
    {
      const std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void send(int half) {
    const std::lock_guard lock(mutex_);
    if (holds(half)) throw std::logic_error("half " + std::to_string(half) + " was sent already: call recv() first");
    queue_[(first_ + num_waiting_++) % 2] = half;
    changed_.notify_all();
  }

  int recv() {
    std::unique_lock lock(mutex_);
    if (num_waiting_ == 0) throw std::logic_error("recv: nothing was sent");
    changed_.wait(lock, [this] { return num_done_ > 0; });
    const int half = queue_[first_];
    first_ = (first_ + 1) % 2;
    --num_waiting_;
    --num_done_;
    if (errors_[half]) std::rethrow_exception(std::exchange(errors_[half], nullptr));
    return half;
  }

  // Waits until all that was sent is done, received or not.
  void wait_until_idle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return num_done_ == num_waiting_; });
  }

  // Whether the half was sent and not yet received.
  bool is_sent(int half) const {
    const std::lock_guard lock(mutex_);
    return holds(half);
  }

 private:
  bool holds(int half) const {
    for (int i = 0; i < num_waiting_; ++i) {
      if (queue_[(first_ + i) % 2] == half) return true;
    }
    return false;
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return is_closing_ || num_done_ < num_waiting_; });
      if (is_closing_) return;
      const int half = queue_[(first_ + num_done_) % 2];
      lock.unlock();
      std::exception_ptr error;
      try {
        job_(context_, half);
      } catch (...) {  // handed to whoever calls recv
        error = std::current_exception();
      }
      lock.lock();
      errors_[half] = error;
      ++num_done_;
      changed_.notify_all();
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int queue_[2] = {0, 0};  // halves sent and not yet received, oldest at first_
  int first_ = 0;
  int num_waiting_ = 0;  // sent, not received
  int num_done_ = 0;     // of those, stepped
  bool is_closing_ = false;
  std::exception_ptr errors_[2];  // by half
  const Job job_;
  void* const context_;
  std::thread thread_;
};

}  // namespace metta
