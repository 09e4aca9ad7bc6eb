// SPDX-License-Identifier: Apache-2.0
// Holds the table of frames in flight to std::map: ids almost in order, ids that collide, ids twice, ids unknown.
#include "testbench/ledger/in_flight_table.hpp"

#include <map>

#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

/// Keeps one entry for each remainder only, as a table without a way out would.
class Forgetful {
public:
    bool insert(FrameId id, Time start)
    {
        if (entries_.contains(id % 4096) && entries_[id % 4096].first == id) return false;
        entries_[id % 4096] = {id, start};
        return true;
    }
    std::optional<Time> remove(FrameId id)
    {
        const auto found = entries_.find(id % 4096);
        if (found == entries_.end() || found->second.first != id) return std::nullopt;
        const Time start = found->second.second;
        entries_.erase(found);
        return start;
    }
    std::size_t size() const { return entries_.size(); }

private:
    std::map<FrameId, std::pair<FrameId, Time>> entries_;
};

template <class Table>
bool behaves_as_map(std::uint64_t seed)
{
    Random                  random{seed};
    Table                   table;
    std::map<FrameId, Time> expected;
    FrameId                 next = 1;
    for (int i = 0; i < 2'000; ++i) {
        const auto what = random.below(100);
        if (what < 55) {
            // In order, now and then with a jump onto the same remainders.
            if (random.chance(5))
                next += 4096 * random.between<FrameId>(1, 3) - std::min<FrameId>(next - 1, random.below(8));
            const bool added = expected.emplace(next, i).second;
            if (table.insert(next, i) != added) return false;
            ++next;
        } else {
            FrameId id = random.between<FrameId>(1, next + 2);
            if (!expected.empty() && random.chance(85))
                id = std::next(expected.begin(),
                               static_cast<std::ptrdiff_t>(random.below(std::min<std::size_t>(expected.size(), 20))))
                         ->first;
            const auto                found = expected.find(id);
            const std::optional<Time> start =
                found == expected.end() ? std::nullopt : std::optional<Time>{found->second};
            if (found != expected.end()) expected.erase(found);
            if (table.remove(id) != start) return false;
        }
        if (table.size() != expected.size()) return false;
    }
    for (const auto& [id, start] : expected)
        if (table.remove(id) != start) return false;
    return table.size() == 0;
}

}  // namespace

TEST_CASE("the table of frames in flight holds what a map would", "[ledger]")
{
    for (const std::uint64_t seed : seeds(60)) {
        INFO(replay(seed));
        CHECK(behaves_as_map<InFlightTable>(seed));
    }
    unsigned noticed = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) noticed += behaves_as_map<Forgetful>(seed) ? 0 : 1;
    CHECK(noticed > 5);
}

TEST_CASE("no frame has the id 0", "[ledger]")
{
    InFlightTable table;
    CHECK_FALSE(table.remove(0));
    CHECK(table.size() == 0);
    CHECK_FALSE(table.insert(0, 1));
    CHECK(table.insert(4096, 2));
    CHECK_FALSE(table.insert(0, 3));
    CHECK_FALSE(table.remove(0));
    CHECK(table.remove(4096) == 2);
    CHECK_FALSE(table.remove(0));
    CHECK(table.size() == 0);
}
