// SPDX-License-Identifier: Apache-2.0
// --json: the result.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>

#include "testbench/command/outputs/option_check.hpp"
#include "testbench/command/outputs/run_output.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/result/result_json.hpp"

namespace overrun {

class JsonOutput final : public RunOutput {
public:
    void add_options(CLI::App& app) override
    {
        app.add_option("--json", name_, "Write the result as JSON; - is standard output")
            ->type_name("FILE")
            ->check(not_empty);
    }
    [[nodiscard]] std::vector<NamedOutput> files() const override { return {{"--json", name_}}; }
    void                                   check(const Scenario&) override {}
    void                                   open(const Scenario&, StopFlag stop) override
    {
        if (!name_.empty()) file_.emplace(name_, stop);
    }
    void                                   attach(RunHooks&) override {}
    [[nodiscard]] std::vector<std::string> finish(const RunResult& result) override
    {
        if (file_) {
            file_->write(result_json(result));
            file_->commit();
        }
        return {};
    }

private:
    std::string               name_;
    std::optional<OutputFile> file_;
};

}  // namespace overrun
