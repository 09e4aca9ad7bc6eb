// SPDX-License-Identifier: Apache-2.0
// Each row of the table of influences bounds its reader, no other source does, and the strict rows only in strict
// order.
#include "model/horizon.hpp"

#include <optional>
#include <set>
#include <utility>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr Time far = 1'000'000;

/// The horizon of `reader` when `by` acts at `t` and all other sources act much later.
Time horizon_with(Runner reader, Source by, Time t, Order order)
{
    NextEvents next;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Source::count); ++i) next[static_cast<Source>(i)] = far;
    next[by] = t;
    if (reader == Runner::wire)
        return order == Order::strict ? horizon<Runner::wire, Order::strict>(next)
                                      : horizon<Runner::wire, Order::independent>(next);
    return order == Order::strict ? horizon<Runner::dma, Order::strict>(next)
                                  : horizon<Runner::dma, Order::independent>(next);
}

/// Whether the table of docs/horizons.md has a row for both; if it has, whether the row holds in strict order only.
std::optional<bool> documented(Runner reader, Source by)
{
    using enum Source;
    static const std::set<std::pair<Runner, Source>> both{
        {Runner::wire, control}, {Runner::wire, link}, {Runner::wire, rise},  {Runner::dma, wire},
        {Runner::dma, timers},   {Runner::dma, link},  {Runner::dma, access},
    };
    static const std::set<std::pair<Runner, Source>> strict{
        {Runner::wire, dma}, {Runner::wire, timers}, {Runner::wire, access}};
    if (both.contains({reader, by})) return false;
    if (strict.contains({reader, by})) return true;
    return std::nullopt;
}

}  // namespace

TEST_CASE("a block runs alone up to the next act of those that change what it reads, and of no others")
{
    for (const Runner reader : {Runner::wire, Runner::dma})
        for (std::size_t i = 0; i < static_cast<std::size_t>(Source::count); ++i)
            for (const Order order : {Order::strict, Order::independent}) {
                const auto by    = static_cast<Source>(i);
                const auto row   = documented(reader, by);
                const bool holds = row && (!*row || order == Order::strict);
                CAPTURE(reader, i, order);
                CHECK(horizon_with(reader, by, 500, order) == (holds ? 500 : far));
            }
}
