// SPDX-License-Identifier: Apache-2.0
// A line on a terminal that says how far a long run is, and is gone when the run is over.
// Never a thread: it looks at the run at moments of simulated time that it keeps as far apart as the terminal needs.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "testbench/observe/observer.hpp"
#include "testbench/scenario/scenario.hpp"

namespace overrun {

class Progress final : public Observer {
public:
    /// @param terminal a file descriptor; written to after a second of wall time and not before
    Progress(int terminal, const Scenario& scenario);
    /// Takes the line away.
    ~Progress() override;

    Progress(const Progress&)            = delete;
    Progress& operator=(const Progress&) = delete;

    [[nodiscard]] ProbeKinds kinds() const override { return 0; }
    [[nodiscard]] bool       attached() const override { return false; }
    void                     event(const ProbeEvent&) override {}
    void                     committed(Time) override {}
    void                     run_begins(const RunStart& basis) override;
    [[nodiscard]] Time       next_look() const override { return next_; }
    void                     look(const RunSnapshot& view) override;
    void                     run_ended(const RunSnapshot&) override { erase(); }

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] std::string line(const RunSnapshot& view) const;
    void                      erase() noexcept;

    int                          terminal_;
    std::optional<Time>          duration_;
    std::optional<std::uint64_t> frames_{};  ///< that will be offered, when that is known
    Clock::time_point            begun_    = Clock::now();
    Clock::time_point            looked_   = begun_;
    Clock::time_point            shown_at_ = begun_;
    Time                         origin_   = 0;
    Time                         next_     = never;
    Time                         step_     = 10 * microsecond;
    bool                         shown_    = false;
};

}  // namespace overrun
