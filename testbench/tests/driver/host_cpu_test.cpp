// SPDX-License-Identifier: Apache-2.0
// The host CPU's time to the picosecond: interrupts that split work, stalls, sleep and deadlines, register costs.
// Edges and answers come from a script; only the last cases have a NIC.
#include "driver_sim/host/host_cpu.hpp"

#include <deque>

#include "driver_sim/host/bare_port.hpp"
#include "hw/platform/link_dma_port.hpp"
#include "hw/platform/wire.hpp"
#include "model/model_engine.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

/// Pulses of an interrupt line at scripted times; a write by the handler lowers the line.
class ScriptedPort {
public:
    explicit ScriptedPort(std::vector<Time> rises, Time latency = 0)
        : latency_{latency}, link_{profile(latency)}, queue_{link_}, rises_{rises.begin(), rises.end()}
    {
    }

    [[nodiscard]] Answer read(std::uint32_t, Time t) { return {7, t + 800}; }
    /// The line is low for the CPU at once.
    void write(std::uint32_t, std::uint32_t, Time t)
    {
        queue_.interrupt({t - latency_, InterruptKind::intx, 0, false});
    }
    [[nodiscard]] Answer config_read(std::uint32_t, unsigned, Time t) { return {9, t + 900}; }
    [[nodiscard]] Time   config_write(std::uint32_t, std::uint32_t, unsigned, Time t) { return t + 950; }

    void               fence(Time) {}
    void               run_device(Time) {}
    [[nodiscard]] Time quiet_until() const { return rises_.empty() ? never : rises_.front(); }
    [[nodiscard]] bool interrupt_possible(Time t) const { return !rises_.empty() && rises_.front() <= t; }
    bool               run_to_interrupt(Time limit)
    {
        if (!interrupt_possible(limit)) return false;
        queue_.interrupt({rises_.front(), InterruptKind::intx, 0, true});
        rises_.pop_front();
        return true;
    }
    void                          synchronise(Time) {}
    [[nodiscard]] InterruptQueue& interrupts() noexcept { return queue_; }
    [[nodiscard]] HostMemory&     memory() noexcept { return memory_; }

private:
    static PcieProfile profile(Time latency)
    {
        PcieProfile p;
        p.interrupt = latency;
        return p;
    }

    Time             latency_;
    PcieLink         link_;
    InterruptQueue   queue_;
    HostMemory       memory_{4096};
    std::deque<Time> rises_;
};

using Cpu = HostCpu<ScriptedPort>;

HostProfile costs(Time entry, Time write, Time exit)
{
    HostProfile p;
    p.interrupt_entry = entry;
    p.mmio_write_cpu  = write;
    p.interrupt_exit  = exit;
    return p;
}

/// Acknowledges and notes when; may work, too.
class Handler final : public InterruptHandler {
public:
    explicit Handler(Cpu& cpu, Time work = 0) : cpu_{cpu}, work_{work} { cpu.set_interrupt_handler(this); }
    void interrupt() override
    {
        entered.push_back(cpu_.now());
        cpu_.write32(0, 0);
        if (work_ > 0) cpu_.spend(work_);
    }
    std::vector<Time> entered;

private:
    Cpu& cpu_;
    Time work_;
};

using Times = std::vector<Time>;

}  // namespace

