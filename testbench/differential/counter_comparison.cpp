// SPDX-License-Identifier: Apache-2.0
// What QEMU must have counted, given what we counted.
// A counter of the engine without a rule must be equal.
#include "testbench/differential/counter_comparison.hpp"

#include <fmt/format.h>

#include <optional>

#include "hw/ethernet/frame.hpp"
#include "hw/registers/82574l.hpp"
#include "testbench/differential/difference.hpp"

namespace overrun::differential {

namespace {

using reg::Counter;

constexpr std::array buckets{Counter::PRC64,  Counter::PRC127,  Counter::PRC255,
                             Counter::PRC511, Counter::PRC1023, Counter::PRC1522};

/// Which PRCx a frame of `octets` belongs to; 6: none.
std::size_t bucket_of(std::uint32_t octets)
{
    if (octets < 64) return buckets.size();
    if (octets == 64) return 0;
    if (octets <= 127) return 1;
    if (octets <= 255) return 2;
    if (octets <= 511) return 3;
    return octets <= 1023 ? 4 : 5;
}

bool engine_counts(const reg::CounterInfo& counter)
{
    return reg::find(counter.offset)->status == reg::Status::engine;
}

using Values = std::array<std::uint64_t, reg::counter_table.size()>;

Values values_of(std::span<const std::uint32_t> words)
{
    Values      values{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const reg::CounterInfo& counter = reg::counter_table[i];
        if (!engine_counts(counter)) continue;
        values[i] = words[at++];
        if (counter.wide) values[i] |= std::uint64_t{words[at++]} << 32U;
    }
    return values;
}

class Comparison {
public:
    Comparison(const Values& ours, const Values& theirs, const FrameTally& tally, Forgiveness& forgiveness)
        : ours_{ours}, theirs_{theirs}, tally_{tally}, forgiveness_{forgiveness}
    {
    }

    void run()
    {
        our_own();
        const std::uint64_t oversize = of(Departure::oversize_count, tally_.oversize);
        const std::uint64_t stripped = of(Departure::vlan_octets, 4 * tally_.stripped);
        const std::uint64_t hashed   = of(Departure::multicast_count, tally_.hashed);
        const std::uint64_t good     = ours(Counter::GPRC) + oversize;
        const std::uint64_t octets =
            ours(Counter::GORC) - stripped + of(Departure::oversize_count, tally_.oversize_octets);
        const std::uint64_t multicast =
            ours(Counter::MPRC) + of(Departure::oversize_count, tally_.oversize_multicast) + hashed;
        explain(Counter::GPRC, good, Departure::oversize_count);
        explain(Counter::GORC, octets, oversize != 0 ? Departure::oversize_count : Departure::vlan_octets);
        explain(Counter::BPRC, ours(Counter::BPRC) + tally_.oversize_broadcast, Departure::oversize_count);
        // A frame that waits is looked up in the table again with each try, and what is counted is the look.
        const bool          again   = tally_.starved && hashed != 0 && theirs(Counter::MPRC) >= multicast;
        const std::uint64_t counted = again ? theirs(Counter::MPRC) : multicast;
        const Departure     twice   = hashed != 0 ? Departure::multicast_count : Departure::oversize_count;
        explain(Counter::MPRC, counted, again ? Departure::no_descriptors : twice);
        explain(Counter::ROC, tally_.oversize_dropped, Departure::oversize_count);
        explain(Counter::TPR, good, Departure::total_counts);
        explain(Counter::TOR, octets, Departure::total_counts);
        explain(Counter::RLEC, 0, Departure::length_errors);
        for (std::size_t i = 0; i < buckets.size(); ++i)
            explain(buckets[i], tally_.buckets_stored[i], Departure::size_buckets);
        for (const Counter counter : {Counter::ICRXPTC, Counter::ICRXATC, Counter::ICRXDMTC, Counter::ICRXOC})
            explain(counter, 0, Departure::cause_counters);
        explain(Counter::IAC, theirs(Counter::IAC), Departure::interrupt_count);
        if (tally_.starved) explain(Counter::RNBC, 0, Departure::no_descriptors);
        for (std::size_t i = 0; i < reg::counter_table.size(); ++i)
            if (!explained_[i]) same(reg::counter_table[i].name, ours_[i], theirs_[i]);
    }

private:
    [[nodiscard]] std::uint64_t ours(Counter counter) const { return ours_[static_cast<std::size_t>(counter)]; }
    [[nodiscard]] std::uint64_t theirs(Counter counter) const { return theirs_[static_cast<std::size_t>(counter)]; }

