// SPDX-License-Identifier: Apache-2.0
// Judgements in child processes, several at a time: SystemC elaborates once in a process, and a crash stays one row.
// Never reports out of order, and never leaves a child behind.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "testbench/command/run_command.hpp"
#include "testbench/files/stop_flag.hpp"

namespace overrun {

/// What a child says: its exit code, one row and what failed.
struct Verdict {
    ExitCode    code = ExitCode::internal_error;
    std::string text;
    double      seconds = 0;  ///< wall time, filled in by the parent
};

class CheckChildren {
public:
    using Judge = std::function<Verdict(const std::string& name)>;
    using Tell  = std::function<void(const std::string& name, const Verdict& verdict)>;

    /// @param jobs children at a time, at least 1
    CheckChildren(Judge judge, std::size_t jobs, StopFlag stop) : judge_{std::move(judge)}, jobs_{jobs}, stop_{stop} {}

    /// Judges all names; `tell` hears each verdict in the order of names.
    /// @return false when it was told to stop, or a child was: no further verdict is told then
    /// @throws InputError when the system gives no process
    [[nodiscard]] bool run(const std::vector<std::string>& names, const Tell& tell);

private:
    struct Child {
        std::size_t                           index;
        pid_t                                 pid;
        int                                   descriptor;
        std::string                           text;
        std::chrono::steady_clock::time_point begun;
    };

    void                         start(std::size_t index, const std::string& name);
    void                         listen(const std::vector<std::string>& names);
    [[nodiscard]] static Verdict end_of(Child& child, const std::string& name);
    void                         kill_all() noexcept;

    Judge                               judge_;
    std::size_t                         jobs_;
    StopFlag                            stop_;
    std::vector<Child>                  running_;
    std::vector<std::optional<Verdict>> verdicts_;
};

}  // namespace overrun
