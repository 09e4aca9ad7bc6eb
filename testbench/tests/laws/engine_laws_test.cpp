// SPDX-License-Identifier: Apache-2.0
// Holds an engine to its laws with random programs: one program, run in several ways, looks the same from outside.
// For each law there is an engine that breaks it and must be caught.
#include <map>
#include <set>
#include <sstream>

#include "model/model_engine.hpp"
#include "testbench/tests/laws/broken_engines.hpp"
#include "testbench/tests/laws/program_run.hpp"
#include "testbench/tests/laws/tells_later.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

using Between = Way::Between;

// What differs between two runs, in one line; empty when nothing does.

std::string text(const ProbeEvent& e)
{
    std::ostringstream out;
    out << "kind " << static_cast<int>(e.kind) << " at " << e.time << " frame " << e.id << " value " << e.value
        << " extra " << e.extra;
    return out.str();
}
std::string text(const InterruptEdge& e)
{
    return (e.level ? "rise at " : "fall at ") + std::to_string(e.time);
}
std::string text(std::uint64_t value)
{
    return std::to_string(value);
}

bool same(const ProbeEvent& a, const ProbeEvent& b)
{
    return a.kind == b.kind && a.time == b.time && a.id == b.id && a.value == b.value && a.extra == b.extra;
}
bool same(const InterruptEdge& a, const InterruptEdge& b)
{
    return a.time == b.time && a.kind == b.kind && a.vector == b.vector && a.level == b.level;
}
bool same(std::uint64_t a, std::uint64_t b)
{
    return a == b;
}

template <class T>
std::string difference(const char* what, const std::vector<T>& a, const std::vector<T>& b)
{
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (!same(a[i], b[i])) return std::string{what} + ": " + text(a[i]) + " | " + text(b[i]);
    if (a.size() == b.size()) return {};
    const auto& longer = a.size() > b.size() ? a : b;
    return std::string{what} + " missing in " + (a.size() > b.size() ? "b: " : "a: ") +
           text(longer[std::min(a.size(), b.size())]);
}

std::string register_name(std::size_t index)
{
    for (const reg::RegisterInfo& row : reg::register_table) {
        if (index < row.count) return std::string{row.name} + (row.count > 1 ? std::to_string(index) : "");
        index -= row.count;
    }
    return "?";
}

std::string difference(const View& a, const View& b)
{
    for (std::size_t i = 0; i < a.memory.size(); ++i)
        if (a.memory[i] != b.memory[i]) return "memory in page " + std::to_string(i);
    for (std::size_t i = 0; i < a.registers.size(); ++i)
        if (a.registers[i] != b.registers[i])
            return register_name(i) + ": " + std::to_string(a.registers[i]) + " | " + std::to_string(b.registers[i]);
    for (std::size_t i = 0; i < a.misuse.size(); ++i)
        if (a.misuse[i] != b.misuse[i]) return std::string{name_of(static_cast<Misuse>(i))};
    if (a.edges != b.edges) return "number of edges";
    if (a.held.on_wire != b.held.on_wire || a.held.in_fifo != b.held.in_fifo || a.held.in_dma != b.held.in_dma)
        return "frames held";
    if (a.fifo_peak != b.fifo_peak)
        return "FIFO peak: " + std::to_string(a.fifo_peak) + " | " + std::to_string(b.fifo_peak);
    if (a.ring_free_min != b.ring_free_min) return "least free descriptors";
    if (a.dma != b.dma) return "number of DMA accesses";
    return {};
}

std::string difference(const Trace& a, const Trace& b)
{
    for (const Trace* trace : {&a, &b})
        if (!trace->breach.empty()) return trace->breach;
    if (auto d = difference("event", a.events, b.events); !d.empty()) return d;
    if (auto d = difference("edge", a.edges, b.edges); !d.empty()) return d;
    if (auto d = difference("answer", a.answers, b.answers); !d.empty()) return d;
    return difference(a.views.back(), b.views.back());
}

std::vector<std::uint64_t> numbers(const std::vector<Time>& times)
{
    return {times.begin(), times.end()};
}

// The laws. Each returns what breaks it; empty when it holds.

using Law = std::string (*)(const Program&, const EngineMaker&);

Way way(Between between, const Program& program)
{
    return {.between = between, .seed = program.seed + 1};
}

std::string split_invariance(const Program& program, const EngineMaker& make)
{
    return difference(run(program, make), run(program, make, way(Between::advance, program)));
}

/// A look-ahead has no effect, and no rising edge comes before the bound that it gave.
std::string bound_never_late(const Program& program, const EngineMaker& make)
{
    return difference(run(program, make), run(program, make, way(Between::ask, program)));
}

/// The first rising edge that plain advancing finds ends each call, and nothing else differs.
std::string stops_at_first_edge(const Program& program, const EngineMaker& make)
{
    return difference(run(program, make), run(program, make, way(Between::to_interrupt, program)));
}

