// Where each array of a world lies inside its flat block of bytes. Computed once; a block is then copied as a whole.
#pragma once

#include <cstddef>

namespace metta {

class LayoutBuilder {
 public:
  // Offset of an array of `count` elements of T; every array starts on its own cache line.
  template <class T>
  size_t add(size_t count) {
    const size_t offset = size_;
    size_ = round_up(size_ + count * sizeof(T));
    return offset;
  }

  size_t size() const { return size_; }

 private:
  static size_t round_up(size_t bytes) { return (bytes + 63) / 64 * 64; }
  size_t size_ = 0;
};

}  // namespace metta
