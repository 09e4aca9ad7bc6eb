// SPDX-License-Identifier: Apache-2.0
// Writes to host memory at the block itself: their order and times, what each one carries, and how a frame ends.
#include "model/host_writes.hpp"

#include <algorithm>
#include <vector>

#include "model/rx_checksum.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

/// Memory of 8 KiB, of which one page of 1 KiB can be refused.
class Memory final : public DmaPort {
public:
    [[nodiscard]] DmaTimes schedule(DmaOperation, std::uint64_t, std::uint32_t, Time) override { return {0, 0}; }
    [[nodiscard]] bool     commit_write(std::uint64_t address, std::span<const std::byte> from) override
    {
        if (address / 1024 == refused) return false;
        std::copy(from.begin(), from.end(), octets.begin() + static_cast<std::ptrdiff_t>(address));
        return true;
    }
    [[nodiscard]] bool commit_read(std::uint64_t, std::span<std::byte>) override { return false; }

    [[nodiscard]] std::vector<std::byte> part(std::size_t from, std::size_t count) const
    {
        const auto first = octets.begin() + static_cast<std::ptrdiff_t>(from);
        return {first, first + static_cast<std::ptrdiff_t>(count)};
    }

    static constexpr std::byte untouched{0xee};
    std::vector<std::byte>     octets  = std::vector<std::byte>(8192, untouched);
    std::uint64_t              refused = ~0ULL;
};

struct WrittenBack {
    FrameId       id;
    Time          time;
    std::uint64_t how;

    [[nodiscard]] bool operator==(const WrittenBack&) const = default;
};
class Ends final : public ProbeSink {
public:
    [[nodiscard]] ProbeKinds kinds() const override { return probe_bit(ProbeKind::written_back); }
    void                     event(const ProbeEvent& e) override
    {
        if (e.kind == ProbeKind::written_back) list.push_back({e.id, e.time, e.value});
    }
    void committed(Time) override {}

    std::vector<WrittenBack> list;
};

struct Bench {
    /// Another frame, its octets numbered from `first` on, that waits for the DMA.
    void frame(FrameId id, std::uint32_t stored, std::uint32_t length, unsigned first)
    {
        octets.emplace_back(stored);
        for (std::uint32_t i = 0; i < stored; ++i) octets.back()[i] = static_cast<std::byte>(first + i);
        StoredFrame& one = frames.append();
        one              = {};
        one.frame.octets = octets.back().data();
        one.frame.stored = stored;
        one.frame.length = length;
        one.frame.id     = id;
        one.octets       = length;
    }

    Memory                              memory;
    Ends                                ends;
    RxFrames                            frames;
    MisuseCounts                        misuse{};
    std::vector<std::vector<std::byte>> octets;
    HostWrites                          writes{memory, Probe{&ends}, frames, misuse};
};

constexpr std::uint64_t buffer = 1024, ring = 4096;
constexpr auto          whole = static_cast<std::uint64_t>(WriteBack::whole);

}  // namespace

TEST_CASE("nothing is in host memory before its time, and a frame ends with its last descriptor", "[host_writes]")
{
    Bench b;
    b.frame(7, 100, 104, 0);
    b.writes.payload(1000, buffer, 0, 100, false);
    b.frames.leave_fifo();
    b.writes.finish({0x1111, 0x2222}, true);
    CHECK(b.writes.waiting() == 1);
    b.writes.write_back(2000, ring);
    CHECK(b.writes.waiting() == 0);
    CHECK(b.writes.next() == 1000);
    CHECK(b.writes.last() == 2000);

    b.writes.commit(999);
    CHECK(b.memory.octets[buffer] == Memory::untouched);
    b.writes.commit(1000);
    CHECK(b.memory.part(buffer, 100) == b.octets[0]);
    CHECK(b.memory.octets[buffer + 100] == Memory::untouched);
    CHECK(b.memory.octets[ring] == Memory::untouched);
    CHECK(b.ends.list.empty());
    CHECK(b.frames.size() == 1);

    b.writes.commit(5000);
    CHECK(b.memory.octets[ring] == std::byte{0x11});
    CHECK(b.memory.octets[ring + 8] == std::byte{0x22});
    CHECK(b.ends.list == std::vector<WrittenBack>{{7, 2000, whole}});
    CHECK(b.frames.size() == 0);
    CHECK(b.writes.next() == never);
}

