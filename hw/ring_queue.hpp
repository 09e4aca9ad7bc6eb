// SPDX-License-Identifier: Apache-2.0
// A queue in a power-of-two ring that grows when full, so that steady state allocates nothing.
// Never shrinks.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace overrun {

template <class T>
class RingQueue {
public:
    [[nodiscard]] bool        empty() const noexcept { return head_ == tail_; }
    [[nodiscard]] std::size_t size() const noexcept { return tail_ - head_; }

    [[nodiscard]] T&       front() noexcept { return slots_[head_ & mask_]; }
    [[nodiscard]] const T& front() const noexcept { return slots_[head_ & mask_]; }
    [[nodiscard]] T&       back() noexcept { return slots_[(tail_ - 1) & mask_]; }
    [[nodiscard]] const T& back() const noexcept { return slots_[(tail_ - 1) & mask_]; }

    /// Element `i` from the front. Precondition: i < size().
    [[nodiscard]] T&       operator[](std::size_t i) noexcept { return slots_[(head_ + i) & mask_]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return slots_[(head_ + i) & mask_]; }

    void push(const T& value) { append() = value; }

    /// A new last element, holding whatever its slot held before, to be filled in place.
    [[nodiscard]] T& append()
    {
        if (size() > mask_) grow();
        return slots_[tail_++ & mask_];
    }
    void pop() noexcept { ++head_; }
    void pop_back() noexcept { --tail_; }
    void clear() noexcept { head_ = tail_; }

private:
    // Rare, so out of the way: append() stays small enough to be inlined.
    [[gnu::noinline]] void grow()
    {
        std::vector<T> larger(slots_.size() * 2);
        for (std::size_t i = 0, n = size(); i < n; ++i) larger[i] = std::move((*this)[i]);
        tail_  = size();
        head_  = 0;
        slots_ = std::move(larger);
        mask_  = slots_.size() - 1;
    }

    std::vector<T> slots_ = std::vector<T>(16);
    std::size_t    mask_  = 15;  // kept, because a vector's size is a division away
    std::size_t    head_  = 0;   // both count freely; only accesses are masked
    std::size_t    tail_  = 0;
};

}  // namespace overrun