    static void same(std::string_view name, std::uint64_t a, std::uint64_t b)
    {
        if (a != b) throw Difference(fmt::format("{}: ours {}, QEMU {}", name, a, b));
    }

    /// What a departure adds to QEMU's value, or takes from it.
    [[nodiscard]] std::uint64_t of(Departure departure, std::uint64_t amount) const
    {
        return forgiveness_.has(departure) ? amount : 0;
    }

    /// QEMU's value has to be `departed` when it has the departure, and ours when it has not.
    void explain(Counter counter, std::uint64_t departed, Departure departure)
    {
        const auto index             = static_cast<std::size_t>(counter);
        explained_[index]            = true;
        const std::uint64_t expected = forgiveness_.has(departure) ? departed : ours_[index];
        if (theirs_[index] != expected)
            throw Difference(fmt::format("{}: ours {}, QEMU {}, which should be {}", reg::counter_table[index].name,
                                         ours_[index], theirs_[index], expected));
        if (ours_[index] != expected) static_cast<void>(forgiveness_.forgive(departure));
    }

    /// Where QEMU's counter says nothing about ours, the frames found in the ring do (contract B.7).
    void our_own()
    {
        const auto must = [](std::string_view name, std::uint64_t value, std::uint64_t expected) {
            if (value != expected)
                throw Difference(fmt::format("{}: ours {}, but the frames say {}", name, value, expected));
        };
        must("GPRC", ours(Counter::GPRC), tally_.frames - tally_.oversize);
        for (std::size_t i = 0; i < buckets.size(); ++i)
            must(reg::counter_table[static_cast<std::size_t>(buckets[i])].name, ours(buckets[i]),
                 tally_.buckets_with_fcs[i]);
        must("RLEC", ours(Counter::RLEC), ours(Counter::ROC));
        must("TPR", ours(Counter::TPR), ours(Counter::GPRC) + ours(Counter::ROC));
        if (ours(Counter::ROC) == 0) must("TOR", ours(Counter::TOR), ours(Counter::GORC));
        if (ours(Counter::ROC) > tally_.oversize_dropped + tally_.oversize)
            throw Difference(fmt::format("ROC: ours {}, but only {} frames were over the limit", ours(Counter::ROC),
                                         tally_.oversize_dropped + tally_.oversize));
    }

    const Values&                               ours_;
    const Values&                               theirs_;
    const FrameTally&                           tally_;
    Forgiveness&                                forgiveness_;
    std::array<bool, reg::counter_table.size()> explained_{};
};

}  // namespace

void FrameTally::delivered(std::uint32_t stored, std::span<const std::byte> header, bool was_stripped, bool by_hash,
                           bool is_oversize)
{
    constexpr std::uint32_t tag = 4;
    ++frames;
    if (by_hash) ++hashed;
    if (const std::size_t bucket = bucket_of(stored); bucket < buckets.size()) ++buckets_stored[bucket];
    if (!is_oversize) {
        if (was_stripped) ++stripped;
        ++buckets_with_fcs[bucket_of(stored + fcs_octets + (was_stripped ? tag : 0))];
        return;
    }
    ++oversize;
    oversize_octets += stored + fcs_octets;
    bool broadcast = true;
    for (std::size_t i = 0; i < address_octets; ++i) broadcast = broadcast && header[i] == std::byte{0xff};
    if (broadcast) ++oversize_broadcast;
    if (!broadcast && (header[0] & std::byte{1}) != std::byte{0}) ++oversize_multicast;
}

const std::vector<std::uint32_t>& counter_offsets()
{
    static const std::vector<std::uint32_t> offsets = [] {
        std::vector<std::uint32_t> list;
        for (const reg::CounterInfo& counter : reg::counter_table) {
            if (!engine_counts(counter)) continue;
            list.push_back(counter.offset);
            if (counter.wide) list.push_back(counter.offset + 4);
        }
        return list;
    }();
    return offsets;
}

void compare_counters(std::span<const std::uint32_t> ours, std::span<const std::uint32_t> theirs,
                      const FrameTally& tally, Forgiveness& forgiveness)
{
    const Values our_values   = values_of(ours);
    const Values their_values = values_of(theirs);
    Comparison{our_values, their_values, tally, forgiveness}.run();
}

}  // namespace overrun::differential
