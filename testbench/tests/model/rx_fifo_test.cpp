// SPDX-License-Identifier: Apache-2.0
// Holds the FIFO to a reference that charges every beat: the same refusals on the same edges, the same level, peak.
// The two share no arithmetic; a reference with a mistake must be told apart.
#include <map>
#include <sstream>

#include "model/rx_fifo.hpp"
#include "testbench/tests/laws/broken_engines.hpp"
#include "testbench/tests/laws/program_run.hpp"
#include "testbench/tests/model/rx_fifo_reference.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

FifoShape random_shape(Random& random)
{
    FifoShape shape;
    shape.rate =
        random.pick(std::array<std::int64_t, 8>{10'000'000, 100'000'000, 1'000'000'000, 1'000'000'000, 10'000'000'000,
                                                25'000'000'000, 40'000'000'000, 100'000'000'000});
    if (random.chance(40)) shape.rate = random.between<std::int64_t>(10'000'000, 100'000'000'000);
    if (random.chance(50)) {
        shape.overhead = random.between(0U, 256U);
        shape.line     = random.between(1U, 64U);
    }
    shape.capacity = random.chance(70) ? 1024 * random.between(1U, 8U) : random.between(0U, 3000U);
    shape.period   = shape.rate <= 1'000'000'000    ? 8'000
                     : shape.rate <= 10'000'000'000 ? 6'400
                                                    : 64 * second / shape.rate;
    return shape;
}

/// The model's FIFO, driven as the engine drives it: an event of its own on each edge.
class Model {
public:
    explicit Model(const FifoShape& shape)
        : fifo_{{shape.overhead, shape.line}, WireRate{shape.rate}, CoreClock{shape.period}, 0}
    {
        fifo_.reset(shape.capacity, 0);
    }

    void release_at(Time t) { releases_.push_back(t); }

    [[nodiscard]] FifoOutcome frame(Time start, std::uint32_t octets, bool keep, bool charged, Time end)
    {
        FifoOutcome outcome;
        outcome.end = end;
        Frame frame;
        frame.start  = start;
        frame.length = octets;
        fifo_.begin(frame, octets);
        if (!charged) fifo_.cancel();
        for (;;) {
            const Time t = std::min({end, fifo_.refusal_edge(), releases_.empty() ? never : releases_.front()});
            for (; !releases_.empty() && releases_.front() <= t; releases_.pop_front()) {
                fifo_.release(fifo_.frames().head(), t);
                fifo_.frames().retire_oldest();
            }
            if (fifo_.refusal_edge() <= t) {
                outcome.refused = fifo_.refusal_edge();
                fifo_.refuse();
            }
            if (t == end) break;
        }
        if (keep && charged && !outcome.refused) {
            fifo_.commit(frame, 0, end, false);
        } else {
            fifo_.rewind(end);
        }
        outcome.used = fifo_.used();
        outcome.peak = fifo_.peak();
        return outcome;
    }

private:
    RxFifo           fifo_;
    std::deque<Time> releases_;
};

/// Where the model and the reference, which may be told something else, part; empty when they do not.
std::string compare(std::uint64_t seed, std::int64_t overhead_off = 0, Time release_late = 0)
{
    Random          random{seed};
    const FifoShape shape = random_shape(random);
    FifoShape       told  = shape;
    told.overhead         = static_cast<std::uint32_t>(std::max<std::int64_t>(0, told.overhead + overhead_off));
    const WireRate      rate{shape.rate};
    const std::uint64_t drain = random.between(1, 4);  // how long a frame stays, in its own durations
    Model               model{shape};
    FifoReference       reference{told};
    Time                start = random.between<Time>(0, 10'000), released = 0;
    for (int i = 0; i < 60; ++i) {
        const std::uint32_t octets  = random.between(1U, random.chance(50) ? 100U : 3000U);
        const bool          keep    = random.chance(90);
        const bool          charged = random.chance(95);
        const FifoOutcome   r       = reference.frame(start, octets, keep, charged);
        const FifoOutcome   m       = model.frame(start, octets, keep, charged, r.end);
        if (r.refused != m.refused || r.used != m.used || r.peak != m.peak) {
            std::ostringstream out;
            out << "frame " << i << " of " << octets << " octets at " << start << ": refused " << r.refused.value_or(-1)
                << " | " << m.refused.value_or(-1) << ", used " << r.used << " | " << m.used << ", peak " << r.peak
                << " | " << m.peak;
            return out.str();
        }
        if (keep && charged && !r.refused) {
            // Often on the very edge on which some beat completes, and more than one on an edge at times.
            const Time after = random.between<Time>(1, static_cast<Time>(drain) * rate.slot(octets));
            released         = std::max(released, (r.end + after) / shape.period * shape.period + shape.period);
            model.release_at(released);
            reference.release_at(released + release_late * shape.period);
        }
        start += rate.slot(octets) + (random.chance(30) ? random.between<Time>(0, rate.slot(octets)) : 0);
    }
    return {};
}

/// A program that does nothing but receive into a small FIFO and serve the ring.
Program receiving_program(std::uint64_t seed)
{
    Random  random{seed};
    Program program = ProgramMaker{seed}.make();
    program.refused_pages.clear();
    program.parameters.link_up_time = 0;
    RingSetup& ring                 = program.set_ups.front();
    ring.head                       = 0;
    ring.given                      = ring.size - 1;
    ring.holes                      = false;
    ring.rctl                       = reg::RCTL::EN.mask() | reg::RCTL::UPE.mask() | reg::RCTL::BAM.mask();
    if (random.chance(50)) ring.rctl |= reg::RCTL::SBP.mask();

    constexpr Time      later = 10 * microsecond;
    std::vector<Access> accesses{
        {0, Access::Kind::config_write, 4, 6, 2},
        {1000, Access::Kind::write, reg::PBA::offset, random.between(1U, 6U)},
        {2000, Access::Kind::write, reg::CTRL::offset, reg::CTRL::reset | reg::CTRL::RST.mask()},
        {later / 2, Access::Kind::set_up}};
    for (const Access& access : program.accesses)
        if (access.kind == Access::Kind::serve) {
            accesses.push_back(access);
            accesses.back().at += later;
        }
    program.accesses = std::move(accesses);
    const WireRate rate{program.parameters.wire_rate};
    for (WireItem& item : program.wire) {
        item.frame.start += later;
        if (item.none_before != 0) item.none_before += later;
        program.end += rate.slot(item.frame.length);
    }
    program.end += later;
    return program;
}

/// The engine's verdicts and peak against the reference, which is told when the DMA let go of a frame.
std::string compare_engine(std::uint64_t seed, std::uint64_t& refusals)
{
    const Program program = receiving_program(seed);
    const Trace   trace   = run(program, maker<ModelEngine>());
    if (!trace.breach.empty()) return trace.breach;
    const NicParameters& p = program.parameters;
    FifoReference        reference{
        {program.accesses[1].value * 1024, p.fifo_overhead, p.fifo_line, p.wire_rate, p.clock().period()}};
    struct Seen {
        Time                start  = 0;
        std::uint32_t       length = 0;
        bool                stored = false;
        std::optional<Fate> fate;
    };
    std::map<FrameId, Seen> frames;
    for (const ProbeEvent& e : trace.events) {
        if (e.kind == ProbeKind::rx_fifo && e.id == 0) reference.release_at(e.time);
        if (e.kind == ProbeKind::stored) frames[e.id].stored = true;
        if (e.kind == ProbeKind::ended) frames[e.id].fate = static_cast<Fate>(e.value);
        if (e.kind == ProbeKind::offered) {
            frames[e.id].start  = e.time;
            frames[e.id].length = static_cast<std::uint32_t>(e.value);
        }
    }
    std::uint32_t peak = 0;
    for (const auto& [id, frame] : frames) {
        const bool        no_frame = frame.fate == Fate::no_sfd;
        const FifoOutcome outcome  = reference.frame(frame.start, frame.length, frame.stored, !no_frame);
        const bool        overrun  = frame.fate == Fate::fifo_overrun;
        peak                       = outcome.peak;
        refusals += outcome.refused ? 1 : 0;
        // A refused frame that would not have stayed anyway keeps its own fate.
        if (outcome.refused ? frame.stored : overrun) return "frame " + std::to_string(id) + " refused by one only";
    }
    if (peak != trace.views.back().fifo_peak)
        return "peak " + std::to_string(peak) + " | " + std::to_string(trace.views.back().fifo_peak);
    return {};
}

}  // namespace

TEST_CASE("the FIFO refuses, fills and empties as the beat-by-beat reference does", "[rx_fifo]")
{
    for (const std::uint64_t seed : seeds(1'500)) {
        const std::string difference = compare(seed);
        if (!difference.empty()) FAIL_CHECK(difference << "; " << replay(seed));
    }
}

TEST_CASE("the engine's FIFO refuses and peaks as the reference says for the releases that happened", "[rx_fifo]")
{
    std::uint64_t refusals = 0;
    for (const std::uint64_t seed : seeds(300)) {
        const std::string difference = compare_engine(seed, refusals);
        if (!difference.empty()) FAIL_CHECK(difference << "; " << replay(seed));
    }
    CHECK(refusals > 0);
}

TEST_CASE("a reference with another header or later releases is told apart", "[rx_fifo]")
{
    unsigned header = 0, late = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        header += compare(seed, 8).empty() ? 0 : 1;
        late += compare(seed, 0, 1).empty() ? 0 : 1;
    }
    CHECK(header > 100);
    CHECK(late > 10);
}