TEST_CASE("descriptors that wait are written together, each with its own place and frame", "[host_writes]")
{
    Bench b;
    b.frame(1, 60, 64, 0);
    b.frame(2, 60, 64, 0);
    b.writes.finish({1, 0}, false);
    b.writes.finish({2, 0}, true);
    b.writes.finish({3, 0}, true);
    CHECK(b.writes.waiting() == 3);
    b.writes.write_back(10, ring);
    b.writes.commit(10);
    for (unsigned i = 0; i < 3; ++i) CHECK(b.memory.octets[ring + 16 * i] == static_cast<std::byte>(i + 1));
    CHECK(b.ends.list == std::vector<WrittenBack>{{1, 10, whole}, {2, 10, whole}});
}

TEST_CASE("a frame without its VLAN tag closes the gap, also when a buffer ends inside it", "[host_writes]")
{
    Bench b;
    b.frame(1, 80, 84, 0);
    // 80 octets less the tag; the second piece begins where 10 octets are stored, the third behind the tag.
    b.writes.payload(1, buffer, 0, 10, true);
    b.writes.payload(2, buffer + 10, 10, 20, true);
    b.writes.payload(3, buffer + 30, 30, 46, true);
    b.writes.commit(3);
    std::vector<std::byte> expected = b.octets[0];
    expected.erase(expected.begin() + tag_at, expected.begin() + tag_at + tag_octets);
    CHECK(b.memory.part(buffer, 76) == expected);
    CHECK(b.memory.octets[buffer + 76] == Memory::untouched);
}

TEST_CASE("octets that are not stored are zeros", "[host_writes]")
{
    Bench b;
    b.frame(1, 20, 204, 1);
    b.writes.payload(1, buffer, 10, 190, false);
    b.writes.commit(1);
    std::vector<std::byte> expected(190, std::byte{0});
    std::copy(b.octets[0].begin() + 10, b.octets[0].end(), expected.begin());
    CHECK(b.memory.part(buffer, 190) == expected);
}

TEST_CASE("what host memory refuses is told with the frame and counted", "[host_writes]")
{
    const auto [page, how] = GENERATE(std::pair{buffer / 1024, WriteBack::payload_refused},
                                      std::pair{ring / 1024, WriteBack::descriptor_refused});
    Bench b;
    b.memory.refused = page;
    b.frame(1, 60, 64, 0);
    b.writes.payload(1, buffer, 0, 60, false);
    b.writes.finish({1, 0}, true);
    b.writes.write_back(2, ring);
    b.writes.commit(2);
    CHECK(b.ends.list == std::vector<WrittenBack>{{1, 2, static_cast<std::uint64_t>(how)}});
    CHECK(b.misuse[static_cast<std::size_t>(Misuse::write_fault)] == 1);
}

TEST_CASE("a reset drops descriptors that wait, and their frame ends in silence", "[host_writes]")
{
    Bench b;
    b.frame(1, 60, 64, 0);
    b.writes.payload(100, buffer, 0, 60, false);
    b.frames.leave_fifo();
    b.writes.finish({1, 0}, true);
    b.frames[0].discarded = true;
    b.writes.abandon(50, false);
    CHECK(b.writes.waiting() == 0);
    b.writes.commit(99);
    CHECK(b.frames.size() == 1);
    b.writes.commit(100);
    CHECK(b.memory.part(buffer, 60) == b.octets[0]);
    CHECK(b.frames.size() == 0);
    CHECK(b.ends.list.empty());
}

TEST_CASE("the octets of a write whose time is not known are those that arrive later", "[host_writes]")
{
    const bool stripped = GENERATE(false, true);
    Bench      b;
    b.frame(1, 40, 100, 0);
    b.writes.payload(time_unknown, buffer, 5, 60, stripped);
    b.writes.finish({0x77, 0}, true);
    b.writes.write_back(time_unknown, ring);
    CHECK(b.writes.writes_of_unknown_time() == 2);

    std::vector<std::byte> payload(60), descriptor(16);
    b.writes.pending_write_octets(payload);
    CHECK(b.memory.octets[buffer] == Memory::untouched);
    b.writes.completed_at(1000);
    CHECK(b.writes.writes_of_unknown_time() == 1);
    b.writes.pending_write_octets(descriptor);
    CHECK(descriptor[0] == std::byte{0x77});
    b.writes.completed_at(900);  // not before the payload

    b.writes.commit(999);
    CHECK(b.memory.octets[buffer] == Memory::untouched);
    b.writes.commit(1000);
    CHECK(b.memory.part(buffer, 60) == payload);
    CHECK(b.memory.part(ring, 16) == descriptor);
    CHECK(b.ends.list == std::vector<WrittenBack>{{1, 1000, whole}});
}
