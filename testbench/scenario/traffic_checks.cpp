// SPDX-License-Identifier: Apache-2.0
#include "testbench/scenario/traffic_checks.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "hw/ethernet/wire_rate.hpp"
#include "testbench/scenario/given_keys.hpp"
#include "testbench/scenario/key_table.hpp"
#include "testbench/scenario/value_errors.hpp"
#include "testbench/text/quantity.hpp"

namespace overrun::scenario {

namespace {

// 63 bits of picoseconds reach 106 days; what follows the last frame needs room too.
constexpr Time latest_frame = 30 * 86'400 * second;

// IEEE 802.3 clause 22: nibbles are a matter of MII, which ends at 100 Mb/s.
constexpr std::int64_t fastest_mii = 100'000'000;

// "fixed", "poisson" or "burst"
[[nodiscard]] std::string kinds_of(const ScenarioKey& key)
{
    std::string       out;
    const std::size_t count = key.facts.kinds.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out += i + 1 == count ? " or " : ", ";
        out += in_quotes(traffic_kind_names[key.facts.kinds[i]]);
    }
    return out;
}

[[nodiscard]] std::uint32_t longest_frame(const Scenario& scenario) noexcept
{
    const NicParameters& nic = scenario.nic.parameters;
    return scenario.driver.settings.long_frames ? nic.max_long_frame : nic.max_standard_frame;
}

class SourceChecker : private CheckedPlaces {
public:
    SourceChecker(const Scenario& scenario, std::size_t index, const GivenKeys& given)
        : CheckedPlaces{given},
          source_{scenario.traffic[index]},
          wire_rate_{scenario.wire_rate},
          longest_{longest_frame(scenario)},
          item_{fmt::format("traffic[{}]", index)}
    {
    }

    void run() const
    {
        keys_fit_kind();
        const auto kind = source_.kind;
        if (kind == TrafficKind::poisson && !source_.rate && !source_.load)
            fail(given(item_), item_, "kind = \"poisson\" without a mean rate; wanted is one of rate, load");
        if (kind == TrafficKind::burst) needs({"burst", "gap"});
        if (kind == TrafficKind::pcap) {
            needs({"file"});
            capture();
            return;
        }
        one_of("rate", "load");
        rate_fits_wire();
        ends_in_time();
        errors();
    }

private:
    struct NamedChoice {
        const char*        name;
        const FrameChoice& choice;
    };

    [[nodiscard]] std::string path(std::string_view name) const { return fmt::format("{}.{}", item_, name); }

    void keys_fit_kind() const
    {
        const Node* kind = given(path("kind"));
        for (const ScenarioKey& key : scenario_keys()) {
            if (key.belongs_to(source_.kind)) continue;
            const std::string at   = item_ + std::string{key.path.substr(key.path.find('.'))};
            const Node*       node = given(at);
            if (node == nullptr) continue;
            // A contradiction with the file is the override's fault.
            if (kind != nullptr && kind->where.set && !node->where.set)
                fail(
                    kind, path("kind"),
                    fmt::format("{} does not go with {}, which belongs to kind = {}", shown(*kind), at, kinds_of(key)));
            fail(node, at,
                 fmt::format("{} belongs to kind = {}; this source's kind is \"{}\"", shown(*node), kinds_of(key),
                             traffic_kind_names[source_.kind]));
        }
    }

    void needs(std::initializer_list<std::string_view> names) const
    {
        for (const std::string_view name : names)
            if (given(path(name)) == nullptr)
                fail(
                    given(item_), item_,
                    fmt::format("kind = \"{0}\" without a {1}; wanted is {1}", traffic_kind_names[source_.kind], name));
    }

    // The second of two keys is the one too many.
    void one_of(std::string_view first, std::string_view second) const
    {
        const Node* node = given(path(second));
        if (node != nullptr && given(path(first)) != nullptr)
            fail(node, path(second), fmt::format("{} stands beside {}; allowed: one of the two", shown(*node), first));
    }

    void rate_fits_wire() const
    {
        if (!source_.rate) return;
        const auto most = static_cast<std::uint64_t>(second / WireRate{wire_rate_}.slot(source_.length));
        if (*source_.rate <= most) return;
        const Node* node = given(path("rate"));
        fail(node, path("rate"),
             fmt::format("{} is more than the wire carries; allowed: at most {}pps with frames of {} octets at {}",
                         shown(*node), most, source_.length, format_quantity(QuantityKind::rate, wire_rate_)));
    }

