// SPDX-License-Identifier: Apache-2.0
// Conservative horizons: who can change what a block reads, and until when that block may run alone.
// Contract: docs/horizons.md explains each row; horizon_test.cpp holds the functions to the rows.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "hw/base/time.hpp"

namespace overrun {

/// The blocks that keep a local time and can run alone.
enum class Runner : std::uint8_t { wire, dma };

/// What can change something that a block reads. Each knows when it acts next.
enum class Source : std::uint8_t {
    wire,     ///< rx_mac: the end or the refusal of a frame
    dma,      ///< rx_dma: a command completes or is issued
    timers,   ///< interrupt timers
    link,     ///< link-up timer
    access,   ///< any posted register write
    control,  ///< a posted register write other than RDT
    rise,     ///< the interrupt line, when the caller wants to stop there
    count
};

/// strict: everything in the order of engine time. independent: a block runs up to the first change of what it reads.
enum class Order : std::uint8_t { strict, independent };

/// One way in which `by` can change what `reader` reads.
struct Influence {
    Runner      reader;
    Source      by;
    bool        strict_only;  ///< no change of what is read, only of the order of events; see Order
    const char* what;
};

inline constexpr std::array influences{
    Influence{Runner::wire, Source::control, false, "RCTL, address filter, VLAN filter, resets"},
    Influence{Runner::wire, Source::link, false, "the link decides at a frame's SFD whether it is received"},
    Influence{Runner::wire, Source::rise, false, "the caller stops at the rise, and may then access the device"},
    Influence{Runner::wire, Source::dma, true, "space that it releases, the ring for RNBC at reception"},
    Influence{Runner::wire, Source::timers, true, "the order of reported levels"},
    Influence{Runner::wire, Source::access, true, "the tail for RNBC at reception"},
    Influence{Runner::dma, Source::wire, false, "a new head of the FIFO; RXO flushes descriptors that wait"},
    Influence{Runner::dma, Source::timers, false, "an expiry flushes descriptors that wait"},
    Influence{Runner::dma, Source::link, false, "LSC flushes descriptors that wait"},
    Influence{Runner::dma, Source::access, false, "ring, tail, thresholds, resets"},
};

/// When each source acts next; `never` where it does not.
class NextEvents {
public:
    [[nodiscard]] constexpr Time& operator[](Source source) noexcept { return at_[static_cast<std::size_t>(source)]; }
    [[nodiscard]] constexpr Time  operator[](Source source) const noexcept
    {
        return at_[static_cast<std::size_t>(source)];
    }

private:
    std::array<Time, static_cast<std::size_t>(Source::count)> at_{};
};

/// The first time at which something that `reader` reads may change: the reader may run alone before it.
template <Runner reader, Order order>
[[nodiscard, gnu::always_inline]] constexpr Time horizon(const NextEvents& next) noexcept
{
    Time first = never;
    [&]<std::size_t... i>(std::index_sequence<i...>)
    {
        const auto bound = [&]<std::size_t row>() {
            constexpr bool holds = !influences[row].strict_only || order == Order::strict;
            if constexpr (influences[row].reader == reader && holds) first = std::min(first, next[influences[row].by]);
        };
        (bound.template operator()<i>(), ...);
    }
    (std::make_index_sequence<influences.size()>{});
    return first;
}

}  // namespace overrun