TEST_CASE("an unmasked interrupt splits work at its edge, and the work goes on after it", "[host_cpu]")
{
    ScriptedPort port{{3'000, 6'000}, 250};
    Cpu          cpu{port, costs(1'000, 50, 200), {}, {}};
    Handler      handler{cpu};
    cpu.spend(10'000);
    // The second edge arrives at 6,250, while 5,000 of the 10,000 are done.
    CHECK(handler.entered == Times{3'250 + 1'000, 6'250 + 1'000});
    CHECK(cpu.now() == 10'000 + 2 * (1'000 + 50 + 200));
    CHECK(cpu.counts().interrupts == 2);
}

TEST_CASE("work that nothing interrupts takes its time, and none takes none", "[host_cpu]")
{
    ScriptedPort port{{20'000}};
    Cpu          cpu{port, costs(1'000, 50, 200), {}, {}};
    Handler      handler{cpu};
    cpu.spend(10'000);
    cpu.spend(0);
    CHECK(cpu.now() == 10'000);
    CHECK(handler.entered.empty());
}

TEST_CASE("an edge at the very end of work belongs to what follows", "[host_cpu]")
{
    ScriptedPort port{{10'000}};
    Cpu          cpu{port, costs(1'000, 50, 200), {}, {}};
    Handler      handler{cpu};
    cpu.spend(10'000);
    CHECK(cpu.now() == 10'000);
    CHECK(handler.entered.empty());
    cpu.spend(1);
    CHECK(handler.entered == Times{11'000});
    CHECK(cpu.now() == 10'000 + 1'250 + 1);
}

TEST_CASE("a handler is not interrupted, and without a handler nothing is", "[host_cpu]")
{
    ScriptedPort port{{1'000, 2'000}};
    Cpu          cpu{port, costs(100, 0, 0), {}, {}};
    Handler      handler{cpu, 5'000};
    cpu.spend(3'000);
    // The second edge comes while the first handler works, and is taken when it is over.
    CHECK(handler.entered == Times{1'100, 1'000 + 5'100 + 100});
    CHECK(cpu.now() == 3'000 + 2 * 5'100);

    ScriptedPort other{{1'000}};
    Cpu          deaf{other, costs(100, 0, 0), {}, {}};
    deaf.spend(3'000);
    CHECK(deaf.now() == 3'000);
    CHECK(deaf.counts().interrupts == 0);
}

TEST_CASE("sleep ends with the interrupt or at the deadline", "[host_cpu]")
{
    ScriptedPort port{{5'000, 30'000}, 300};
    Cpu          cpu{port, costs(1'000, 50, 200), {}, {}};
    Handler      handler{cpu};
    CHECK(cpu.wait_interrupt(20'000));
    CHECK(cpu.now() == 5'300 + 1'250);
    CHECK_FALSE(cpu.wait_interrupt(20'000));
    CHECK(cpu.now() == 20'000);
    // Sent before the deadline, arriving after it.
    CHECK_FALSE(cpu.wait_interrupt(30'100));
    CHECK(cpu.now() == 30'100);
    CHECK(cpu.wait_interrupt(never));
    CHECK(handler.entered == Times{6'300, 31'300});
    CHECK_FALSE(cpu.wait_interrupt(never));
    CHECK(cpu.now() == 30'300 + 1'250);
    // A deadline in the past does not take time back.
    CHECK_FALSE(cpu.wait_interrupt(10));
    CHECK(cpu.now() == 31'550);
}

TEST_CASE("sleep_until takes every interrupt on the way", "[host_cpu]")
{
    ScriptedPort port{{1'000, 5'000, 9'000}};
    Cpu          cpu{port, costs(100, 0, 0), {}, {}};
    Handler      handler{cpu};
    cpu.sleep_until(20'000);
    CHECK(handler.entered == Times{1'100, 5'100, 9'100});
    CHECK(cpu.now() == 20'000);
}

TEST_CASE("a stalled CPU neither wakes nor works", "[host_cpu]")
{
    // Idle: the interrupt waits for the end of the stall.
    ScriptedPort idle_port{{5'000}};
    Cpu          idle{idle_port, costs(1'000, 50, 200), StallSchedule{{{4'000, 3'000, never}}}, {}};
    Handler      idle_handler{idle};
    CHECK(idle.wait_interrupt(20'000));
    CHECK(idle_handler.entered == Times{8'000});
    CHECK(idle.counts().stalled == 2'000);

    // Busy: work is extended, and so is a register access.
    ScriptedPort busy_port{{}};
    Cpu          busy{busy_port, costs(0, 100, 0), StallSchedule{{{4'000, 3'000, never}, {12'050, 1'000, never}}}, {}};
    busy.spend(9'000);
    CHECK(busy.now() == 12'000);
    busy.write32(0, 0);
    CHECK(busy.now() == 12'000 + 100 + 1'000);
    CHECK(busy.counts().stalled == 4'000);

    // A deadline inside a stall is met at its end.
    ScriptedPort none{{}};
    Cpu          late{none, {}, StallSchedule{{{4'000, 3'000, never}}}, {}};
    CHECK_FALSE(late.wait_interrupt(5'000));
    CHECK(late.now() == 7'000);
}

TEST_CASE("what arrives during a stall in the middle of work is taken at its end, and no work is lost", "[host_cpu]")
{
    ScriptedPort port{{7'000, 17'000}};
    Cpu          cpu{port, costs(1'000, 0, 0), StallSchedule{{{5'000, 10'000, never}}}, {}};
    Handler      handler{cpu};
    cpu.spend(10'000);
    // 5,000 of work, 10,000 of stall, an interrupt; from 16,000 on work again, split at 17,000.
    CHECK(handler.entered == Times{16'000, 18'000});
    CHECK(cpu.now() == 10'000 + 10'000 + 2 * 1'000);
    CHECK(cpu.counts().stalled == 10'000);
}

namespace {

/// Counts picoseconds: stalled, in a handler, or working. Edges come `latency` 0 and are held by the handler's entry.
Time counted_end(const Times& rises, const std::vector<Stall>& stalls, Time entry, Time work, Times& entered)
{
    const auto stalled = [&stalls](Time t) {
        for (const Stall& s : stalls)
            if (t >= s.at && t < s.at + s.duration) return true;
        return false;
    };
    std::size_t next       = 0;
    Time        in_handler = 0, now = 0;
    bool        pending = false, handling = false;
    for (; work > 0 || handling; ++now) {
        while (next < rises.size() && rises[next] <= now) {
            ++next;
            pending = true;
        }
        if (stalled(now)) continue;
        if (pending && !handling) {
            handling   = true;
            pending    = false;
            in_handler = entry;
        }
        if (handling) {
            if (--in_handler == 0) {
                entered.push_back(now + 1);
                handling = false;
            }
        } else {
            --work;
        }
    }
    return now;
}

}  // namespace

TEST_CASE("split work, stalls and handlers end where a count of picoseconds ends", "[host_cpu]")
{
    for (const std::uint64_t seed : seeds(2'000)) {
        INFO(replay(seed));
        Random             random{seed};
        Times              rises;
        std::vector<Stall> stalls;
        const Time         entry = random.between<Time>(1, 10), work = random.between<Time>(1, 80);
        // Far enough apart for one handler to end before the next edge, which would merge with it otherwise.
        for (Time t = random.between<Time>(1, 60); t < 200 && rises.size() < 3; t += 100) rises.push_back(t);
        for (std::uint64_t i = random.below(4); i > 0; --i)
            stalls.push_back({random.between<Time>(0, 90), random.between<Time>(1, 20), never});
        Times        expected;
        const Time   end = counted_end(rises, stalls, entry, work, expected);
        ScriptedPort port{rises};
        Cpu          cpu{port, costs(entry, 0, 0), StallSchedule{stalls}, {}};
        Handler      handler{cpu};
        cpu.spend(work);
        CHECK(cpu.now() == end);
        CHECK(handler.entered == expected);
    }
}
