// SPDX-License-Identifier: Apache-2.0
// SystemC's time and ours: both are integer picoseconds, so that a conversion is exact.
// Never passes through `double`.
#pragma once

#include <systemc>

#include "hw/base/time.hpp"

namespace overrun {

/// Precondition: the time resolution is 1 ps, which require_picoseconds() checks.
[[nodiscard]] inline Time to_time(const sc_core::sc_time& t) noexcept
{
    return static_cast<Time>(t.value());
}

/// @param t 0 or later
[[nodiscard]] inline sc_core::sc_time to_sc_time(Time t)
{
    return sc_core::sc_time::from_value(static_cast<sc_core::sc_time::value_type>(t));
}

[[nodiscard]] inline Time systemc_now() noexcept
{
    return to_time(sc_core::sc_time_stamp());
}

/// systemc_now() for those who ask at every access: a load where sc_time_stamp() is two calls into the library.
/// A member of a module or of what belongs to one, so that it is made in the module's simulation.
class SystemcTime {
public:
    [[nodiscard]] Time now() const noexcept { return to_time(context_.time_stamp()); }
    /// Others act at this time, in this delta cycle or the next ones.
    [[nodiscard]] bool others_act_now() const { return sc_core::sc_pending_activity_at_current_time(&context_); }
    /// When others act next, at the latest; `never` when nothing is pending.
    [[nodiscard]] Time others_act() const
    {
        // The greatest SystemC time stands for "nothing is pending" and does not fit ours.
        const auto at = context_.time_stamp().value() + sc_core::sc_time_to_pending_activity(&context_).value();
        return at < static_cast<sc_dt::uint64>(never) ? static_cast<Time>(at) : never;
    }

private:
    const sc_core::sc_simcontext& context_ = *sc_core::sc_get_curr_simcontext();
};

/// Reports an SC_ERROR when SystemC's time resolution is not its default, 1 ps.
/// @param who the full name of the module that asks
inline void require_picoseconds(const char* who)
{
    if (sc_core::sc_get_time_resolution() != sc_core::sc_time{1, sc_core::SC_PS})
        SC_REPORT_ERROR(who, "the time resolution has to be 1 ps, SystemC's default");
}

}  // namespace overrun
