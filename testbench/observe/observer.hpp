// SPDX-License-Identifier: Apache-2.0
// A probe sink that looks at a run at moments of its own choosing, and is attached for as long as it likes.
// Contract: it changes nothing of what it observes.
#pragma once

#include <functional>

#include "hw/engine/nic_engine.hpp"
#include "testbench/ledger/ledger.hpp"
#include "testbench/observe/frame_tap.hpp"

namespace overrun {

/// A run at a moment: engine and ledger have seen everything up to and including it, and nothing of the NIC's after it.
struct RunSnapshot {
    const NicEngine& engine;
    const Ledger&    ledger;
    Time             at;  ///< absolute
};

/// What holds for a whole run, known before its first frame.
struct RunStart {
    Time                          origin               = 0;        ///< absolute time of the scenario's time zero
    const Ledger*                 ledger               = nullptr;  ///< of this run
    FrameTap*                     tap                  = nullptr;  ///< when RunHooks::keep_frames asks for it
    std::uint32_t                 delivered_fcs_octets = 0;        ///< of the FCS at the end of a delivered frame
    std::function<std::int64_t()> time_zero_ns;  ///< ReplaySource's, of the first capture; 0 without one
};

/// Times are absolute. Driver and CPU report to it during the whole run, the NIC while it is attached.
class Observer : public ProbeSink {
public:
    virtual void run_begins(const RunStart&) {}

    /// Who is told the fate of each frame of the run; null for none. Asked once, before the run.
    [[nodiscard]] virtual FateSink* fates() { return nullptr; }

    /// Whether the NIC's events are wanted now. May change with a look, and with nothing else.
    [[nodiscard]] virtual bool attached() const { return true; }

    /// The next moment of interest, after the one before; `never` for none.
    [[nodiscard]] virtual Time next_look() const { return never; }

    /// That moment has come. Does not come once nothing happens any more.
    virtual void look(const RunSnapshot&) {}

    /// The run is over at that moment. What follows, the bring-down, is no part of it.
    virtual void run_ended(const RunSnapshot&) {}
};

}  // namespace overrun
