// SPDX-License-Identifier: Apache-2.0
// CTRL.RST and PERST# in the middle of traffic at random times: each frame one fate, nothing issued after the edge.
// There is no driver: the reset comes without warning.
#include <map>

#include "testbench/tests/laws/broken_engines.hpp"
#include "testbench/tests/laws/program_run.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

struct Outcome {
    std::string   breach;
    std::uint64_t discarded = 0;
    std::uint64_t stored    = 0;
};

/// A program of receiving and serving, with a few resets thrown in, each followed by a new set-up.
Program resetting_program(std::uint64_t seed)
{
    Random  random{seed};
    Program program = ProgramMaker{seed}.make();
    program.set_ups.resize(1);
    program.set_ups.front().rctl |= reg::RCTL::EN.mask() | reg::RCTL::UPE.mask() | reg::RCTL::SBP.mask();
    std::vector<Access> accesses{{0, Access::Kind::config_write, 4, 6, 2}, {1, Access::Kind::set_up}};
    for (const Access& access : program.accesses)
        if (access.kind == Access::Kind::serve && access.at > 1) accesses.push_back(access);
    for (std::uint64_t i = random.between(1, 5); i > 0; --i) {
        const Time at = random.between<Time>(2, program.end);
        if (random.chance(70)) {
            accesses.push_back({at, Access::Kind::write, reg::CTRL::offset, reg::CTRL::reset | reg::CTRL::RST.mask()});
        } else {
            accesses.push_back({at, Access::Kind::power_on});
            accesses.push_back({at, Access::Kind::config_write, 4, 6, 2});
        }
        accesses.push_back({at + random.between<Time>(1, microsecond), Access::Kind::set_up});
    }
    std::stable_sort(accesses.begin(), accesses.end(), [](const Access& a, const Access& b) { return a.at < b.at; });
    program.accesses = std::move(accesses);
    // Until all that is on the wire has come to its end.
    const WireRate rate{program.parameters.wire_rate};
    for (const WireItem& item : program.wire) program.end += rate.slot(item.frame.length);
    return program;
}

Outcome outcome(const Program& program, const EngineMaker& make, Way::Between between)
{
    const Trace                 trace = run(program, make, {.between = between, .seed = program.seed});
    Outcome                     o{trace.breach};
    std::map<FrameId, unsigned> ends;
    for (const ProbeEvent& event : trace.events) {
        if (event.kind == ProbeKind::offered) ends.try_emplace(event.id, 0);
        if (event.kind == ProbeKind::ended || event.kind == ProbeKind::written_back) ++ends[event.id];
        if (event.kind == ProbeKind::written_back) ++o.stored;
        if (event.kind == ProbeKind::ended && static_cast<Fate>(event.value) == Fate::reset_discard) ++o.discarded;
    }
    std::uint64_t held = 0;
    for (const auto& [id, count] : ends) {
        held += count == 0 ? 1 : 0;
        if (count > 1 && o.breach.empty()) o.breach = "frame " + std::to_string(id) + " has two fates";
    }
    if (held != trace.views.back().held.total() && o.breach.empty()) o.breach = "frames are lost from sight";

    // Between a reset and the next set-up nothing is issued.
    Time reset = never;
    for (std::size_t i = 0; i < trace.taken.size(); ++i) {
        const Access::Kind kind  = program.accesses[i].kind;
        const Time         taken = trace.taken[i];
        if (kind == Access::Kind::set_up) {
            for (const Time issued : trace.issued)
                if (issued > reset && issued < taken && o.breach.empty()) o.breach = "DMA issued after a reset";
            reset = never;
        }
        if (kind == Access::Kind::power_on || kind == Access::Kind::write) reset = std::min(reset, taken);
    }
    return o;
}

}  // namespace

TEST_CASE("a reset at any time leaves every frame one fate and the device silent", "[reset]")
{
    std::uint64_t discarded = 0, stored = 0;
    for (const std::uint64_t seed : seeds(300)) {
        const Program program = resetting_program(seed);
        for (const Way::Between between : {Way::Between::nothing, Way::Between::advance}) {
            const Outcome o = outcome(program, maker<ModelEngine>(), between);
            if (!o.breach.empty()) FAIL_CHECK(o.breach << "; " << replay(seed));
            discarded += o.discarded;
            stored += o.stored;
        }
    }
    CHECK(discarded > 0);
    CHECK(stored > 0);
}

TEST_CASE("a reset that is slow, or forgets a frame, or ends it twice, is noticed", "[reset]")
{
    unsigned slow = 0, forgets = 0, twice = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const Program program = resetting_program(seed);
        slow += outcome(program, maker<ResetIsSlow>(), Way::Between::nothing).breach.empty() ? 0 : 1;
        forgets += outcome(program, maker<EndsFrames<0>>(), Way::Between::nothing).breach.empty() ? 0 : 1;
        twice += outcome(program, maker<EndsFrames<2>>(), Way::Between::nothing).breach.empty() ? 0 : 1;
    }
    CHECK(slow > 0);
    CHECK(forgets > 0);
    CHECK(twice > 0);
}