    void ends_in_time() const
    {
        auto interval = static_cast<double>(WireRate{wire_rate_}.slot(source_.length));
        if (source_.rate) interval = static_cast<double>(second) / static_cast<double>(*source_.rate);
        if (source_.load) interval /= *source_.load;
        const auto   frames = static_cast<double>(source_.count);
        const double gaps = static_cast<double>((source_.count - 1) / source_.burst) * static_cast<double>(source_.gap);
        const double last = static_cast<double>(source_.start) + frames * interval + gaps;
        if (last > static_cast<double>(latest_frame))
            fail_at({path("count"), path("rate"), path("load"), path("gap"), path("start"), item_},
                    fmt::format("{} frames end {:.0f} days after time zero; allowed: 30 days", source_.count,
                                last / static_cast<double>(86'400 * second)));
    }

    void errors() const
    {
        const ErrorSpec&                 errors = source_.errors;
        const std::array<NamedChoice, 5> all{{{"crc", errors.crc},
                                              {"runt", errors.runt},
                                              {"oversize", errors.oversize},
                                              {"rx_er", errors.rx_er},
                                              {"dribble", errors.dribble}}};
        for (const NamedChoice& one : all) {
            if (one.choice.frames.empty() || one.choice.frames.back() <= source_.count) continue;
            const std::string at = path(fmt::format("errors.{}", one.name));
            fail(given(at), at,
                 fmt::format("frame {} of a source of {}; allowed: 1 to {}", one.choice.frames.back(), source_.count,
                             source_.count));
        }
        error_lengths(errors);
        if (!errors.dribble.none() && wire_rate_ > fastest_mii)
            fail_at({path("errors.dribble"), "wire.rate"},
                    fmt::format("an odd nibble at {}; allowed: a wire.rate of at most {}",
                                format_quantity(QuantityKind::rate, wire_rate_),
                                format_quantity(QuantityKind::rate, fastest_mii)));
    }

    void error_lengths(const ErrorSpec& errors) const
    {
        const std::string runt     = path("errors.runt");
        const std::string oversize = path("errors.oversize");
        if (!errors.runt.none() && source_.length < minimum_frame)
            fail_at({runt, path("length")},
                    fmt::format("runts among frames of {} octets, all of which are; allowed: a length of {} or more",
                                source_.length, minimum_frame));
        if (!errors.oversize.none() && source_.length >= oversize_length)
            fail_at({oversize, path("length")},
                    fmt::format("oversize among frames of {} octets, all of which are; allowed: a length of at most {}",
                                source_.length, oversize_length - 1));
        if (!errors.oversize.none() && oversize_length <= longest_)
            fail_at(
                {oversize, "driver.long_frames"},
                fmt::format("oversize frames of {} octets with driver.long_frames, which accepts them; allowed: one "
                            "of the two",
                            oversize_length));
        for (const std::uint64_t frame : errors.oversize.frames)
            if (std::binary_search(errors.runt.frames.begin(), errors.runt.frames.end(), frame))
                fail_at({oversize, runt},
                        fmt::format("frame {} is in the lists of runt and oversize; allowed: one of the two", frame));
        if (errors.runt.probability + errors.oversize.probability > 1)
            fail_at({oversize, runt},
                    "runt and oversize are together more likely than 1; allowed: at most 1, because "
                    "a frame is one of the two");
    }

    void capture() const
    {
        one_of("rate", "bit_rate");
        const bool topspeed = source_.pacing == CapturePacing::topspeed;
        for (const std::string_view rate : {"rate", "bit_rate"}) {
            const Node* node = given(path(rate));
            if (node == nullptr) continue;
            for (const std::string_view name : {"speed", "max_gap"}) one_of(rate, name);
            if (topspeed)
                fail(node, path(rate),
                     fmt::format("{} stands beside pacing = \"topspeed\"; allowed: one of the two", shown(*node)));
        }
        if (!topspeed) return;
        for (const std::string_view name : {"speed", "max_gap"})
            if (const Node* node = given(path(name)))
                fail(node, path(name),
                     fmt::format("{} stands beside pacing = \"topspeed\"; allowed: only with pacing = \"timestamps\"",
                                 shown(*node)));
    }

    const TrafficSpec& source_;
    std::int64_t       wire_rate_;
    std::uint32_t      longest_;  // that the NIC accepts
    std::string        item_;
};

}  // namespace

void check_traffic(const Scenario& scenario, const GivenKeys& given)
{
    for (std::size_t i = 0; i < scenario.traffic.size(); ++i) SourceChecker{scenario, i, given}.run();
}

}  // namespace overrun::scenario
