// SPDX-License-Identifier: Apache-2.0
// The host CPU: keeps its own time, charges what the platform costs, takes interrupts and obeys scripted stalls.
// Contract: it looks at host memory only after the device has caught up with the CPU's time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "driver_sim/bus.hpp"
#include "driver_sim/driver/driver_state.hpp"
#include "driver_sim/host/host_port.hpp"
#include "driver_sim/host/stall_schedule.hpp"
#include "hw/engine/probe.hpp"
#include "hw/platform/platform_profile.hpp"

namespace overrun {

/// What a host CPU has done.
struct HostCounts {
    std::uint64_t interrupts  = 0;
    std::uint64_t mmio_reads  = 0;
    std::uint64_t mmio_writes = 0;
    Time          stalled     = 0;  ///< picoseconds lost to scripted stalls while there was work
};

template <HostPort Port>
class HostCpu {
public:
    HostCpu(Port& port, const HostProfile& profile, StallSchedule stalls, Probe probe)
        : port_{port}, profile_{profile}, stalls_{std::move(stalls)}, probe_{probe}
    {
    }

    [[nodiscard]] std::uint32_t read32(std::uint32_t offset)
    {
        ++counts_.mmio_reads;
        const auto answer = port_.read(offset, now_);
        busy_until(answer.time);
        return answer.value;
    }
    void write32(std::uint32_t offset, std::uint32_t value)
    {
        ++counts_.mmio_writes;
        busy_until(now_ + profile_.mmio_write_cpu);
        port_.write(offset, value, now_);
    }
    [[nodiscard]] std::uint32_t config_read(std::uint32_t offset, unsigned octets)
    {
        const auto answer = port_.config_read(offset, octets, now_);
        busy_until(answer.time);
        return answer.value;
    }
    void config_write(std::uint32_t offset, std::uint32_t value, unsigned octets)
    {
        busy_until(port_.config_write(offset, value, octets, now_));
    }

    [[nodiscard]] DmaBuffer allocate(std::uint64_t octets) { return port_.memory().allocate(octets); }
    void                    revoke(const DmaBuffer& buffer) { port_.memory().revoke(buffer); }

    template <class T>
    [[nodiscard]] T load(std::uint64_t address)
    {
        fence();
        return peek<T>(address);
    }
    template <class T>
    [[nodiscard]] T peek(std::uint64_t address)
    {
        static_assert(sizeof(T) <= 16);
        T value;
        std::memcpy(&value, port_.memory().at(address), sizeof value);
        return value;
    }
    template <class T>
    void store(std::uint64_t address, const T& value)
    {
        std::memcpy(port_.memory().at(address), &value, sizeof value);
    }
    [[nodiscard]] std::span<const std::byte> view(std::uint64_t address, std::uint32_t octets)
    {
        return {port_.memory().at(address), octets};
    }
    void fence() { port_.fence(now_); }
    /// The device does all that it does by itself up to `t`, which may lie after now(): for an end of a run.
    void run_device(Time t) { port_.run_device(t); }

    void spend(Time t)
    {
        const Time end = now_ + t;
        // All that nothing disturbs is settled by three comparisons, and that is most work.
        if (end < port_.interrupts().quiet_until() && end < port_.quiet_until() && end <= stalls_.next()) {
            now_ = end;
        } else {
            spend_watchful(end);
        }
    }

    void sleep_until(Time t)
    {
        while (now_ < t && wait_interrupt(t)) {}
    }

    [[nodiscard]] bool wait_interrupt(Time deadline)
    {
        auto& queue = port_.interrupts();
        for (;;) {
            if (queue.level(now_) && handler_ != nullptr) {
                port_.synchronise(now_);
                deliver();
                return true;
            }
            const Time arrival = queue.next();
            if (arrival <= deadline && arrival != never) {
                now_ = std::max(now_, arrival);
            } else if (arrival != never || !port_.run_to_interrupt(deadline)) {
                if (deadline != never) {
                    now_ = std::max(now_, deadline);
                    port_.synchronise(now_);
                    now_ = stalls_.wake(now_);
                }
                return false;
            }
        }
    }

    [[nodiscard]] Time now() const noexcept { return now_; }
    void               set_interrupt_handler(InterruptHandler* handler) noexcept { handler_ = handler; }

    [[nodiscard]] const HostCounts& counts() const noexcept { return counts_; }
    /// From now on; times are absolute.
    void set_stalls(StallSchedule stalls) { stalls_ = std::move(stalls); }

private:
    void busy_until(Time end)
    {
        if (end > stalls_.next()) {
            const Time begin = std::max(now_, stalls_.next());
            const Time later = stalls_.work(now_, end);
            counts_.stalled += later - end;
            probe_(ProbeKind::driver, begin, 0, static_cast<std::uint64_t>(DriverState::stalled));
            end = later;
        }
        now_ = end;
    }

    [[gnu::noinline]] void spend_watchful(Time end)
    {
        if (handler_ != nullptr && !in_interrupt_ && (stalls_.next() < end || interrupt_by(end))) {
            take_interrupts_until(end);
        } else {
            busy_until(end);
        }
    }

    /// Whether the line may be high at some time up to `end`.
    [[nodiscard]] bool interrupt_by(Time end)
    {
        auto& queue = port_.interrupts();
        return queue.level(now_) || queue.next() <= end || port_.interrupt_possible(end);
    }

    void take_interrupts_until(Time end)
    {
        auto& queue = port_.interrupts();
        while (now_ < end) {
            if (queue.level(now_)) {
                const Time begun = now_;
                deliver();
                end += now_ - begun;
                continue;
            }
            Time until = end;
            if (queue.next() <= end) {
                until = std::max(now_, queue.next());
            } else if (port_.interrupt_possible(end) && port_.run_to_interrupt(end)) {
                continue;
            }
            if (stalls_.next() < until) {
                // A stall comes first. What is left of the work follows it, and what arrives meanwhile waits.
                const Time begun = now_ = std::max(now_, stalls_.next());
                wake();
                end += now_ - begun;
            } else {
                now_ = until;
            }
        }
    }

    /// Waits for the end of a stall that is on.
    void wake()
    {
        const Time awake = stalls_.wake(now_);
        if (awake == now_) return;
        counts_.stalled += awake - now_;
        probe_(ProbeKind::driver, now_, 0, static_cast<std::uint64_t>(DriverState::stalled));
        now_ = awake;
    }

    void deliver()
    {
        wake();
        ++counts_.interrupts;
        in_interrupt_ = true;
        busy_until(now_ + profile_.interrupt_entry);
        handler_->interrupt();
        busy_until(now_ + profile_.interrupt_exit);
        in_interrupt_ = false;
    }

    Port&             port_;
    HostProfile       profile_;
    StallSchedule     stalls_;
    Probe             probe_;
    InterruptHandler* handler_      = nullptr;
    bool              in_interrupt_ = false;
    Time              now_          = 0;
    HostCounts        counts_;
};

}  // namespace overrun
