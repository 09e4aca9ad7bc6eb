// SPDX-License-Identifier: Apache-2.0
// The NIC on a platform that is not ours: frames, counters, time and faults, through nothing but TLM-2.0 sockets.
// Each simulation has a process of its own.
#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <systemc>

#include "hw/systemc/sc_time_bridge.hpp"
#include "testbench/examples/systemc_foreign_platform/platform.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/systemc/child.hpp"
#include "testbench/tests/systemc/comparison.hpp"

using namespace overrun;
using namespace overrun::example;
using overrun::test::in_child;

namespace {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::SC_US;

/// Simulates 10 ms of the platform in a process of its own.
/// @param judge says what is wrong; empty when nothing is
std::string outcome(const Settings& settings, const std::function<std::string(Platform&)>& judge)
{
    return in_child([&] {
        Platform platform{settings};
        sc_core::sc_start(10, sc_core::SC_MS);
        return judge(platform);
    });
}

std::uint64_t counter(Platform& platform, std::uint32_t offset)
{
    return platform.nic.engine().peek(offset);
}

std::uint64_t misuse(Platform& platform, Misuse what)
{
    return platform.nic.engine().misuse()[static_cast<std::size_t>(what)];
}

/// Every frame arrived, in order and as it was sent, and the device counts as many.
std::string all_intact(Platform& platform, const Settings& settings)
{
    const auto& received = platform.cpu.received();
    for (std::size_t i = 0; i < received.size(); ++i)
        if (received[i].errors != 0 || !platform.frames.same(i, received[i].octets))
            return fmt::format("frame {} is not as it was sent", i);
    if (received.size() != settings.frames) return fmt::format("{} frames", received.size());
    if (const auto good = counter(platform, reg::GPRC::offset); good != settings.frames)
        return fmt::format("GPRC {}", good);
    if (const auto missed = counter(platform, reg::MPC::offset); missed != 0) return fmt::format("MPC {}", missed);
    if (platform.nic.dma_refused() != 0) return "the platform refused DMA";
    return "";
}

/// The device's transfers that begin at `address`, in order.
std::vector<Transfer> transfers_at(const Platform& platform, std::uint64_t address, bool write)
{
    std::vector<Transfer> found;
    for (const Transfer& transfer : platform.bus.transfers())
        if (transfer.write == write && transfer.address == address) found.push_back(transfer);
    return found;
}

Settings one_frame()
{
    Settings settings;
    settings.frames = 1;
    return settings;
}

/// Payload, then its descriptor, then the interrupt: no sooner than the platform says that the descriptor is visible,
/// and no later than the next edge of the 8 ns clock.
std::string first_interrupt(Platform& platform, sc_time& at)
{
    const CpuSettings cpu;
    const auto        payload    = transfers_at(platform, cpu.buffers, true);
    const auto        write_back = transfers_at(platform, cpu.ring, true);
    if (payload.size() != 1 || write_back.size() != 1) return "not one payload and one write-back";
    if (write_back[0].called <= payload[0].called) return "the write-back is not behind its payload";
    if (platform.cpu.rises().size() != 1) return "not one interrupt";
    at                    = platform.cpu.rises()[0];
    const sc_time visible = std::max(write_back[0].complete, payload[0].complete);
    if (at < visible || at >= visible + sc_time{8, SC_NS})
        return fmt::format("interrupt at {}, write-back visible at {}", at.to_string(), visible.to_string());
    return "";
}

}  // namespace

TEST_CASE("frames arrive intact on a foreign platform, however its memory takes its time", "[systemc]")
{
    for (const bool waits : {false, true}) {
        for (const std::uint32_t length : {64U, 67U, 512U, 1518U}) {
            Settings settings;
            settings.memory.waits = waits;
            settings.length       = length;
            settings.cpu.widest   = 4096;
            INFO((waits ? "waits, " : "annotates, ") << length << " octets");
            CHECK(outcome(settings, [&](Platform& platform) { return all_intact(platform, settings); }) == "");
        }
    }
}

TEST_CASE("a memory that loses octets is noticed on a foreign platform", "[systemc]")
{
    Settings settings;
    settings.memory.forgets = true;
    CHECK(outcome(settings, [&](Platform& platform) { return all_intact(platform, settings); }) ==
          "frame 0 is not as it was sent");
}

TEST_CASE("a target of 32 bits gets no longer accesses, and refuses them otherwise", "[systemc]")
{
    Settings settings;
    settings.memory.widest = 4;
    settings.cpu.widest    = 4;
    settings.longest_dma   = 4;
    settings.start         = 1 * millisecond;
    settings.nic.wire_rate = 100'000'000;
    CHECK(outcome(settings, [&](Platform& platform) -> std::string {
              for (const Transfer& transfer : platform.bus.transfers())
                  if (transfer.address % 4 + transfer.length > 4) return "a transfer across words";
              return all_intact(platform, settings);
          }) == "");
    settings.longest_dma = 4096;
    CHECK(outcome(settings, [&](Platform& platform) -> std::string {
              const std::uint64_t faults = misuse(platform, Misuse::descriptor_fault);
              if (faults == 0 || platform.nic.dma_refused() != faults) return "reads of descriptors were not refused";
              return fmt::format("{} frames", platform.cpu.received().size());
          }) == "0 frames");
}

