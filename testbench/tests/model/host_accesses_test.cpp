// SPDX-License-Identifier: Apache-2.0
// The queue of register writes held to a list that is searched anew each time, by random programs.
#include "model/host_accesses.hpp"

#include <deque>
#include <random>
#include <string>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr std::uint32_t rdt = 0x2818, rctl = 0x0100;

Time first(const std::deque<HostAccess>& list, bool tails)
{
    for (const HostAccess& access : list)
        if (tails || access.bar != Bar::csr || access.offset != rdt) return access.arrival;
    return never;
}

/// The first difference between the queue and the list.
template <class Accesses>
std::string fault(unsigned seed)
{
    std::mt19937           random{seed};
    Accesses               accesses;
    std::deque<HostAccess> list;
    Time                   last   = 0;
    const auto             one_of = [&random](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    for (std::uint32_t step = 0; step < 2000; ++step) {
        if (one_of(100) == 0) {
            accesses.clear();
            list.clear();
        } else if (one_of(2) == 0) {
            // Some of them earlier than the one before, which they may not overtake.
            const HostAccess access{last + one_of(10) - 3, one_of(8) == 0 ? Bar::io : Bar::csr,
                                    one_of(3) == 0 ? rctl : rdt, step};
            last = std::max(last, access.arrival);
            list.push_back({last, access.bar, access.offset, access.value});
            if (accesses.push(access) != last) return "arrival";
        } else if (!list.empty()) {
            const HostAccess access = accesses.take();
            if (access.value != list.front().value || access.arrival != list.front().arrival) return "order";
            list.pop_front();
        }
        if (accesses.empty() != list.empty()) return "empty";
        if (accesses.next() != first(list, true)) return "next";
        if (accesses.next_but_tails() != first(list, false)) return "next but tails";
    }
    return {};
}

/// Broken twins, each in one respect.
struct Overtakes : HostAccesses {
    Time push(const HostAccess& access)
    {
        static_cast<void>(HostAccesses::push(access));
        return access.arrival;
    }
};
struct CountsTails : HostAccesses {
    [[nodiscard]] Time next_but_tails() const noexcept { return next(); }
};
struct KeepsAll : HostAccesses {
    void clear() noexcept {}
};

}  // namespace

TEST_CASE("writes leave the queue in order, and its next times are those of a search", "[host_accesses]")
{
    for (unsigned seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        CHECK(fault<HostAccesses>(seed).empty());
    }
}

TEST_CASE("a queue that lets writes overtake, counts tails or keeps what is dropped is caught", "[host_accesses]")
{
    CHECK(fault<Overtakes>(1) == "arrival");
    CHECK(fault<CountsTails>(1) == "next but tails");
    CHECK(fault<KeepsAll>(1) == "empty");
}

TEST_CASE("RDT is a tail under its own offset in the register window alone", "[host_accesses]")
{
    CHECK(HostAccess{0, Bar::csr, rdt, 0}.is_tail());
    CHECK(!HostAccess{0, Bar::io, rdt, 0}.is_tail());
    CHECK(!HostAccess{0, Bar::csr, rctl, 0}.is_tail());
}
