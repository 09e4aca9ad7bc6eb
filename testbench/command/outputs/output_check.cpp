// SPDX-License-Identifier: Apache-2.0
#include "testbench/command/outputs/output_check.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <system_error>

#include "hw/base/input_error.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/scenario/text_types.hpp"

namespace overrun {

namespace {

namespace fs = std::filesystem;

/// Both names lead to one file, or would when it exists.
bool same_file(const std::string& a, const std::string& b)
{
    if (a.empty() || b.empty()) return false;
    if (is_standard_output(a) || is_standard_output(b)) return is_standard_output(a) && is_standard_output(b);
    std::error_code error;
    if (fs::equivalent(a, b, error)) return !fs::is_character_file(a, error);
    const fs::path first  = fs::weakly_canonical(fs::absolute(a, error), error);
    const fs::path second = fs::weakly_canonical(fs::absolute(b, error), error);
    return first == second && !first.empty();
}

}  // namespace

std::vector<std::string> inputs_of(const Scenario& scenario)
{
    std::vector<std::string> inputs;
    for (const TrafficSpec& traffic : scenario.traffic)
        inputs.insert(inputs.end(), traffic.files.begin(), traffic.files.end());
    if (overrun::scenario::is_profile_file(scenario.host.profile)) inputs.push_back(scenario.host.profile);
    return inputs;
}

void check_outputs(std::span<const NamedOutput> outputs, std::span<const std::string> inputs)
{
    for (std::size_t i = 0; i < outputs.size(); ++i)
        for (std::size_t j = i + 1; j < outputs.size(); ++j)
            if (same_file(outputs[i].file, outputs[j].file))
                throw InputError(fmt::format("{} and {} both name {}; each needs a file of its own", outputs[i].option,
                                             outputs[j].option, outputs[i].file));
    for (const std::string& name : inputs) {
        const bool        standard_input = name == "-";
        const std::string input          = standard_input ? "/dev/stdin" : name;
        std::error_code   error;
        const bool        regular = fs::is_regular_file(input, error);
        if (standard_input ? !regular : !fs::exists(input, error)) continue;
        for (const NamedOutput& output : outputs)
            if (same_file(output.file, input))
                throw InputError(fmt::format("{} {} would replace what the run reads", output.option, output.file));
        if (regular && fs::equivalent("/dev/stdout", input, error))
            throw InputError(fmt::format("standard output goes into {}, which the run reads",
                                         standard_input ? "the file of standard input" : name));
    }
}

}  // namespace overrun
