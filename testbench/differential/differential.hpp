// SPDX-License-Identifier: Apache-2.0
// Programs by the thousand on our NIC and on QEMU's, and what came of them.
// After a failed program QEMU starts anew, because it may still hold frames.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "driver_sim/qtest/machine.hpp"
#include "testbench/differential/forgiveness.hpp"
#include "testbench/differential/model_device.hpp"
#include "testbench/differential/program_runner.hpp"
#include "testbench/differential/qemu_device.hpp"

namespace overrun::differential {

struct Failure {
    std::string name;     ///< "seed 17", "directed: ...", or a file
    std::string text;     ///< what differs after shrinking
    Program     program;  ///< the short one
};

struct Result {
    std::string          qemu;            ///< its version
    std::uint64_t        programs   = 0;  ///< run
    std::uint64_t        frames     = 0;  ///< compared
    std::uint64_t        mismatches = 0;
    std::vector<Failure> failures;  ///< the first of them
    DepartureCounts      forgiven{};
};

class Differential {
public:
    /// @throws QemuError when QEMU cannot be had
    Differential(EngineMaker ours, qtest::MachineSettings theirs);

    /// Runs one program; when it fails, shrinks it and keeps it as a failure.
    /// @return whether both sides agreed
    bool run(const std::string& name, const Program& program);

    [[nodiscard]] const Result& result();

    /// Failures that are kept and shrunk. After more, only the count goes on.
    std::size_t failures_kept = 3;

private:
    [[nodiscard]] std::unique_ptr<ProgramRunner> new_runner();
    [[nodiscard]] std::optional<Mismatch>        try_once(const Program& program);

    EngineMaker                     make_;
    qtest::MachineSettings          settings_;
    Result                          result_;
    std::unique_ptr<ModelDevice>    ours_;
    std::unique_ptr<qtest::Machine> machine_;
    std::unique_ptr<QemuDevice>     theirs_;
    std::unique_ptr<ProgramRunner>  runner_;
};

/// Frames of a capture of 60 octets or more, longer ones than 1514 left out, without the FCS that some bring along.
/// @throws InputError as CaptureReader does
[[nodiscard]] std::vector<Octets> frames_of_capture(const std::string& file, std::size_t most);

/// {programs, frames, mismatches, masked {name: count}, qemu, ...}; masked has the departures of that QEMU's version
[[nodiscard]] std::string json_of(const Result& result, double seconds);

}  // namespace overrun::differential