/// What the host sees at T is what it sees when nothing after T was ever simulated.
std::string no_future_in_present(const Program& program, const EngineMaker& make)
{
    Way snapshots       = way(Between::advance, program);
    snapshots.snapshots = true;
    const Trace whole   = run(program, make, snapshots);
    if (!whole.breach.empty()) return whole.breach;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, whole.views.size()); ++i) {
        const View& view = whole.views[i];
        Way         only;
        only.stop         = view.at;
        const Trace until = run(program, make, only);
        if (auto d = difference(view, until.views.back()); !d.empty()) return d + " at " + std::to_string(view.at);
    }
    return {};
}

/// Whatever a NIC does falls on an edge of its clock. What the link and the wire do does not.
std::string same_grid(const Program& program, const EngineMaker& make)
{
    const Trace trace = run(program, make);
    const Time  clock = program.parameters.clock().period();
    if (!trace.breach.empty()) return trace.breach;
    for (const InterruptEdge& edge : trace.edges)
        if (edge.time % clock != 0) return "off the grid: " + text(edge);
    for (const Time issued : trace.issued)
        if (issued % clock != 0) return "off the grid: DMA at " + std::to_string(issued);
    for (const ProbeEvent& event : trace.events) {
        const bool start = event.kind == ProbeKind::wire && event.value == 1;
        const bool free  = event.kind == ProbeKind::offered || event.kind == ProbeKind::written_back || start;
        if (!free && event.time % clock != 0) return "off the grid: " + text(event);
    }
    return {};
}

/// A late access acts as one at engine time does, and is counted.
std::string late_is_named(const Program& program, const EngineMaker& make)
{
    Way on_time         = way(Between::nothing, program);
    on_time.extra       = 40;
    Way late            = on_time;
    late.extra_is_late  = true;
    const Trace a       = run(program, make, on_time);
    Trace       b       = run(program, make, late);
    auto&       counted = b.views.back().misuse[static_cast<std::size_t>(Misuse::late_access)];
    if (counted != b.late) return "late accesses counted: " + std::to_string(counted) + " of " + std::to_string(b.late);
    counted = 0;
    return difference(a, b);
}

/// The books balance at every moment, and no access of the only initiator is late.
std::string books_balance(const Program& program, const EngineMaker& make)
{
    const Trace trace = run(program, make, way(Between::advance, program));
    if (trace.views.back().misuse[static_cast<std::size_t>(Misuse::late_access)] != 0) return "a late access";
    return trace.breach;
}

/// After CTRL.RST nothing is issued until the ring is set up again.
std::string reset_silences(const Program& program, const EngineMaker& make)
{
    const Trace trace  = run(program, make);
    bool        memory = false;
    Time        silent = never;
    std::size_t issue  = 0;
    for (std::size_t i = 0; i < trace.taken.size(); ++i) {
        const Access& access = program.accesses[i];
        const Time    taken  = trace.taken[i];
        for (; issue < trace.issued.size() && trace.issued[issue] < taken; ++issue)
            if (trace.issued[issue] > silent) return "DMA after a reset at " + std::to_string(trace.issued[issue]);
        const bool write = access.kind == Access::Kind::write && access.space == Space::csr;
        if (access.kind == Access::Kind::config_write && access.offset == 4) memory = (access.value & 2U) != 0;
        if (access.kind == Access::Kind::power_on) memory = false;
        if (memory && write && access.offset == reg::CTRL::offset && reg::CTRL::RST.in(access.value)) silent = taken;
        if (access.kind == Access::Kind::set_up || (write && access.offset == reg::RDLEN::at(0))) silent = never;
    }
    return trace.breach;
}

/// Nothing depends on who listens: without levels the engine may take shorter ways, which lead to the same place.
std::string same_unobserved(const Program& program, const EngineMaker& make)
{
    for (const Between between : {Between::nothing, Between::advance, Between::to_interrupt}) {
        Way   observed = way(between, program);
        Trace all      = run(program, make, observed);
        std::erase_if(all.events,
                      [](const ProbeEvent& event) { return (frame_life_kinds & probe_bit(event.kind)) == 0; });
        observed.levels = false;
        const Trace few = run(program, make, observed);
        if (auto d = difference(all, few); !d.empty()) return d;
        if (auto d = difference("DMA issued", numbers(all.issued), numbers(few.issued)); !d.empty()) return d;
    }
    return {};
}

constexpr std::pair<const char*, Law> every_law[]{{"split invariance", split_invariance},
                                                  {"a bound is never late and has no effect", bound_never_late},
                                                  {"advance_to_interrupt stops at the first edge", stops_at_first_edge},
                                                  {"no future in the present", no_future_in_present},
                                                  {"same grid", same_grid},
                                                  {"late is named", late_is_named},
                                                  {"a reset silences", reset_silences},
                                                  {"the same when nobody listens", same_unobserved},
                                                  {"the books balance", books_balance}};

/// How many programs it takes until a broken engine is noticed; 0 when forty are not enough.
template <class Engine>
unsigned programs_until_caught(Law law)
{
    for (unsigned seed = 1; seed <= 40; ++seed)
        if (!law(ProgramMaker{seed}.make(), maker<Engine>()).empty()) return seed;
    return 0;
}

}  // namespace

