// SPDX-License-Identifier: Apache-2.0
// Holds the FIFO's level to the beat-by-beat reference in every order in which frames and releases may be told.
#include "model/fifo_level.hpp"

#include <functional>
#include <sstream>

#include "testbench/tests/model/rx_fifo_reference.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

constexpr FifoShape shape{.capacity = 1'000'000, .overhead = 16, .line = 8};

struct OneFrame {
    FifoLevel::Arrival arrival;
    Time               end;
    bool               stays;
};
struct OneRelease {
    Time          t;
    std::uint32_t octets;
};
/// Frames, the releases of those that stay, and the peak that the reference finds.
struct Program {
    std::vector<OneFrame>   frames;
    std::vector<OneRelease> releases;
    std::uint32_t           peak = 0;
};

/// A few frames in a row at 1 Gb/s, each released soon after its end, often on an edge with a beat or an end.
Program small_program(std::uint64_t seed)
{
    Random           random{seed};
    const WireRate   rate{shape.rate};
    const FifoCharge charge{{shape.overhead, shape.line}, rate, CoreClock{shape.period}};
    FifoReference    reference{shape};
    Program          program;
    Time             start = random.between<Time>(0, 10'000), released = 0;
    const unsigned   count = random.between(1U, 5U);
    for (unsigned i = 0; i < count; ++i) {
        const std::uint32_t octets  = random.between(1U, 200U);
        const bool          stays   = random.chance(70);
        const FifoOutcome   outcome = reference.frame(start, octets, stays);
        program.peak                = outcome.peak;
        program.frames.push_back({{start, octets, charge.whole(octets)}, outcome.end, stays});
        start += rate.slot(octets) + (random.chance(30) ? random.between<Time>(0, rate.slot(octets)) : 0);
        if (!stays) continue;
        const Time after = random.chance(30) ? rate.slot(octets) : random.between<Time>(0, 3 * rate.slot(octets));
        released         = std::max(released, (outcome.end + after) / shape.period * shape.period + shape.period);
        reference.release_at(released);
        program.releases.push_back({released, charge.whole(octets)});
    }
    return program;
}

/// Merges in the order of telling: a release ahead of which a later frame was told meets that frame's octets.
class TellingOrder {
public:
    explicit TellingOrder(const FifoCharge& charge) : level_{charge} {}
    void begin(const FifoLevel::Arrival& arrival) { level_.begin(arrival); }
    void stop_arrival() { level_.stop_arrival(); }
    void charged(const FifoLevel::Arrival& arrival, Time end, bool stays)
    {
        level_.charged(arrival, end, stays);
        level_.merge_before(never);
    }
    void released(Time t, std::uint32_t octets) { level_.released(t, octets); }
    void merge_before(Time) {}

    [[nodiscard]] std::uint32_t peak() const { return level_.peak(); }

private:
    FifoLevel level_;
};

/// What may be told next: the beginning or the end of a frame, or a release.
enum class Tell : std::uint8_t { begin, end, release };

/// Calls `visit` with every order that the contract allows: a release comes after the end of its own frame and after
/// the beginning of each frame that starts before it.
void every_order(const Program& program, const std::function<void(const std::vector<Tell>&)>& visit)
{
    std::vector<Tell>                                          order;
    std::function<void(std::size_t, std::size_t, std::size_t)> go = [&](std::size_t begun, std::size_t over,
                                                                        std::size_t released) {
        if (over == program.frames.size() && released == program.releases.size()) return visit(order);
        const auto choose = [&](Tell tell, std::size_t b, std::size_t o, std::size_t r) {
            order.push_back(tell);
            go(b, o, r);
            order.pop_back();
        };
        if (begun == over && begun < program.frames.size()) choose(Tell::begin, begun + 1, over, released);
        if (over < begun) choose(Tell::end, begun, over + 1, released);
        if (released == program.releases.size()) return;
        const Time t         = program.releases[released].t;
        const bool all_begun = begun == program.frames.size() || program.frames[begun].arrival.start >= t;
        const bool all_over  = over == program.frames.size() || program.frames[over].end >= t;
        if (all_begun && all_over) choose(Tell::release, begun, over, released + 1);
    };
    go(0, 0, 0);
}

/// In how many orders the level's peak differs from the reference's.
/// @param orders grows by the number of orders
template <class Level>
unsigned differences(const Program& program, unsigned& orders)
{
    const FifoCharge charge{{shape.overhead, shape.line}, WireRate{shape.rate}, CoreClock{shape.period}};
    unsigned         wrong = 0;
    every_order(program, [&](const std::vector<Tell>& order) {
        Level       level{charge};
        std::size_t begun = 0, over = 0, released = 0;
        for (const Tell tell : order) {
            if (tell == Tell::begin) {
                level.begin(program.frames[begun++].arrival);
            } else if (tell == Tell::end) {
                const OneFrame& frame = program.frames[over++];
                level.charged(frame.arrival, frame.end, frame.stays);
                level.stop_arrival();
            } else {
                const OneRelease& release = program.releases[released++];
                level.released(release.t, release.octets);
                // Legal at any time, and without an effect on the result.
                if (orders % 2 == 0) level.merge_before(release.t);
            }
        }
        ++orders;
        if (level.peak() != program.peak) ++wrong;
    });
    return wrong;
}

}  // namespace

TEST_CASE("the FIFO's peak is the reference's in every order of telling", "[fifo_level]")
{
    unsigned orders = 0;
    for (const std::uint64_t seed : seeds(300)) {
        INFO(replay(seed));
        CHECK(differences<FifoLevel>(small_program(seed), orders) == 0);
    }
    CHECK(orders > 1'000);
}

TEST_CASE("a level that merges in the order of telling is told apart", "[fifo_level]")
{
    unsigned orders = 0, wrong = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed)
        if (differences<TellingOrder>(small_program(seed), orders) != 0) ++wrong;
    CHECK(wrong > 10);
}

TEST_CASE("a release counts before the charge of its edge, and a refused frame counts as far as it got", "[fifo_level]")
{
    // 1 Gb/s: an octet takes 8 ns, one edge. Octet n of a frame that starts at 0 has arrived on edge 8 + n.
    const FifoCharge charge{{16, 8}, WireRate{1'000'000'000}, CoreClock{8'000}};
    const auto       edge = [](Time n) { return n * 8'000; };
    FifoLevel        level{charge};
    level.charged({edge(0), 64, charge.whole(64)}, edge(72), true);
    CHECK(level.peak() == 16 + 8 * 8);

    SECTION("the first beat of the next frame ends on the edge of the release")
    {
        level.begin({edge(84), 64, charge.whole(64)});
        level.released(edge(84 + 8 + 8), 80);
        CHECK(level.peak() == 80 + 16);
    }
    SECTION("the release comes one edge later")
    {
        level.begin({edge(84), 64, charge.whole(64)});
        level.released(edge(84 + 8 + 9), 80);
        CHECK(level.peak() == 80 + 16 + 8);
    }
    SECTION("the next frame is refused at its third beat")
    {
        level.charged({edge(84), 64, 16 + 2 * 8}, edge(84 + 8 + 24), false);
        CHECK(level.peak() == 80 + 16 + 2 * 8);
        level.released(edge(200), 80);
        CHECK(level.peak() == 80 + 16 + 2 * 8);
    }
    SECTION("the peak starts anew after a reset")
    {
        level.reset();
        CHECK(level.peak() == 0);
    }
}
