// Large zeroed arrays on large pages, where the system has them: a step touches every world, and with small pages the
// processor spends up to a quarter of it on looking up addresses.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace metta {

template <class T>
class LargeArray {
 public:
  explicit LargeArray(size_t size) : size_(size), data_(allocate(size * sizeof(T))) {}

  T* data() const { return data_.get(); }
  size_t size() const { return size_; }
  T* begin() const { return data(); }
  T* end() const { return data() + size_; }
  T& operator[](size_t index) const {
    assert(index < size_);
    return data()[index];
  }

 private:
  static constexpr size_t kPage = size_t{2} << 20;

  struct Free {
    void operator()(T* data) const { std::free(data); }
  };

  static std::unique_ptr<T, Free> allocate(size_t bytes) {
    const size_t alignment = bytes >= kPage ? kPage : 64;
    const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
    void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
    if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
    if (alignment == kPage) madvise(memory, rounded, MADV_HUGEPAGE);  // a wish: without large pages it is only slower
#endif
    std::memset(memory, 0, bytes);
    return std::unique_ptr<T, Free>(static_cast<T*>(memory));
  }

  size_t size_;
  std::unique_ptr<T, Free> data_;
};

}  // namespace metta
