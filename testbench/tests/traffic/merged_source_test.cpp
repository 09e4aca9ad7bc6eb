// SPDX-License-Identifier: Apache-2.0
// Several sources as one: start order, ties, sources that have nothing yet, and octets given back to whom they belong.
// The test pulls the frames.
#include "testbench/traffic/merged_source.hpp"

#include <algorithm>
#include <deque>
#include <optional>

#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

/// Frames at given times; a negative entry -t means "none before t".
class Script final : public FrameSource {
public:
    Script(std::uint32_t mark, std::vector<Time> times, std::vector<FrameId>& released)
        : mark_{mark}, times_{times.begin(), times.end()}, released_{released}
    {
    }
    Offer next() override
    {
        Offer offer;
        if (times_.empty()) return offer;
        const Time t = times_.front();
        times_.pop_front();
        if (t < 0) {
            offer.none_before = -t;
            return offer;
        }
        offer.kind         = Offer::Kind::frame;
        offer.frame.start  = t;
        offer.frame.length = mark_;
        return offer;
    }
    void release(FrameId last) noexcept override { released_[mark_] = last; }

private:
    std::uint32_t         mark_;
    std::deque<Time>      times_;
    std::vector<FrameId>& released_;
};

struct Given {
    Time          start;
    std::uint32_t source;

    friend bool operator==(const Given&, const Given&) = default;
};

class Merge {
public:
    explicit Merge(const std::vector<std::vector<Time>>& scripts) : released(scripts.size()), merged{sources(scripts)}
    {
    }

    /// The next frame, asked for again at the time before which there is none; empty when all is over.
    [[nodiscard]] std::optional<Given> pull()
    {
        for (;;) {
            const Offer offer = merged.next();
            if (offer.kind == Offer::Kind::frame) return Given{offer.frame.start, offer.frame.length};
            if (offer.none_before == never) return std::nullopt;
            waited.push_back(offer.none_before);
            REQUIRE(waited.size() < 10'000);
        }
    }
    [[nodiscard]] std::vector<Given> all()
    {
        std::vector<Given> given;
        while (const auto one = pull()) given.push_back(*one);
        return given;
    }

    std::vector<FrameId> released;
    std::vector<Time>    waited;
    MergedSource         merged;

private:
    std::vector<std::unique_ptr<FrameSource>> sources(const std::vector<std::vector<Time>>& scripts)
    {
        std::vector<std::unique_ptr<FrameSource>> list;
        for (std::uint32_t i = 0; i < scripts.size(); ++i)
            list.push_back(std::make_unique<Script>(i, scripts[i], released));
        return list;
    }
};

std::vector<std::vector<Time>> random_scripts(Random& random)
{
    std::vector<std::vector<Time>> scripts(random.between<std::size_t>(1, 4));
    for (auto& script : scripts) {
        Time t = 1;
        for (std::uint64_t i = random.between(0, 30); i > 0; --i) {
            t += random.between<Time>(0, 9);
            if (random.chance(25)) script.push_back(-t);
            script.push_back(t);
        }
    }
    return scripts;
}

}  // namespace

TEST_CASE("frames come by start time, the first named source first on a tie", "[merged_source]")
{
    Merge merge{{{5, 10, 20}, {5, 7, 20}, {}}};
    CHECK(merge.all() == std::vector<Given>{{5, 0}, {5, 1}, {7, 1}, {10, 0}, {20, 0}, {20, 1}});
}

TEST_CASE("no frame overtakes a source that does not know its next one yet", "[merged_source]")
{
    Merge merge{{{-100, -100, 100}, {50, 100, 150}}};
    CHECK(merge.pull() == Given{50, 1});
    CHECK(merge.waited.empty());
    CHECK(merge.pull() == Given{100, 0});
    CHECK(merge.waited == std::vector<Time>{100});
    CHECK(merge.all() == std::vector<Given>{{100, 1}, {150, 1}});
}

TEST_CASE("random sources merge as a stable sort of their frames", "[merged_source]")
{
    for (const std::uint64_t seed : seeds(300)) {
        INFO(replay(seed));
        Random             random{seed};
        const auto         scripts = random_scripts(random);
        std::vector<Given> expected;
        for (std::uint32_t i = 0; i < scripts.size(); ++i)
            for (const Time t : scripts[i])
                if (t > 0) expected.push_back({t, i});
        std::stable_sort(expected.begin(), expected.end(), [](const Given& a, const Given& b) {
            return a.start != b.start ? a.start < b.start : a.source < b.source;
        });
        Merge merge{scripts};

        // Octets are given back in groups; each source learns of its own frames only.
        std::vector<Given> given;
        std::size_t        back = 0;
        while (const auto one = merge.pull()) {
            given.push_back(*one);
            if (!random.chance(20)) continue;
            back = random.between(back, given.size());
            merge.merged.release(back);
            for (std::uint32_t i = 0; i < scripts.size(); ++i) {
                const auto own = std::count_if(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(back),
                                               [i](const Given& g) { return g.source == i; });
                CHECK(merge.released[i] == static_cast<FrameId>(own));
            }
        }
        CHECK(given == expected);
    }
}

TEST_CASE("a single source speaks for itself, two do not", "[merged_source]")
{
    Merge one{{{1, 2}}};
    CHECK(&one.merged.all() != static_cast<FrameSource*>(&one.merged));
    CHECK(one.merged.all().next().frame.start == 1);
    one.merged.all().release(1);
    CHECK(one.released == std::vector<FrameId>{1});
    Merge two{{{1}, {2}}};
    CHECK(&two.merged.all() == static_cast<FrameSource*>(&two.merged));
}

TEST_CASE("no source at all is exhausted at once", "[merged_source]")
{
    Merge merge{{}};
    CHECK_FALSE(merge.pull());
}