TEST_CASE("on a foreign platform an interrupt comes when the platform says that the descriptor is visible", "[systemc]")
{
    const auto rise = [](const Settings& settings) {
        const std::string text = outcome(settings, [](Platform& platform) -> std::string {
            sc_time           at;
            const std::string wrong = first_interrupt(platform, at);
            return wrong.empty() ? std::to_string(at.value()) : wrong;
        });
        INFO(text);
        REQUIRE(text.find_first_not_of("0123456789") == std::string::npos);
        return std::stoll(text);
    };
    for (const bool waits : {false, true}) {
        INFO((waits ? "waits" : "annotates"));
        Settings settings     = one_frame();
        settings.memory.waits = waits;
        settings.memory.write = sc_time{400, SC_NS};
        const Time at_400     = rise(settings);
        settings.memory.write = sc_time{1200, SC_NS};
        const Time at_1200    = rise(settings);
        // An annotated payload is on its way while the descriptor follows; one that waits holds the descriptor up.
        const Time more = (waits ? 1600 : 800) * nanosecond;
        CHECK(std::abs(at_1200 - at_400 - more) < 8 * nanosecond);
        settings.memory.write = sc_time{400, SC_NS};
        settings.bus.decode   = sc_time{112, SC_NS};
        CHECK(rise(settings) - at_400 >= 100 * nanosecond);
    }
}

TEST_CASE("on a foreign platform a frame waits for the descriptor as long as the platform takes to read it",
          "[systemc]")
{
    Settings settings        = one_frame();
    settings.memory.read     = sc_time{30, SC_US};
    settings.start           = 10 * microsecond;  // the ring is set up, its descriptors are being read
    settings.cpu.descriptors = 8;
    CHECK(outcome(settings, [&](Platform& platform) -> std::string {
              const auto read    = transfers_at(platform, settings.cpu.ring, false);
              const auto payload = transfers_at(platform, settings.cpu.buffers, true);
              if (read.size() != 1) return "not one read of the first descriptors";
              if (read[0].complete - read[0].called < settings.memory.read) return "the read was too fast";
              if (payload.empty()) return "no frame";
              const sc_time after = payload[0].called - read[0].complete;
              // The edge after it, and the DMA's set-up of two cycles.
              if (payload[0].called <= read[0].complete || after > sc_time{24, SC_NS})
                  return "the payload came " + after.to_string() + " after its descriptor";
              return "";
          }) == "");
}

TEST_CASE("the answer to a register read does not pass writes on a foreign platform", "[systemc]")
{
    for (const bool waits : {false, true}) {
        Settings settings        = one_frame();
        settings.memory.waits    = waits;
        settings.memory.write    = sc_time{20, SC_US};
        settings.cpu.reads_after = sc_time{100, SC_NS};
        settings.start           = 2 * millisecond;  // the CPU's own writes are slow, too
        INFO((waits ? "waits" : "annotates"));
        CHECK(outcome(settings, [&](Platform& platform) -> std::string {
                  const auto payload = transfers_at(platform, settings.cpu.buffers, true);
                  if (payload.size() != 1) return "no frame";
                  std::size_t within = 0;
                  for (const sc_time& answer : platform.cpu.answers())
                      within += answer > payload[0].called + sc_time{1, SC_US} && answer < payload[0].complete ? 1 : 0;
                  return within == 0 ? "" : fmt::format("{} answers while a write is under way", within);
              }) == "");
    }
}

TEST_CASE("a bus that is too slow for the wire loses frames in the FIFO, and the counters say so", "[systemc]")
{
    Settings settings;
    settings.frames            = 400;
    settings.length            = 1518;
    settings.cpu.widest        = 4096;
    settings.cpu.descriptors   = 256;
    settings.bus.memory_octets = settings.memory.octets;
    settings.bus.per_octet     = sc_time{16, SC_NS};  // half of what the wire brings
    CHECK(outcome(settings, [&](Platform& platform) -> std::string {
              const std::uint64_t missed = counter(platform, reg::MPC::offset);
              const std::uint64_t good   = counter(platform, reg::GPRC::offset);
              if (missed < 50) return fmt::format("MPC {}", missed);
              if (good + missed != settings.frames) return fmt::format("GPRC {} and MPC {}", good, missed);
              return "";
          }) == "");
}

TEST_CASE("what a foreign platform refuses is counted, and the run goes on", "[systemc]")
{
    Settings settings;
    settings.cpu.astray = 2;
    CHECK(outcome(settings, [&](Platform& platform) -> std::string {
              if (misuse(platform, Misuse::write_fault) != 2 || platform.nic.dma_refused() != 2)
                  return "not two faults";
              const auto& first = platform.nic.first_dma_refused();
              if (!first || first->address != 0x7000'0000 || first->operation != DmaOperation::write)
                  return "the first refusal has another name";
              const auto& received = platform.cpu.received();
              if (received.size() != settings.frames) return fmt::format("{} frames", received.size());
              for (std::size_t i = 0; i < received.size(); ++i)
                  if (platform.frames.same(i, received[i].octets) == (i == 1 || i == 2))
                      return fmt::format("frame {} is not as expected", i);
              return "";
          }) == "");

    settings.cpu.astray      = 0;
    settings.bus.device_base = settings.cpu.device_base = 0x5000'0000;  // devices may lie anywhere
    CHECK(outcome(settings, [&](Platform& platform) { return all_intact(platform, settings); }) == "");
}

TEST_CASE("the steps of a device on a foreign platform happen at their own time", "[systemc]")
{
    Settings settings;
    CHECK(outcome(settings, [&](Platform& platform) -> std::string {
              // The clock of 8 ns: what the device issues by itself falls on an edge.
              for (const Transfer& transfer : platform.bus.transfers())
                  if (transfer.called.value() % 8000 != 0) return "issued at " + transfer.called.to_string();
              return platform.bus.transfers().size() < 40 ? "too few transfers" : "";
          }) == "");
}
