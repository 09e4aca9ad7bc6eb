// SPDX-License-Identifier: Apache-2.0
// The edges of accesses and the queue of writes, held to a list that is searched anew each time, by random programs.
#include "model/host_accesses.hpp"

#include <deque>
#include <random>
#include <set>
#include <string>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr std::uint32_t rdt = 0x2818, rctl = 0x0100;
constexpr Time          period = 8;

Time first(const std::deque<HostAccess>& list, bool tails)
{
    for (const HostAccess& access : list)
        if (tails || access.space != Space::csr || access.offset != rdt) return access.edge;
    return never;
}

/// The first difference between the queue and the list.
template <class Accesses>
std::string fault(unsigned seed)
{
    std::mt19937           random{seed};
    Accesses               accesses{CoreClock{period}};
    std::deque<HostAccess> list;
    std::set<Time>         taken{0};
    Time                   arrival = 0;
    const auto             one_of  = [&random](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    for (std::uint32_t step = 0; step < 2000; ++step) {
        if (one_of(100) == 0) {
            accesses.clear();
            list.clear();
        } else if (one_of(2) == 0) {
            arrival += one_of(3) * one_of(2 * period);
            Time edge = 0;
            while (edge <= arrival || edge <= *taken.rbegin()) edge += period;
            if (accesses.edge_of(arrival) != edge) return "edge";
            taken.insert(edge);
            if (one_of(8) == 0) {
                accesses.take_edge(edge);
                continue;
            }
            const HostAccess access{edge, one_of(8) == 0 ? Space::io : Space::csr, one_of(3) == 0 ? rctl : rdt, step};
            list.push_back(access);
            accesses.push(access);
        } else if (!list.empty()) {
            const HostAccess access = accesses.take();
            if (access.value != list.front().value || access.edge != list.front().edge) return "order";
            list.pop_front();
        }
        if (accesses.empty() != list.empty()) return "empty";
        if (accesses.next() != first(list, true)) return "next";
        if (accesses.next_but_tails() != first(list, false)) return "next but tails";
    }
    return {};
}

/// Broken twins, each in one respect.
struct SharesEdges : HostAccesses {
    using HostAccesses::HostAccesses;
    [[nodiscard]] Time edge_of(Time arrival) const noexcept { return CoreClock{period}.after(arrival); }
};
struct TakesInAtOnce : HostAccesses {
    using HostAccesses::HostAccesses;
    [[nodiscard]] Time edge_of(Time arrival) const noexcept { return HostAccesses::edge_of(arrival - 1); }
};
struct CountsTails : HostAccesses {
    using HostAccesses::HostAccesses;
    [[nodiscard]] Time next_but_tails() const noexcept { return next(); }
};
struct KeepsAll : HostAccesses {
    using HostAccesses::HostAccesses;
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

TEST_CASE("a queue that gives a wrong edge, counts tails or keeps what is dropped is caught", "[host_accesses]")
{
    CHECK(fault<SharesEdges>(1) == "edge");
    CHECK(fault<TakesInAtOnce>(1) == "edge");
    CHECK(fault<CountsTails>(1) == "next but tails");
    CHECK(fault<KeepsAll>(1) == "empty");
}

TEST_CASE("RDT is a tail under its own offset in the register window alone", "[host_accesses]")
{
    CHECK(HostAccess{0, Space::csr, rdt, 0}.is_tail());
    CHECK(!HostAccess{0, Space::io, rdt, 0}.is_tail());
    CHECK(!HostAccess{0, Space::csr, rctl, 0}.is_tail());
}
