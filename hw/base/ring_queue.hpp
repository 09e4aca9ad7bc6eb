// SPDX-License-Identifier: Apache-2.0
// A queue in a power-of-two ring that grows when full, so that steady state allocates nothing.
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

    /// Elements have numbers in the order in which they were added, which they keep: those in the queue have the
    /// numbers from first() up to, but not including, end().
    [[nodiscard]] std::size_t first() const noexcept { return head_; }
    [[nodiscard]] std::size_t end() const noexcept { return tail_; }
    /// Precondition: first() <= number < end().
    [[nodiscard]] T&       numbered(std::size_t number) noexcept { return slots_[number & mask_]; }
    [[nodiscard]] const T& numbered(std::size_t number) const noexcept { return slots_[number & mask_]; }

    void push(const T& value)
    {
        if (size() > mask_) return push_growing(value);
        slots_[tail_++ & mask_] = value;
    }

    /// A new last element, holding whatever its slot held before, to be filled in place.
    [[nodiscard]] T& append()
    {
        if (size() > mask_) grow();
        return slots_[tail_++ & mask_];
    }
    void pop() noexcept { ++head_; }

    /// Removes the first element. @return that element: its slot is not written before the next push() or append(), so
    /// the reference is valid until then. Precondition: not empty().
    [[nodiscard]] const T& take() noexcept { return slots_[head_++ & mask_]; }
    void                   pop_back() noexcept { --tail_; }
    void                   clear() noexcept { head_ = tail_; }

private:
    // Rare, so out of the way: append() and push() stay small enough to be inlined.
    [[gnu::noinline]] void grow()
    {
        std::vector<T>    larger(slots_.size() * 2);
        const std::size_t mask = larger.size() - 1;
        for (std::size_t i = head_; i != tail_; ++i) larger[i & mask] = std::move(numbered(i));
        slots_ = std::move(larger);
        mask_  = mask;
    }
    [[gnu::noinline]] void push_growing(T value)
    {
        grow();
        slots_[tail_++ & mask_] = std::move(value);
    }

    std::vector<T> slots_ = std::vector<T>(16);
    std::size_t    mask_  = 15;  // kept, because a vector's size is a division away
    std::size_t    head_  = 0;   // both count freely; only accesses are masked
    std::size_t    tail_  = 0;
};

}  // namespace overrun
