// SPDX-License-Identifier: Apache-2.0
// Holds descriptor supply to contract D10, descriptor by descriptor, counted without wrapping.
// Expected positions are counted without the cache's arithmetic.
#include "model/descriptor_cache.hpp"

#include <deque>

#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/random.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

constexpr std::uint64_t base = 0x1'0000'0000;

/// The rules, with descriptors counted from the ring's set-up on.
struct Rules {
    std::uint32_t                                       limit = 0, reads = 0, size = 0, prefetch = 0, host = 0;
    std::uint64_t                                       given = 0;  ///< up to the tail
    std::uint64_t                                       asked = 0;  ///< up to the last read
    std::uint64_t                                       rest  = 0;  ///< of a fetch that has begun
    std::uint64_t                                       first = 0;  ///< ring index of descriptor 0
    std::deque<std::pair<std::uint64_t, std::uint64_t>> in_flight;  ///< first, count
    std::deque<std::uint64_t>                           held;

    [[nodiscard]] std::uint64_t ahead() const
    {
        std::uint64_t sum = held.size();
        for (const auto& read : in_flight) sum += read.second;
        return sum;
    }
    [[nodiscard]] std::uint64_t index(std::uint64_t n) const { return (first + n) % size; }

    /// How many the next read asks for; 0: none now.
    [[nodiscard]] std::uint64_t next_read() const
    {
        const std::uint64_t available = given - asked;
        std::uint64_t       fetch     = rest;
        if (fetch == 0) {
            if (available == 0 || ahead() >= limit) return 0;
            if (ahead() > 0 && !(ahead() < prefetch && available >= host)) return 0;
            fetch = std::min(available, limit - ahead());
        }
        if (in_flight.size() >= reads) return 0;
        std::uint64_t n = 1;  // then one by one up to a boundary of 64 octets or the ring's end
        while (n < fetch && (base + 16 * index(asked + n)) % 64 != 0 && index(asked + n) != 0) ++n;
        return n;
    }
    void issue(std::uint64_t n)
    {
        rest = (rest != 0 ? rest : std::min(given - asked, limit - ahead())) - n;
        in_flight.emplace_back(asked, n);
        asked += n;
    }
};

/// A buffer address from which its descriptor can be told.
std::uint64_t buffer_of(std::uint64_t n)
{
    return 0x5000'0000 + 7 * n;
}

/// Random use by a driver that keeps the rules, which may be told another threshold than the cache.
bool keeps_the_rules(std::uint64_t seed, std::uint32_t other_prefetch = 0)
{
    Random random{seed};
    Rules  rules;
    rules.limit    = random.between(4U, 256U);
    rules.reads    = random.between(1U, 16U);
    rules.size     = 8 * random.between(1U, 64U);
    rules.prefetch = random.between(0U, 63U);
    rules.host     = random.between(0U, 63U);
    DescriptorCache cache{{rules.limit, rules.reads}};
    rules.first = random.between<std::uint64_t>(0, rules.size - 1);
    cache.set_ring(base, rules.size, static_cast<std::uint32_t>(rules.first), static_cast<std::uint32_t>(rules.first));
    cache.set_thresholds(rules.prefetch, rules.host);
    rules.prefetch += other_prefetch;

    std::uint64_t used = 0;
    for (Time now = 1; now < 1500; ++now) {
        switch (random.below(4)) {
            case 0: {  // the driver gives more, but never the whole ring
                const std::uint64_t room = rules.size - 1 - (rules.given - used);
                rules.given += random.between<std::uint64_t>(0, std::min<std::uint64_t>(room, 40));
                cache.set_tail(static_cast<std::uint32_t>(rules.index(rules.given)));
                break;
            }
            case 1: {
                const std::uint64_t n = rules.next_read();
                if (cache.wants_read() != (n != 0)) return false;
                if (n == 0) break;
                DescriptorCache::Read read = cache.next_read();
                if (read.count != n || read.first != rules.index(rules.asked)) return false;
                read.completes = now + 5;
                cache.issued(read);
                rules.issue(n);
                break;
            }
            case 2: {
                if ((cache.completion() != never) != !rules.in_flight.empty()) return false;
                if (rules.in_flight.empty()) break;
                const auto [first, count] = rules.in_flight.front();
                if (cache.oldest_read().first != rules.index(first) || cache.oldest_read().count != count) return false;
                std::array<RxDescriptorRead, 4> descriptors{};
                for (std::uint64_t i = 0; i < count; ++i) {
                    descriptors[i].buffer = buffer_of(first + i);
                    rules.held.push_back(first + i);
                }
                rules.in_flight.pop_front();
                cache.complete(descriptors, now);
                break;
            }
            default: {
                if (cache.held() != rules.held.size()) return false;
                if (rules.held.empty()) break;
                const std::uint64_t n     = rules.held.front();
                const auto          taken = cache.take();
                rules.held.pop_front();
                if (taken.index != rules.index(n) || taken.address != base + 16 * rules.index(n)) return false;
                if (taken.buffer != buffer_of(n)) return false;
                used = n + 1;
            }
        }
        if (cache.ring_empty() != (rules.ahead() == 0 && rules.given == rules.asked)) return false;
        if (cache.available() != rules.given - rules.asked || cache.in_flight() + cache.held() != rules.ahead())
            return false;
    }
    return true;
}

}  // namespace

