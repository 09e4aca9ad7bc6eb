// SPDX-License-Identifier: Apache-2.0
// The loop over programs, and what is kept of a failure.
#include "testbench/differential/differential.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "hw/base/input_error.hpp"
#include "hw/ethernet/fcs.hpp"
#include "testbench/capture/capture_reader.hpp"
#include "testbench/differential/shrinker.hpp"

namespace overrun::differential {

namespace {

/// What differs, without numbers: a program that is made shorter must not end at another difference.
std::string kind_of(std::string_view text)
{
    std::string kind{text.substr(0, text.find(':'))};
    std::erase_if(kind, [](char c) { return c >= '0' && c <= '9'; });
    return kind;
}

}  // namespace

Differential::Differential(EngineMaker ours, qtest::MachineSettings theirs)
    : make_{std::move(ours)},
      settings_{std::move(theirs)},
      ours_{std::make_unique<ModelDevice>(make_)},
      machine_{std::make_unique<qtest::Machine>(settings_)},
      theirs_{std::make_unique<QemuDevice>(*machine_)},
      runner_{new_runner()}
{
    result_.qemu = machine_->version();
}

std::unique_ptr<ProgramRunner> Differential::new_runner()
{
    return std::make_unique<ProgramRunner>(*ours_, *theirs_, qtest::version_of(machine_->version()));
}

std::optional<Mismatch> Differential::try_once(const Program& program)
{
    auto outcome = runner_->run(program);
    result_.frames += outcome.frames;
    if (outcome.mismatch) {
        // Frames may still wait for a ring that does not come: only a new QEMU is without them.
        const auto patience = theirs_->patience;
        theirs_.reset();
        machine_.reset();
        machine_           = std::make_unique<qtest::Machine>(settings_);
        theirs_            = std::make_unique<QemuDevice>(*machine_);
        theirs_->patience  = patience;
        const auto counted = runner_->forgiven();
        for (std::size_t i = 0; i < counted.size(); ++i) result_.forgiven[i] += counted[i];
        runner_ = new_runner();
    }
    return outcome.mismatch;
}

bool Differential::run(const std::string& name, const Program& program)
{
    ++result_.programs;
    std::optional<Mismatch> mismatch = try_once(program);
    if (!mismatch) return true;
    ++result_.mismatches;
    if (result_.failures.size() >= failures_kept) return false;

    const std::uint64_t   frames   = result_.frames;
    const DepartureCounts forgiven = result_.forgiven;
    const auto            patience = theirs_->patience;
    theirs_->patience              = std::chrono::milliseconds{300};
    Failure       failure{name, mismatch->text, program};
    bool          again    = false;
    const Program shortest = shrink(program, [&](const Program& candidate) {
        const auto found = try_once(candidate);
        if (!found || kind_of(found->text) != kind_of(mismatch->text)) return false;
        again        = true;
        failure.text = found->text;
        return true;
    });
    if (again) failure.program = shortest;
    theirs_->patience = patience;
    result_.frames    = frames;
    result_.forgiven  = forgiven;
    runner_           = new_runner();
    result_.failures.push_back(std::move(failure));
    return false;
}

const Result& Differential::result()
{
    const auto counted = runner_->forgiven();
    for (std::size_t i = 0; i < counted.size(); ++i) result_.forgiven[i] += counted[i];
    runner_ = new_runner();
    return result_;
}

std::vector<Octets> frames_of_capture(const std::string& file, std::size_t most)
{
    constexpr std::size_t least = minimum_frame - fcs_octets, longest = maximum_frame - fcs_octets;
    CaptureReader         reader{file};
    std::vector<Octets>   frames;
    while (const CaptureRecord* record = frames.size() < most ? reader.next() : nullptr) {
        auto octets = record->octets;
        if (octets.size() >= minimum_frame && fcs_is_right(octets)) octets = octets.first(octets.size() - fcs_octets);
        if (octets.size() < least || octets.size() > longest || record->original != record->octets.size()) continue;
        frames.emplace_back(octets.begin(), octets.end());
    }
    return frames;
}

std::string json_of(const Result& result, double seconds)
{
    nlohmann::ordered_json masked  = nlohmann::ordered_json::object();
    const qtest::Version   version = qtest::version_of(result.qemu);
    for (const DepartureInfo& info : departure_table)
        if (info.exists_in(version))
            masked[std::string{info.name}] = result.forgiven[static_cast<std::size_t>(info.departure)];
    nlohmann::ordered_json failures = nlohmann::ordered_json::array();
    for (const Failure& failure : result.failures)
        failures.push_back({{"program", failure.name}, {"difference", failure.text}});
    const nlohmann::ordered_json out{{"programs", result.programs},
                                     {"frames", result.frames},
                                     {"mismatches", result.mismatches},
                                     {"masked", masked},
                                     {"qemu", result.qemu},
                                     {"known_version", qtest::is_known_version(result.qemu)},
                                     {"seconds", seconds},
                                     {"failures", failures}};
    return out.dump(2) + "\n";
}

}  // namespace overrun::differential
