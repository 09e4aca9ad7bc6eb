// SPDX-License-Identifier: Apache-2.0
// Holds the growing ring to std::deque under random use from both ends.
#include "hw/base/ring_queue.hpp"

#include <deque>

#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

/// Forgets where the front was when it grows past sixteen.
class Broken : public RingQueue<int> {
public:
    void push(int value)
    {
        if (size() == 16 && front() != 0) front() = 0;
        RingQueue<int>::push(value);
    }
};

template <class Queue>
bool behaves_as_deque(std::uint64_t seed)
{
    Random          random{seed};
    Queue           queue;
    std::deque<int> expected;
    const auto      growth = static_cast<unsigned>(random.between(40, 70));
    for (int i = 1; i < 400; ++i) {
        if (random.chance(growth)) {
            if (random.chance(80)) {
                queue.push(i);
            } else {
                queue.append() = i;
            }
            expected.push_back(i);
        } else if (!expected.empty()) {
            const auto what = random.below(100);
            if (what < 40) {
                queue.pop();
                expected.pop_front();
            } else if (what < 80) {
                if (queue.take() != expected.front()) return false;
                expected.pop_front();
            } else if (what < 98) {
                queue.pop_back();
                expected.pop_back();
            } else {
                queue.clear();
                expected.clear();
            }
        }
        if (queue.size() != expected.size() || queue.empty() != expected.empty()) return false;
        for (std::size_t k = 0; k < expected.size(); ++k)
            if (queue[k] != expected[k]) return false;
        if (!expected.empty() && (queue.front() != expected.front() || queue.back() != expected.back())) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("a ring queue holds what a deque would", "[ring_queue]")
{
    for (const std::uint64_t seed : seeds(100)) {
        INFO(replay(seed));
        CHECK(behaves_as_deque<RingQueue<int>>(seed));
    }
    unsigned noticed = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) noticed += behaves_as_deque<Broken>(seed) ? 0 : 1;
    CHECK(noticed > 10);
}

TEST_CASE("a queue that does not grow keeps its elements where they are", "[ring_queue]")
{
    RingQueue<int> queue;
    for (int i = 0; i < 10; ++i) queue.push(i);
    const int* const fifth = &queue[5];
    for (int i = 0; i < 1000; ++i) {
        queue.push(10 + i);
        if (i >= 5) queue.pop();
        if (queue.size() > 15) break;
    }
    CHECK(&queue[queue.size() - 1] == &queue.back());
    CHECK(*fifth >= 5);
}

TEST_CASE("a taken element stays as it was until the next one is added, also in a full ring", "[ring_queue]")
{
    RingQueue<int> queue;
    for (int i = 0; i < 16; ++i) queue.push(i);
    const int& first  = queue.take();
    const int& second = queue.take();
    CHECK(first == 0);
    CHECK(second == 1);
    CHECK(queue.size() == 14);
    CHECK(queue.front() == 2);
}