TEST_CASE("the model obeys the laws of an engine", "[laws]")
{
    for (const std::uint64_t seed : seeds(400)) {
        const Program program = ProgramMaker{seed}.make();
        for (const auto& [name, law] : every_law)
            if (const std::string breach = law(program, maker<ModelEngine>()); !breach.empty())
                FAIL_CHECK(name << ": " << breach << "; " << replay(seed));
    }
}

TEST_CASE("an engine that breaks a law is noticed", "[laws]")
{
    CHECK(programs_until_caught<EdgesAtEndOfCall>(split_invariance) != 0);
    CHECK(programs_until_caught<SplitsHaveEffect>(split_invariance) != 0);
    CHECK(programs_until_caught<BoundIsLate>(bound_never_late) != 0);
    CHECK(programs_until_caught<BoundHasEffect>(bound_never_late) != 0);
    CHECK(programs_until_caught<StopsAtSecondEdge>(stops_at_first_edge) != 0);
    CHECK(programs_until_caught<StopsTooLate>(stops_at_first_edge) != 0);
    CHECK(programs_until_caught<RunsAhead>(no_future_in_present) != 0);
    CHECK(programs_until_caught<DropsShortAdvances>(no_future_in_present) != 0);
    CHECK(programs_until_caught<EdgesOffTheGrid>(same_grid) != 0);
    CHECK(programs_until_caught<AccessesBetweenEdges>(same_grid) != 0);
    CHECK(programs_until_caught<AccessesWait>(same_grid) != 0);
    CHECK(programs_until_caught<AccessesShareEdges>(same_grid) != 0);
    CHECK(programs_until_caught<LateIsNotCounted>(late_is_named) != 0);
    CHECK(programs_until_caught<LateIsLost>(late_is_named) != 0);
    CHECK(programs_until_caught<ResetIsSlow>(reset_silences) != 0);
    CHECK(programs_until_caught<SlowerUnobserved>(same_unobserved) != 0);
    CHECK(programs_until_caught<ForgetsTheWire>(books_balance) != 0);
    CHECK(programs_until_caught<EndsFrames<0>>(books_balance) != 0);
    CHECK(programs_until_caught<EndsFrames<2>>(books_balance) != 0);
    for (const auto& [name, law] : every_law) {
        INFO(name);
        CHECK(programs_until_caught<Wrapped>(law) == 0);
    }
}

TEST_CASE("a DMA port that tells times after each step makes no difference, also around resets and refused pages",
          "[laws]")
{
    unsigned late = 0;
    for (const std::uint64_t seed : seeds(200)) {
        const Program program = ProgramMaker{seed}.make();
        for (const Between between : {Between::nothing, Between::advance, Between::to_interrupt}) {
            const Trace at_once = run(program, maker<ModelEngine>(), way(between, program));
            const auto  differs = [&](const EngineMaker& make) {
                return difference(at_once, run(program, make, way(between, program)));
            };
            if (const std::string d = differs(maker<TellsLater<0>>()); !d.empty())
                FAIL_CHECK(d << "; " << replay(seed));
            late += differs(maker<TellsLater<20 * nanosecond>>()).empty() ? 0 : 1;
        }
    }
    CHECK(late > 0);
}

TEST_CASE("random programs reach all that the laws speak of", "[laws]")
{
    std::map<Fate, std::uint64_t>   fates;
    std::map<Misuse, std::uint64_t> misuse;
    std::uint64_t                   stored = 0, split = 0, rises = 0, timers = 0, claims = 0, stops = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const Program program = ProgramMaker{seed}.make();
        const Trace   trace   = run(program, maker<ModelEngine>());
        for (const ProbeEvent& event : trace.events) {
            if (event.kind == ProbeKind::ended) ++fates[static_cast<Fate>(event.value)];
            if (event.kind == ProbeKind::written_back) ++(event.value == 0 ? stored : fates[Fate::dma_fault]);
            if (event.kind == ProbeKind::interrupt_timers && (event.value & 3U) != 0) ++timers;
        }
        for (std::size_t i = 0; i < trace.views.back().misuse.size(); ++i)
            misuse[static_cast<Misuse>(i)] += trace.views.back().misuse[i];
        for (const InterruptEdge& edge : trace.edges) rises += edge.level ? 1 : 0;
        split += static_cast<std::uint64_t>(trace.issued.size() > 3 * program.wire.size() ? 1 : 0);
        claims += run(program, maker<ModelEngine>(), way(Between::ask, program)).claims;
        stops += run(program, maker<ModelEngine>(), way(Between::to_interrupt, program)).claims;
    }
    for (const FateInfo& info : fate_table) {
        INFO(info.name);
        const bool of_driver = info.stage == "driver" || info.stage == "end";
        CHECK((fates[info.fate] > 3) != of_driver);
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(Misuse::count); ++i) {
        INFO(name_of(static_cast<Misuse>(i)));
        CHECK((misuse[static_cast<Misuse>(i)] > 0) != (static_cast<Misuse>(i) == Misuse::late_access));
    }
    CAPTURE(stored, split, rises, timers, claims, stops);
    CHECK(stored > 500);
    CHECK(rises > 300);
    CHECK(timers > 50);
    CHECK(claims > 300);
    CHECK(stops > 300);
}