TEST_CASE("descriptors are fetched, held and used as D10 says, each once and in order", "[descriptor_cache]")
{
    for (const std::uint64_t seed : seeds(400)) {
        INFO(replay(seed));
        CHECK(keeps_the_rules(seed));
    }
}

TEST_CASE("another prefetch threshold is told apart", "[descriptor_cache]")
{
    unsigned noticed = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) noticed += keeps_the_rules(seed, 1) ? 0 : 1;
    CHECK(noticed > 5);
}

TEST_CASE("a head or tail beyond the ring makes it empty, and a right one fills it again", "[descriptor_cache]")
{
    DescriptorCache cache{{64, 4}};
    cache.set_ring(base, 8, 0, 0);
    for (const std::uint32_t tail : {8U, 9U, 65535U}) {
        cache.set_tail(tail);
        CHECK_FALSE(cache.ring_valid());
        CHECK_FALSE(cache.wants_read());
        CHECK(cache.ring_empty());
    }
    cache.set_tail(5);
    CHECK(cache.available() == 5);
    CHECK(cache.wants_read());
    cache.set_ring(base, 8, 8, 5);
    CHECK_FALSE(cache.wants_read());
    cache.set_ring(base, 0, 0, 0);
    CHECK_FALSE(cache.wants_read());
}

TEST_CASE("a tail taken back in the middle of a fetch is not passed", "[descriptor_cache]")
{
    DescriptorCache cache{{64, 16}};
    cache.set_ring(base, 128, 0, 60);
    REQUIRE(cache.wants_read());
    DescriptorCache::Read read = cache.next_read();
    read.completes             = 1;
    cache.issued(read);
    CHECK(read.count == 4);
    cache.set_tail(6);
    REQUIRE(cache.wants_read());
    read           = cache.next_read();
    read.completes = 2;
    CHECK(read.first == 4);
    CHECK(read.count == 2);
    cache.issued(read);
    CHECK(cache.available() == 0);
    CHECK_FALSE(cache.wants_read());
    cache.set_tail(7);
    CHECK(cache.available() == 1);
}

TEST_CASE("a refused read stops the queue until the ring is set up again", "[descriptor_cache]")
{
    DescriptorCache cache{{64, 4}};
    cache.set_ring(base, 64, 0, 63);
    DescriptorCache::Read read = cache.next_read();
    read.completes             = 1;
    cache.issued(read);
    cache.fault();
    CHECK(cache.in_flight() == 0);
    CHECK(cache.completion() == never);
    CHECK_FALSE(cache.wants_read());
    cache.set_tail(10);
    CHECK_FALSE(cache.wants_read());
    cache.set_ring(base, 64, 0, 63);
    CHECK(cache.wants_read());
}
