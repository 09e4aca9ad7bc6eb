// SPDX-License-Identifier: Apache-2.0
// Host memory's DMA windows: what was granted passes, everything else is refused, counted and named.
// The test keeps its own list of granted pages.
#include "hw/platform/host_memory.hpp"

#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/tests/bench/bare_nic.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using test::below;
using test::Octets;

namespace {

constexpr std::uint64_t page = 4096;

/// The pages that a test has been granted.
struct Windows {
    std::set<std::uint64_t> pages;

    void add(const DmaBuffer& buffer)
    {
        for (std::uint64_t p = buffer.address / page; p <= (buffer.address + buffer.octets - 1) / page; ++p)
            pages.insert(p);
    }
    void remove(const DmaBuffer& buffer)
    {
        for (std::uint64_t p = buffer.address / page; p <= (buffer.address + buffer.octets - 1) / page; ++p)
            pages.erase(p);
    }
    [[nodiscard]] bool admit(std::uint64_t address, std::uint64_t length) const
    {
        for (std::uint64_t p = address / page; p <= (address + length - 1) / page; ++p)
            if (pages.count(p) == 0) return false;
        return true;
    }
};

using Grant = std::function<bool(std::uint64_t address, std::uint64_t length)>;

/// How often `grant` differs from the windows on accesses around and across their edges.
unsigned disagreements(const HostMemory& memory, const Windows& windows, const Grant& grant)
{
    std::mt19937 random{11};
    unsigned     count = 0;
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t edge    = memory.base() + below(20, random) * page;
        const std::uint64_t address = edge + below(64, random) - 32;
        const std::uint64_t length  = 1 + below(i % 2 == 0 ? 48 : 5 * page, random);
        if (grant(address, length) != windows.admit(address, length)) ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("DMA passes inside granted windows only, to the octet", "[host_memory]")
{
    HostMemory memory{16 * page};
    Windows    windows;
    const auto first  = memory.allocate(page);
    const auto second = memory.allocate(2 * page + 1);  // three pages
    const auto third  = memory.allocate(1);
    memory.revoke(second);
    for (const DmaBuffer& buffer : {first, third}) windows.add(buffer);
    REQUIRE(windows.pages.size() == 2);

    CHECK(disagreements(memory, windows, [&](auto address, auto length) { return memory.granted(address, length); }) ==
          0);
    // Broken twins: one looks at the first page only, one at both ends only, one forgets the revocation.
    CHECK(disagreements(memory, windows, [&](auto address, auto) { return memory.granted(address, 1); }) > 0);
    CHECK(disagreements(memory, windows, [&](auto address, auto length) {
              return memory.granted(address, 1) && memory.granted(address + length - 1, 1);
          }) > 0);
    windows.add(second);
    CHECK(disagreements(memory, windows, [&](auto address, auto length) { return memory.granted(address, length); }) >
          0);
}

TEST_CASE("buffers come in whole pages, one behind the other, zero and above 4 GiB", "[host_memory]")
{
    HostMemory memory{10 * page - 5};
    CHECK(memory.size() == 10 * page);
    CHECK(memory.base() == 0x1'0000'0000U);
    const auto a = memory.allocate(1);
    const auto b = memory.allocate(page + 1);
    const auto c = memory.allocate(page);
    CHECK((a.address == memory.base() && a.octets == 1));
    CHECK((b.address == memory.base() + page && b.octets == page + 1));
    CHECK(c.address == memory.base() + 3 * page);
    for (std::uint64_t i = 0; i < memory.size(); ++i) REQUIRE(memory.at(memory.base() + i)[0] == std::byte{0});
    // The rest of the last page is granted too: an IOMMU knows pages only.
    CHECK(memory.granted(a.address, page));
    CHECK(memory.contains(memory.base() + 10 * page - 1, 1));
    CHECK_FALSE(memory.contains(memory.base() + 10 * page - 1, 2));
    CHECK_FALSE(memory.contains(memory.base() - 1, 1));
}

TEST_CASE("a full arena says how much was wanted and how much is left", "[host_memory]")
{
    HostMemory memory{4 * page};
    static_cast<void>(memory.allocate(2 * page));
    const std::string message = test::input_error_of([&] { static_cast<void>(memory.allocate(2 * page + 1)); });
    CHECK(test::contains(message, "8193"));
    CHECK(test::contains(message, "8192 of 16384"));
    static_cast<void>(memory.allocate(2 * page));  // what is left can still be had
    CHECK_FALSE(test::input_error_of([&] { static_cast<void>(memory.allocate(1)); }).empty());
}

TEST_CASE("an access moves its octets, a refused one moves none", "[host_memory]")
{
    HostMemory   memory{4 * page};
    const auto   buffer = memory.allocate(2 * page);
    const Octets data   = test::frame_octets(100);
    Octets       back(100);

    REQUIRE(memory.dma_write(buffer.address + page - 50, data));
    REQUIRE(memory.dma_read(buffer.address + page - 50, back));
    CHECK(back == data);
    CHECK(memory.at(buffer.address + page)[0] == data[50]);
    CHECK((memory.dma_count() == 2 && memory.refused_count() == 0 && !memory.first_refused()));

    // Fifty octets of this one would lie in the window: still nothing moves.
    const std::uint64_t across = buffer.address + 2 * page - 50;
    CHECK_FALSE(memory.dma_write(across, data));
    for (std::uint64_t i = 0; i < 50; ++i) REQUIRE(memory.at(across + i)[0] == std::byte{0});
    back.assign(100, std::byte{0x77});
    CHECK_FALSE(memory.dma_read(across, back));
    CHECK(back == Octets(100, std::byte{0x77}));
    CHECK((memory.dma_count() == 2 && memory.refused_count() == 2));
    REQUIRE(memory.first_refused());
    CHECK(memory.first_refused()->operation == DmaOperation::write);
    CHECK((memory.first_refused()->address == across && memory.first_refused()->length == 100));
}

TEST_CASE("addresses far outside and ranges that wrap around are refused", "[host_memory]")
{
    HostMemory memory{4 * page};
    const auto buffer = memory.allocate(4 * page);
    Octets     octets(32);
    for (const std::uint64_t address :
         {std::uint64_t{0}, std::uint64_t{0x1000}, memory.base() - 1, memory.base() - 32, memory.base() + 4 * page,
          memory.base() + 4 * page - 31, ~std::uint64_t{0}, ~std::uint64_t{0} - 30, std::uint64_t{1} << 63U}) {
        INFO(std::hex << address);
        CHECK_FALSE(memory.dma_write(address, octets));
        CHECK_FALSE(memory.dma_read(address, octets));
    }
    CHECK(memory.refused_count() == 18);
    CHECK(memory.dma_write(buffer.address, octets));
    CHECK(memory.dma_write(memory.base() + 4 * page - 32, octets));
}

TEST_CASE("what is revoked stays readable for the host and closed to the device", "[host_memory]")
{
    HostMemory   memory{8 * page};
    const auto   kept = memory.allocate(page);
    const auto   gone = memory.allocate(page);
    const Octets data = test::frame_octets(64);
    REQUIRE(memory.dma_write(gone.address, data));
    memory.revoke(gone);
    CHECK_FALSE(memory.dma_write(gone.address, Octets(64)));
    CHECK(Octets(memory.at(gone.address), memory.at(gone.address) + 64) == data);
    CHECK(memory.dma_write(kept.address, data));
    // Its arena space does not come back: a stale address never points into a new buffer.
    CHECK(memory.allocate(page).address == gone.address + page);
}
